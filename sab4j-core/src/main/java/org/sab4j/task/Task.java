package org.sab4j.task;

import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.sab4j.batch.Batch;
import org.sab4j.head.LossSums;

/**
 * A source of sequences with targets, and the measures by which a model's outputs are judged.
 *
 * <p>A task has no state: all that varies comes from the random generator, so equal generators give equal batches.
 */
public interface Task {

    /** Its name on the command line and in files. */
    String name();

    /** The number of inputs, I: symbols or a vector's entries. */
    int inputs();

    /** Whether inputs are vectors; otherwise they are symbols. */
    boolean vectors();

    /** The number of outputs, O. */
    int outputs();

    /** The steps of a sequence. */
    int steps();

    /** The first step, counted from 0, on which {@link #measures} reports. */
    int reportFrom();

    /** Fresh sequences of {@link #steps()} steps. */
    Batch batch(int sequences, RandomGenerator random);

    /** The measures of an evaluation by name, such as {@code accuracy}, in the order in which to show them. */
    SequencedMap<String, Double> measures(LossSums sums);

    /** What is kept as the best model: the larger, the better. */
    double merit(LossSums sums);

    /** Whether there is nothing left to learn. */
    boolean solved(LossSums sums);
}
