package org.sab4j.replay;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sab4j.cell.LstmCell;
import org.sab4j.head.OutputHead;
import org.sab4j.memory.Memory;
import org.sab4j.retrieval.Retrieval;

/**
 * The backward sweep over a shard's trace: the forward pass read from the bottom.
 *
 * <p>A block is replayed only if a step of it is scored or wrote a memory that credit has reached; later blocks come first, so
 * that is known by then.
 */
public final class Replay {

    private final LstmCell cell;
    private final @Nullable Retrieval retrieval;
    private final OutputHead head;
    private final Truncation truncation;
    private final boolean mentalUpdates;
    private final int hidden;
    private final int outputs;

    /**
     * A replay of a model's parts.
     *
     * @param mentalUpdates whether credit that reaches a memory enters the state that it stores
     */
    public Replay(
            LstmCell cell,
            @Nullable Retrieval retrieval,
            OutputHead head,
            Truncation truncation,
            boolean mentalUpdates,
            int hidden,
            int outputs) {
        this.cell = cell;
        this.retrieval = retrieval;
        this.head = head;
        this.truncation = truncation;
        this.mentalUpdates = mentalUpdates;
        this.hidden = hidden;
        this.outputs = outputs;
    }

    /**
     * Adds the gradients of the loss to {@code gradients}.
     *
     * @param trace a forward pass over {@code steps} steps, in the slots from 0
     * @param gradients in the layout of the parameters
     * @return how many steps were replayed
     */
    public int backward(Trace trace, int steps, float[] gradients) {
        int rows = trace.activeRows();
        Memory memory = trace.memory;
        trace.clearCredit();
        cell.beginBackward(trace.cell);
        if (retrieval != null && memory != null && trace.retrieval != null) {
            retrieval.beginBackward(trace.retrieval, memory, rows);
        }
        int replayed = 0;
        int pending = steps; // the steps pending … end − 1 are replayed, and their weights' gradients not yet added
        int end = steps;
        for (int last = steps - 1; last >= 0; ) {
            int first = truncation.blockStart(last);
            if (reached(trace, first, last)) {
                block(trace, first, last, rows, gradients);
                replayed += last - first + 1;
            } else {
                weights(trace, pending, end, rows, gradients);
                end = first;
            }
            pending = first;
            last = first - 1;
        }
        weights(trace, pending, end, rows, gradients);
        cell.endBackward(trace.cell, gradients);
        if (retrieval != null && memory != null && trace.retrieval != null) {
            retrieval.endBackward(trace.retrieval, memory, rows, gradients, trace.scratch);
        }
        return replayed;
    }

    private boolean reached(Trace trace, int first, int last) {
        for (int slot = first; slot <= last; slot++) {
            if (trace.scored[slot] || creditWritten(trace, slot)) {
                return true;
            }
        }
        return false;
    }

    private boolean creditWritten(Trace trace, int slot) {
        return mentalUpdates
                && trace.memory != null
                && trace.written[slot] >= 0
                && trace.memory.isCredited(trace.written[slot]);
    }

    private void block(Trace trace, int first, int last, int rows, float[] gradients) {
        Arrays.fill(trace.dh, 0, rows * hidden, 0f);
        cell.cut(trace.cell, rows);
        for (int slot = last; slot >= first; slot--) {
            step(trace, slot, rows, slot == first, gradients);
        }
    }

    /** On entry {@code trace.dh} is what comes from the next step, on exit what goes to the one before. */
    private void step(Trace trace, int slot, int rows, boolean first, float[] gradients) {
        float[] dh = trace.dh;
        if (retrieval == null || trace.memory == null || trace.retrieval == null) {
            if (trace.scored[slot]) {
                head.backward(rows, trace.dy, slot * rows * outputs, dh, trace.ds);
            }
            trace.noteCredit(slot, hidden);
        } else {
            if (creditWritten(trace, slot)) {
                retrieval.backwardWrite(trace.retrieval, trace.memory, trace.written[slot], rows, trace.share(), dh);
            }
            float[] ds = trace.ds;
            if (trace.scored[slot]) {
                Arrays.fill(ds, 0, rows * hidden, 0f);
                head.backward(rows, trace.dy, slot * rows * outputs, dh, ds);
                for (int j = 0; j < rows * hidden; j++) {
                    ds[j] += dh[j];
                }
            } else {
                System.arraycopy(dh, 0, ds, 0, rows * hidden);
            }
            trace.noteCredit(slot, hidden);
            retrieval.backward(trace.retrieval, trace.memory, slot, rows, ds, dh, gradients);
        }
        cell.backward(trace.cell, slot, rows, dh, dh, first);
    }

    /** The weights' gradients of the steps from … to − 1, in a few large products. */
    private void weights(Trace trace, int from, int to, int rows, float[] gradients) {
        if (from >= to) {
            return;
        }
        cell.gradients(trace.cell, from, to, rows, trace.h, gradients, trace.scratch);
        if (retrieval != null && trace.retrieval != null) {
            retrieval.gradients(trace.retrieval, from, to, rows, trace.provisional, gradients, trace.scratch);
        }
        for (int slot = from; slot < to; ) {
            int next = slot;
            while (next < to && trace.scored[next] == trace.scored[slot]) {
                next++;
            }
            if (trace.scored[slot]) {
                int at = slot * rows;
                // The state after a slot stands at the next one.
                head.gradients(
                        (next - slot) * rows,
                        trace.dy,
                        at * outputs,
                        trace.h,
                        (at + rows) * hidden,
                        trace.s,
                        at * hidden,
                        gradients,
                        trace.scratch);
            }
            slot = next;
        }
    }
}
