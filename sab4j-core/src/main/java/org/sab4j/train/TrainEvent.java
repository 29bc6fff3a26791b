package org.sab4j.train;

import java.util.SequencedMap;
import org.sab4j.replay.Replayed;

/** What happens while a model is trained, in the order in which it happens. */
public sealed interface TrainEvent {

    /** At which update, counted from 1. */
    long update();

    /**
     * An update.
     *
     * @param loss the batch's mean loss
     * @param measures the task's measures on the batch
     * @param gradientNorm before clipping
     * @param learningRate what was used
     * @param replayed how much the backward pass has gone over again
     * @param milliseconds how long the update took
     */
    record Updated(
            long update,
            double loss,
            SequencedMap<String, Double> measures,
            double gradientNorm,
            double learningRate,
            Replayed replayed,
            double milliseconds)
            implements TrainEvent {}

    /**
     * An update whose loss or gradient could not be used: the parameters stay as they were.
     *
     * @param reason one sentence
     * @param inRow how many were skipped in a row, this one included
     */
    record Skipped(long update, double loss, double gradientNorm, String reason, long inRow) implements TrainEvent {}

    /**
     * An evaluation.
     *
     * @param best whether it is the best so far, and the model therefore to be kept
     * @param milliseconds how long the evaluation took
     */
    record Evaluated(long update, double loss, SequencedMap<String, Double> measures, boolean best, double milliseconds)
            implements TrainEvent {}

    /** The end of training. */
    record Finished(long update, Reason reason) implements TrainEvent {}

    /** Why training ended. */
    enum Reason {
        /** The task says that there is nothing left to learn. */
        SOLVED,
        /** All updates have been made. */
        UPDATES,
        /** No better model was found for so many evaluations that there is no hope of one. */
        PATIENCE,
        /** Somebody asked to stop. */
        STOPPED,
        /** Too many updates in a row had to be skipped. */
        DIVERGED
    }
}
