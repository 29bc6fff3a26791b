package org.sab4j.model;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.cell.LstmCell;
import org.sab4j.head.OutputHead;
import org.sab4j.kernels.Kernels;
import org.sab4j.replay.Trace;
import org.sab4j.replay.Window;
import org.sab4j.retrieval.Retrieval;

/** The steps of a model, forward: cell, reminders, state, memory, outputs. Written once for batches, blocks that are recomputed and streams. */
final class Recurrence {

    /** Steps of the forward pass between words of its progress. */
    private static final int PROGRESS = 256;

    private final Kernels kernels;
    private final LstmCell cell;
    private final @Nullable Retrieval retrieval;
    private final OutputHead head;
    private final int hidden;
    private final int outputs;

    Recurrence(
            Kernels kernels, LstmCell cell, @Nullable Retrieval retrieval, OutputHead head, int hidden, int outputs) {
        this.kernels = kernels;
        this.cell = cell;
        this.retrieval = retrieval;
        this.head = head;
        this.hidden = hidden;
        this.outputs = outputs;
    }

    /**
     * Steps {@code from} … {@code to} − 1, see {@link SequenceModel#forward}.
     *
     * @param progress is told now and then how many steps have been gone over
     */
    void forward(Trace trace, Batch batch, int firstRow, int from, int to, boolean everyOutput, IntConsumer progress) {
        Window window = trace.window;
        window.place(from, firstRow);
        for (int step = from; step < to; step++) {
            provisional(window, batch, step);
            remind(trace, step, step);
            for (int r = 0; r < trace.activeRows(); r++) {
                trace.mark(step, r, scored(batch, window.sequences[r], step));
            }
            if (noteScored(window, batch, step) || everyOutput) {
                output(window, window.slot(step));
            }
            if (step % PROGRESS == PROGRESS - 1) {
                progress.accept(step + 1);
            }
        }
    }

    /**
     * The one step of a stream, that of the number {@code step}.
     *
     * @return whether the cell's output is a number; if not, the memory is left as it was
     */
    boolean online(Trace trace, Batch input, int step) {
        Window window = trace.window;
        window.place(0, 0);
        provisional(window, input, 0);
        if (Double.isNaN(kernels.sumOfSquares(hidden, window.provisional, 0))) {
            return false;
        }
        remind(trace, 0, step);
        output(window, 0);
        return true;
    }

    /** The cell's output of a step. */
    private void provisional(Window window, Batch batch, int step) {
        cell.forward(
                window.cell,
                window.slot(step),
                window.activeRows(),
                batch,
                step,
                window.sequences,
                window.h,
                window.provisional);
    }

    /**
     * State and memory of a step whose cell's output is there.
     *
     * @param step in the batch
     * @param number in the sequence, by which a memory is known
     */
    private void remind(Trace trace, int step, int number) {
        Window window = trace.window;
        int slot = window.slot(step);
        int rows = trace.activeRows();
        int n = rows * hidden;
        if (retrieval != null && trace.retrieval != null) {
            retrieval.forward(
                    trace.retrieval,
                    trace.retrievalSlot(step),
                    rows,
                    window.provisional,
                    slot * n,
                    window.queries,
                    slot * rows * retrieval.units(),
                    window.s,
                    slot * n);
        }
        state(window, slot);
        if (retrieval != null && trace.retrieval != null) {
            retrieval.write(trace.retrieval, number, rows, window.provisional, slot * n, window.h, (slot + 1) * n);
        }
    }

    /** h = ĥ + s. */
    private void state(Window window, int slot) {
        int n = window.activeRows() * hidden;
        int at = slot * n;
        if (retrieval == null) {
            System.arraycopy(window.provisional, at, window.h, at + n, n);
        } else {
            kernels.add(n, window.provisional, at, window.s, at, window.h, at + n);
        }
    }

    /** Notes whether a step's outputs are asked for. */
    private static boolean noteScored(Window window, Batch batch, int step) {
        boolean any = false;
        for (int r = 0; r < window.activeRows() && !any; r++) {
            any = scored(batch, window.sequences[r], step);
        }
        window.mark(window.slot(step), any);
        return any;
    }

    private static boolean scored(Batch batch, int sequence, int step) {
        return batch.targets().scored(sequence * batch.steps() + step);
    }

    private void output(Window window, int slot) {
        int rows = window.activeRows();
        int at = slot * rows * hidden;
        head.forward(rows, window.h, at + rows * hidden, window.s, at, window.y, slot * rows * outputs);
    }

    /** Steps {@code first} … {@code last} once more, with the memories that were chosen then. */
    void again(Trace trace, Window block, Batch batch, int first, int last) {
        trace.restoreStart(block);
        int rows = block.activeRows();
        int n = rows * hidden;
        for (int step = first; step <= last; step++) {
            int slot = block.slot(step);
            provisional(block, batch, step);
            if (retrieval != null && trace.retrieval != null) {
                retrieval.again(
                        trace.retrieval,
                        trace.retrievalSlot(step),
                        trace.activeRows(),
                        block.rowOf,
                        rows,
                        block.provisional,
                        slot * n,
                        block.queries,
                        slot * rows * retrieval.units(),
                        block.s,
                        slot * n);
            }
            state(block, slot);
            if (noteScored(block, batch, step)) {
                output(block, slot);
            }
        }
    }
}
