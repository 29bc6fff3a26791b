package org.sab4j.run;

import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.sab4j.batch.Batch;
import org.sab4j.head.LossSums;
import org.sab4j.task.Task;

/**
 * A task of which there is always more to learn: training goes on to the end of its budget.
 *
 * @param task the same in all else
 */
record NeverSolved(Task task) implements Task {

    @Override
    public String name() {
        return task.name();
    }

    @Override
    public int inputs() {
        return task.inputs();
    }

    @Override
    public boolean vectors() {
        return task.vectors();
    }

    @Override
    public int outputs() {
        return task.outputs();
    }

    @Override
    public int steps() {
        return task.steps();
    }

    @Override
    public int reportFrom() {
        return task.reportFrom();
    }

    @Override
    public Batch batch(int sequences, RandomGenerator random) {
        return task.batch(sequences, random);
    }

    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        return task.measures(sums);
    }

    @Override
    public double merit(LossSums sums) {
        return task.merit(sums);
    }

    @Override
    public boolean solved(LossSums sums) {
        return false;
    }
}
