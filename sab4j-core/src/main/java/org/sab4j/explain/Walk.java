package org.sab4j.explain;

import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;

/**
 * Goes forward over a batch a few steps at a time, so that the length of a sequence costs no memory but its memories', and with few
 * sequences at a time where these are many.
 */
final class Walk {

    private static final int SLOTS = 32;
    /** The most floats of memories and their keys. */
    private static final long MEMORIES = 1L << 24;

    private Walk() {}

    /** Sees what a step of a sequence did. */
    interface Visitor {
        /**
         * A step's retrieval.
         *
         * @param count how many memories were looked at
         * @param steps the steps that wrote them, from {@code at}
         * @param weights their weights, from {@code at}; may be 0
         */
        void reminded(int sequence, int step, int count, int[] steps, float[] weights, int at);

        /** A step's outputs, O of them from {@code at}. */
        default void said(int sequence, int step, float[] y, int at) {}
    }

    /** Shows all steps of all sequences, those of each in their order. */
    static void over(SequenceModel model, Batch batch, Visitor visitor) {
        over(model, batch, rows(model.config(), batch), visitor);
    }

    /** So many sequences at a time. */
    static void over(SequenceModel model, Batch batch, int rows, Visitor visitor) {
        checkInputs(batch);
        int all = batch.sequences();
        boolean vectors = batch.inputs() instanceof Inputs.Vectors;
        Trace trace = model.trace(rows, Math.min(SLOTS, batch.steps()), batch.steps(), vectors, false);
        for (int first = 0; first < all; first += rows) {
            model.begin(trace, Math.min(rows, all - first));
            for (int from = 0; from < batch.steps(); from += trace.slots) {
                int to = Math.min(batch.steps(), from + trace.slots);
                model.forward(trace, batch, first, from, to, true);
                for (int step = from; step < to; step++) {
                    show(trace, first, step - from, step, model.config().outputs(), visitor);
                }
                model.carry(trace, to - from);
            }
        }
    }

    /** Refuses inputs that are no numbers: all behind them would be none. */
    static void checkInputs(Batch batch) {
        batch.unusableInput().ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
    }

    /** How many sequences to go over at a time, so that their memories and keys stay within {@link #MEMORIES}. */
    private static int rows(ModelConfig config, Batch batch) {
        return (int) Math.clamp(MEMORIES / config.memoryFloats(batch.steps()), 1L, Math.max(1, batch.sequences()));
    }

    private static void show(Trace trace, int first, int slot, int step, int outputs, Visitor visitor) {
        Retrieval.Trace retrieval = trace.retrieval;
        for (int r = 0; r < trace.activeRows(); r++) {
            int cell = slot * trace.activeRows() + r;
            if (retrieval != null) {
                visitor.reminded(
                        first + r,
                        step,
                        retrieval.counts[cell],
                        retrieval.steps,
                        retrieval.weights,
                        cell * retrieval.width);
            }
            visitor.said(first + r, step, trace.window.y, cell * outputs);
        }
    }
}
