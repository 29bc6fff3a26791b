package org.sab4j.run;

import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;

/** The tasks that the command knows. */
public enum TaskKind {
    /** {@link CopyTask}. */
    COPY("accuracy", 1) {
        @Override
        public Task task(int length) {
            return new CopyTask(length);
        }
    },
    /** {@link AddingTask}. */
    ADDING("mse", 2) {
        @Override
        public Task task(int length) {
            return new AddingTask(length);
        }
    };

    private final String measure;
    private final int least;

    TaskKind(String measure, int least) {
        this.measure = measure;
        this.least = least;
    }

    /** The task of that length, T. */
    public abstract Task task(int length);

    /** The measure that says most. */
    public String measure() {
        return measure;
    }

    /** The least length. */
    public int least() {
        return least;
    }
}
