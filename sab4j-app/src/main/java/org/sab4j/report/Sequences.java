package org.sab4j.report;

import org.sab4j.batch.Batch;
import org.sab4j.random.RandomStream;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;
import org.sab4j.train.Evaluator;

/** Sequences of a task that had no part in training: those that {@code sab eval} measures on, one by one. */
public final class Sequences {

    /** The largest number of a sequence of a task that draws them: all before it are drawn, too. */
    public static final int MOST = 10_000;

    private final Task task;
    private final long seed;

    /** The sequences of a run. */
    public Sequences(Task task, long seed) {
        this.task = task;
        this.seed = seed;
    }

    /** How many there are to choose from. */
    public int count() {
        return task instanceof FiniteTask finite ? finite.sequences(part(finite)) : MOST;
    }

    private static Part part(FiniteTask task) {
        return task.sequences(Part.TEST) > 0
                ? Part.TEST
                : task.sequences(Part.VALIDATION) > 0 ? Part.VALIDATION : Part.TRAINING;
    }

    /** A sequence by its number, from 0. */
    public Batch at(int number) {
        if (task instanceof FiniteTask finite) {
            return finite.batch(part(finite), new int[] {number});
        }
        RandomStream stream = RandomStream.of(seed, Evaluator.stream(Part.TEST));
        Batch batch = task.batch(1, stream);
        for (int drawn = 1; drawn <= number; drawn++) { // one at a time: all together may have no room
            batch = task.batch(1, stream);
        }
        return batch;
    }
}
