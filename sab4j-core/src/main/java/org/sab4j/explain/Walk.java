package org.sab4j.explain;

import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;

/** Goes forward over a batch a few steps at a time, so that the length of a sequence costs no memory but its memories'. */
final class Walk {

    private static final int SLOTS = 32;

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

    /** Shows all steps of all sequences, step by step. */
    static void over(SequenceModel model, Batch batch, Visitor visitor) {
        int rows = batch.sequences();
        boolean vectors = batch.inputs() instanceof Inputs.Vectors;
        Trace trace = model.trace(rows, Math.min(SLOTS, batch.steps()), batch.steps(), vectors, false);
        model.begin(trace, rows);
        for (int from = 0; from < batch.steps(); from += trace.slots) {
            int to = Math.min(batch.steps(), from + trace.slots);
            model.forward(trace, batch, 0, from, to, true);
            for (int step = from; step < to; step++) {
                show(trace, step - from, step, model.config().outputs(), visitor);
            }
            model.carry(trace, to - from);
        }
    }

    private static void show(Trace trace, int slot, int step, int outputs, Visitor visitor) {
        Retrieval.Trace retrieval = trace.retrieval;
        for (int r = 0; r < trace.activeRows(); r++) {
            int cell = slot * trace.activeRows() + r;
            if (retrieval != null) {
                visitor.reminded(
                        r, step, retrieval.counts[cell], retrieval.steps, retrieval.weights, cell * retrieval.width);
            }
            visitor.said(r, step, trace.window.y, cell * outputs);
        }
    }
}
