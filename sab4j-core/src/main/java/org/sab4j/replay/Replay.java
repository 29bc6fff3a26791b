package org.sab4j.replay;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.cell.LstmCell;
import org.sab4j.head.OutputHead;
import org.sab4j.retrieval.Retrieval;

/**
 * The backward sweep over a shard's trace: the forward pass read from the bottom.
 *
 * <p>Of a block, those rows are replayed that have a scored step or wrote a memory that credit has reached; later blocks come first,
 * so that is known by then. Their activations lie in the trace's window, or are gathered or computed again into the trace's block.
 * In which of these ways makes no difference to the bits: the order of sums follows from the rows and steps alone.
 */
public final class Replay {

    /** Where more of a block's rows are reached than this share, going over all of them in place is cheaper. */
    private static final double MOST_GATHERED = 0.75;

    private final LstmCell cell;
    private final @Nullable Retrieval retrieval;
    private final OutputHead head;
    private final Truncation truncation;
    private final boolean direct;
    private final int maxHops;
    private final int hidden;
    private final int outputs;

    /** Computes the activations of a block again: of its window's rows, of the steps first … last. */
    @FunctionalInterface
    public interface Recomputation {
        /** Fills the window, outputs' gradients included. */
        void recompute(Window block, int first, int last);
    }

    /**
     * A replay of a model's parts.
     *
     * @param direct whether credit that reaches a memory enters the step that wrote it alone
     * @param maxHops through how many retrievals, one after the other, credit goes; 0 if memories pass none on
     */
    public Replay(
            LstmCell cell,
            @Nullable Retrieval retrieval,
            OutputHead head,
            Truncation truncation,
            boolean direct,
            int maxHops,
            int hidden,
            int outputs) {
        this.cell = cell;
        this.retrieval = retrieval;
        this.head = head;
        this.truncation = truncation;
        this.direct = direct;
        this.maxHops = maxHops;
        this.hidden = hidden;
        this.outputs = outputs;
    }

    /**
     * Adds the gradients of the loss to {@code gradients}.
     *
     * @param trace a forward pass over {@code steps} steps
     * @param gradients in the layout of the parameters
     * @param recomputation for a trace that recomputes
     * @param progress is told the first step of each block that is done with
     */
    public Replayed backward(
            Trace trace, int steps, float[] gradients, Recomputation recomputation, IntConsumer progress) {
        long start = System.nanoTime();
        int of = trace.activeRows();
        begin(trace, of);
        Reach reach = trace.reach;
        long replayedSteps = 0;
        long blocks = 0;
        long rows = 0;
        long allBlocks = 0;
        for (int last = steps - 1; last >= 0; ) {
            int first = truncation.blockStart(last);
            reach.find(trace, first, last);
            if (trace.sweepsAll()) {
                reach.takeEverything(of, last);
            }
            if (reach.count() > 0) {
                Window window = window(trace, first, reach.last(), recomputation);
                block(trace, window, first, reach.last(), gradients);
                weights(trace, window, first, reach.last(), gradients);
                replayedSteps += reach.last() - first + 1;
                rows += reach.count();
                blocks++;
            }
            allBlocks++;
            progress.accept(first);
            last = first - 1;
        }
        end(trace, of, gradients);
        return new Replayed(replayedSteps, blocks, rows, steps, allBlocks, allBlocks * of, System.nanoTime() - start);
    }

    private void begin(Trace trace, int rows) {
        trace.clearCredit();
        cell.beginBackward(trace.window.cell);
        trace.reach.begin(trace.memory, rows);
        if (retrieval != null && trace.retrieval != null) {
            retrieval.beginBackward(trace.retrieval, rows);
        }
    }

    private void end(Trace trace, int rows, float[] gradients) {
        cell.endBackward(trace.window.cell, gradients);
        if (retrieval != null && trace.retrieval != null) {
            retrieval.endBackward(trace.retrieval, rows, gradients, trace.scratch);
        }
    }

    /** The window that holds the activations of the block's rows. */
    private Window window(Trace trace, int first, int last, Recomputation recomputation) {
        Reach reach = trace.reach;
        int of = trace.activeRows();
        Window block = trace.block;
        if (block == null || reach.count() > MOST_GATHERED * of) {
            reach.takeAll(of);
        }
        if (block == null || (!trace.recomputes() && reach.count() == of)) {
            return trace.window;
        }
        block.take(reach.rows, reach.count());
        if (trace.recomputes()) {
            recomputation.recompute(block, first, last);
        } else {
            gather(trace, block, first, last);
        }
        return block;
    }

