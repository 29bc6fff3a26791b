package org.sab4j.run;

import java.util.Locale;
import org.sab4j.task.AddingTask;

/** The options of {@link AddingTask}. */
// spotless:off
public record AddingOptions(
        @Setting(group = Setting.Group.TASK, label = "T", least = 1, most = Limits.LENGTH, says = "The task's length, as the paper counts it.")
        int length) implements TaskOptions.Scalable {
    // spotless:on

    @Override
    public int least() {
        return 2;
    }

    @Override
    public AddingOptions at(int newLength) {
        return new AddingOptions(newLength);
    }

    @Override
    public OpenTask open() {
        return new OpenTask(new AddingTask(length), String.format(Locale.ROOT, "adding, T = %,d", length));
    }
}
