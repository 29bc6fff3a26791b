package org.sab4j.run;

import java.util.Arrays;
import java.util.List;

/** The tasks that the command knows. */
public enum TaskKind {
    /** {@link org.sab4j.task.CopyTask}. */
    COPY("accuracy", CopyOptions.class),
    /** {@link org.sab4j.task.AddingTask}. */
    ADDING("mse", AddingOptions.class),
    /** {@link org.sab4j.data.text.CharacterTask}. */
    CHARS("bpc", CharsOptions.class),
    /** {@link org.sab4j.data.image.PixelTask} on MNIST. */
    MNIST("accuracy", PixelOptions.class),
    /** {@link org.sab4j.data.image.PixelTask} on CIFAR-10. */
    CIFAR10("accuracy", PixelOptions.class),
    /** {@link org.sab4j.table.TableTask}: a class of each sequence or step. */
    CLASSIFY("accuracy", TableTaskOptions.class),
    /** {@link org.sab4j.table.TableTask}: a number of each sequence or step. */
    REGRESS("rmse", TableTaskOptions.class),
    /** {@link org.sab4j.table.TableTask}: a sequence's own number some steps ahead. */
    FORECAST("rmse", TableTaskOptions.class);

    private final String measure;
    private final Class<? extends TaskOptions> options;

    TaskKind(String measure, Class<? extends TaskOptions> options) {
        this.measure = measure;
        this.options = options;
    }

    /** All of them as the user writes them. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Settings::text).toList();
    }

    /** The measure that says most. */
    public String measure() {
        return measure;
    }

    /** The record of its options. */
    public Class<? extends TaskOptions> options() {
        return options;
    }
}