    private void gather(Trace trace, Window block, int first, int last) {
        Window from = trace.window;
        int of = trace.activeRows();
        int slot = from.slot(first);
        block.place(first, from.sequences[0]);
        rows(from.h, slot, of, hidden, block, block.h, 0);
        cell.copyState(from.cell, slot, of, block.rowOf, block.activeRows(), block.cell, 0);
        for (int to = 0; to <= last - first; to++, slot++) {
            block.scored[to] = false;
            for (int i = 0; i < block.activeRows(); i++) {
                block.scored[to] |= trace.isScored(first + to, block.rowOf[i]);
            }
            rows(from.h, slot + 1, of, hidden, block, block.h, to + 1);
            rows(from.provisional, slot, of, hidden, block, block.provisional, to);
            cell.copyStep(from.cell, slot, of, block.rowOf, block.activeRows(), block.cell, to);
            if (retrieval != null) {
                rows(from.s, slot, of, hidden, block, block.s, to);
                rows(from.queries, slot, of, retrieval.units(), block, block.queries, to);
            }
            if (block.scored[to]) {
                rows(from.dy, slot, of, outputs, block, block.dy, to);
            }
        }
    }

    /** The block's rows of n floats at a slot of {@code of} rows. */
    private static void rows(float[] from, int slot, int of, int n, Window block, float[] to, int toSlot) {
        int count = block.activeRows();
        for (int i = 0; i < count; i++) {
            System.arraycopy(from, (slot * of + block.rowOf[i]) * n, to, (toSlot * count + i) * n, n);
        }
    }

    private void block(Trace trace, Window window, int first, int last, float[] gradients) {
        Arrays.fill(trace.dh, 0, window.activeRows() * hidden, 0f);
        cell.cut(window.cell, window.activeRows());
        for (int step = last; step >= first; step--) {
            step(trace, window, step, step == first, gradients);
        }
    }

    /** On entry {@code trace.dh} is what comes from the next step, on exit what goes to the one before. */
    private void step(Trace trace, Window window, int step, boolean first, float[] gradients) {
        float[] dh = trace.dh;
        float[] ds = trace.ds;
        int rows = window.activeRows();
        int slot = window.slot(step);
        Retrieval.Trace retrieved = trace.retrieval;
        if (retrieval == null || retrieved == null) {
            if (window.scored[slot]) {
                head.backward(rows, window.dy, slot * rows * outputs, dh, ds);
            }
            trace.noteCredit(window, step, hidden);
        } else {
            Reach reach = trace.reach;
            reach.findWrites(retrieved.memory, step);
            float[] written = direct ? trace.dWritten : dh;
            if (direct) {
                Arrays.fill(written, 0, rows * hidden, 0f);
            }
            retrieval.backwardWrite(
                    retrieved,
                    reach.writes,
                    reach.writeRow,
                    reach.writeNumber,
                    reach.writePlace,
                    trace.shares(),
                    written);
            if (direct && reach.writes > 0) {
                cell.backwardAlone(window.cell, slot, rows, written);
            }
            if (window.scored[slot]) {
                Arrays.fill(ds, 0, rows * hidden, 0f);
                head.backward(rows, window.dy, slot * rows * outputs, dh, ds);
                for (int j = 0; j < rows * hidden; j++) {
                    ds[j] += dh[j];
                }
            } else {
                System.arraycopy(dh, 0, ds, 0, rows * hidden);
            }
            trace.noteCredit(window, step, hidden);
            retrieval.backward(
                    retrieved,
                    trace.retrievalSlot(step),
                    trace.activeRows(),
                    reach.rows,
                    rows,
                    step,
                    reach.until,
                    reach.hops,
                    maxHops,
                    ds,
                    dh,
                    window.queries,
                    slot * rows * retrieval.units(),
                    gradients);
        }
        cell.backward(window.cell, slot, rows, dh, dh, first);
        if (direct && trace.reach.writes > 0) {
            cell.addAlone(window.cell, slot, rows);
        }
    }

    /** The weights' gradients of the steps first … last, in a few large products. */
    private void weights(Trace trace, Window window, int first, int last, float[] gradients) {
        int rows = window.activeRows();
        int from = window.slot(first);
        int to = window.slot(last) + 1;
        cell.gradients(window.cell, from, to, rows, window.h, gradients, trace.scratch);
        if (retrieval != null) {
            retrieval.gradients(
                    (to - from) * rows,
                    window.queries,
                    from * rows * retrieval.units(),
                    window.provisional,
                    from * rows * hidden,
                    gradients,
                    trace.scratch);
        }
        for (int slot = from; slot < to; ) {
            int next = slot;
            while (next < to && window.scored[next] == window.scored[slot]) {
                next++;
            }
            if (window.scored[slot]) {
                int at = slot * rows;
                // The state after a slot stands at the next one.
                head.gradients(
                        (next - slot) * rows,
                        window.dy,
                        at * outputs,
                        window.h,
                        (at + rows) * hidden,
                        window.s,
                        at * hidden,
                        gradients,
                        trace.scratch);
            }
            slot = next;
        }
    }
}
