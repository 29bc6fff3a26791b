package org.sab4j.run;

import java.util.Locale;
import org.sab4j.task.CopyTask;

/** The options of {@link CopyTask}. */
// spotless:off
public record CopyOptions(
        @Setting(group = Setting.Group.TASK, label = "T", least = 1, most = Limits.LENGTH, says = "The task's length, as the paper counts it.")
        int length) implements TaskOptions.Scalable {
    // spotless:on

    @Override
    public int least() {
        return 1;
    }

    @Override
    public CopyOptions at(int newLength) {
        return new CopyOptions(newLength);
    }

    @Override
    public OpenTask open() {
        return new OpenTask(new CopyTask(length), String.format(Locale.ROOT, "copy, T = %,d", length));
    }
}
