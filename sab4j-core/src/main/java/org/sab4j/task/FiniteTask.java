package org.sab4j.task;

import java.util.random.RandomGenerator;
import org.sab4j.batch.Batch;
import org.sab4j.head.LossSums;

/**
 * A task with a fixed number of sequences, in three parts. Training goes through the first in epochs, each in an order of its
 * own, drawn from the training's stream of random numbers.
 *
 * <p>Sequences have an index within their part and may differ in length: a batch is as long as its longest, and at most
 * {@link #steps()}. Shorter ones are padded behind their end with any valid input and {@link org.sab4j.batch.Targets#NONE};
 * padding changes nothing, but where sequences carry on ({@code TrainConfig.carry}): what follows goes on from the padding's end, so all
 * that have a successor must be of one length. To score only the end of a sequence, put NONE at all other steps and let
 * {@link #reportFrom} be 0.
 *
 * <p>The sequences need not lie in memory: a batch is asked for by the indices of its sequences, in any order. Asking twice must
 * give the same. One thread asks at a time. A source that fails throws {@link java.io.UncheckedIOException}.
 */
public interface FiniteTask extends Task {

    /** How many sequences a part has. */
    int sequences(Part part);

    /**
     * Some sequences of a part, in the order of their indices here.
     *
     * @param indices each 0 … {@code sequences(part)} − 1
     */
    Batch batch(Part part, int[] indices);

    /** Sequences of the training part, each drawn anew. */
    @Override
    default Batch batch(int sequences, RandomGenerator random) {
        int[] indices = new int[sequences];
        for (int i = 0; i < sequences; i++) {
            indices[i] = random.nextInt(sequences(Part.TRAINING));
        }
        return batch(Part.TRAINING, indices);
    }

    /** All steps that are scored. */
    @Override
    default int reportFrom() {
        return 0;
    }

    /** The least loss. */
    @Override
    default double merit(LossSums sums) {
        return -sums.loss();
    }

    /** Never: what ends training is the number of epochs, or patience. */
    @Override
    default boolean solved(LossSums sums) {
        return false;
    }
}
