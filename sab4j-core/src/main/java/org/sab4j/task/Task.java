package org.sab4j.task;

import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.sab4j.batch.Batch;
import org.sab4j.head.LossSums;

/**
 * A source of sequences with targets, and the measures by which a model's outputs are judged. Anybody may write one; a source
 * with a fixed number of sequences is a {@link FiniteTask}.
 *
 * <p>The contract:
 *
 * <ul>
 *   <li>It has no state: all that varies comes from the random generator, so equal generators give equal batches. That is what
 *       makes a resumed run go on to the same bits.
 *   <li>A batch has as many sequences as were asked for, and 1 … {@link #steps()} steps. Inputs are symbols 0 … I − 1, or vectors
 *       of I finite numbers; targets are classes 0 … O − 1 or vectors of O numbers, and at least one step is scored.
 *   <li>Each call makes a batch of its own: arrays are kept until the update is over, and not changed.
 *   <li>One thread calls at a time.
 * </ul>
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

    /** The steps of a sequence; the most, where lengths differ. Memory is sized by it. */
    int steps();

    /** The first step, counted from 0, on which {@link #measures} reports. */
    int reportFrom();

    /** Sequences drawn by the generator. */
    Batch batch(int sequences, RandomGenerator random);

    /** The measures of an evaluation by name, such as {@code accuracy}, in the order in which to show them. */
    SequencedMap<String, Double> measures(LossSums sums);

    /** What is kept as the best model: the larger, the better. NaN is never the best. */
    double merit(LossSums sums);

    /** Whether there is nothing left to learn. */
    boolean solved(LossSums sums);
}
