package org.sab4j.replay;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sab4j.memory.Memory;
import org.sab4j.retrieval.Retrieval;

/**
 * All that a pass over a shard keeps, allocated once by shape; a step allocates nothing.
 *
 * <p>One thread uses a trace at a time. For training it holds the activations of a whole sequence or, where these are recomputed, of
 * one block, and the states at the starts of all. For evaluation a few slots will do, as the states are carried from the last slot
 * to the first.
 */
public final class Trace {

    /** The most rows, R. */
    public final int rows;
    /** The steps of {@link #window}, C. */
    public final int slots;
    /** What the forward pass fills. */
    public final Window window;
    /** The memories; null without attention. */
    public final @Nullable Memory memory;
    /** The retrievals of the window's steps or, for training, of all; null without attention. */
    public final Retrieval.@Nullable Trace retrieval;

    final @Nullable Window block; // where blocks are replayed that don't lie in the window as they are needed
    final @Nullable BlockStarts starts; // where activations are recomputed
    final boolean[] scored; // (T, R) for training
    final Reach reach;
    final float[] dh; // (R, H)
    final float[] ds; // (R, H)
    final float[] dWritten; // (R, H), of what a step wrote, where that goes no further
    final float[] scratch;

    private float @Nullable [] credit; // (T, R)
    private int activeRows;
    private boolean sweepsAll;
    private final float[] shares; // (R)

    private Trace(
            Window window,
            @Nullable Window block,
            @Nullable BlockStarts starts,
            Retrieval.@Nullable Trace retrieval,
            int hidden,
            int steps,
            int scratch) {
        rows = window.rows;
        slots = window.slots;
        this.window = window;
        this.block = block;
        this.starts = starts;
        memory = retrieval == null ? null : retrieval.memory;
        this.retrieval = retrieval;
        scored = new boolean[Math.multiplyExact(steps, rows)];
        reach = new Reach(rows);
        shares = new float[rows];
        dh = new float[scratch == 0 ? 0 : rows * hidden];
        ds = new float[dh.length];
        dWritten = new float[dh.length];
        this.scratch = new float[scratch];
    }

    /** For evaluation. */
    public static Trace forward(Window window, Retrieval.@Nullable Trace retrieval, int hidden) {
        return new Trace(window, null, null, retrieval, hidden, 0, 0);
    }

    /**
     * For training, with the activations of whole sequences.
     *
     * @param block room for a block of which some rows are replayed; null if that never happens
     * @param scratch floats that the kernels need
     */
    public static Trace whole(
            Window window, @Nullable Window block, Retrieval.@Nullable Trace retrieval, int hidden, int scratch) {
        return new Trace(window, block, null, retrieval, hidden, window.slots, scratch);
    }

    /** For training, with the activations of a block and the states at the starts of all of {@code steps} steps. */
    public static Trace recomputing(
            Window block, Retrieval.@Nullable Trace retrieval, int hidden, int steps, int scratch) {
        BlockStarts starts = new BlockStarts(block.slots, hidden, block.rows, steps);
        return new Trace(block, block, starts, retrieval, hidden, steps, scratch);
    }

    /** Whether the activations of a block are computed again when it is replayed. */
    public boolean recomputes() {
        return starts != null;
    }

    /** How many rows the present shard has; the strides of all arrays follow it. */
    public int activeRows() {
        return activeRows;
    }

    /** Sets the number of rows, at most {@link #rows}. */
    public void activate(int newRows) {
        if (newRows < 1 || newRows > rows) {
            throw new IllegalArgumentException("A trace of " + rows + " rows can't hold " + newRows);
        }
        activeRows = newRows;
        window.take(newRows);
    }

    /** Where a step of the window stands among the retrievals. */
    public int retrievalSlot(int step) {
        return recomputes() ? step : window.slot(step);
    }

    /** Notes whether a step of a row is scored. */
    public void mark(int step, int row, boolean isScored) {
        if (scored.length > 0) {
            scored[step * activeRows + row] = isScored;
        }
    }

    boolean isScored(int step, int row) {
        return scored[step * activeRows + row];
    }

    /** Where activations are recomputed: keeps the states at the window's slot 0, a block's first. */
    public void keepStart() {
        if (starts != null) {
            starts.keep(window);
        }
    }

    /** Puts the states that {@link #keepStart} has kept where the window of a block's rows begins. */
    public void restoreStart(Window newBlock) {
        if (starts != null) {
            starts.restore(newBlock, activeRows);
        }
    }

    /** Notes a scored step's share of the loss: 1/n for a mean over n. */
    public void share(float newShare) {
        Arrays.fill(shares, newShare);
    }

    /** The same for one of the rows. */
    public void share(int row, float newShare) {
        shares[row] = newShare;
    }

    float[] shares() {
        return shares;
    }

    /**
     * Whether backward passes from now on are to replay all blocks and rows, those that no credit reaches, too: slower, and the same but
     * for rounding.
     */
    public void sweepAll(boolean all) {
        sweepsAll = all;
    }

    boolean sweepsAll() {
        return sweepsAll;
    }

    /** Makes backward passes from now on leave the credit of each step behind, see {@link #credit}. */
    public void keepCredit() {
        credit = new float[scored.length];
    }

    /** ‖∂L/∂h‖ of a row's state after a step, as the last backward pass found it; 0 where no credit came. */
    public float credit(int step, int row) {
        return credit == null ? 0 : credit[step * activeRows + row];
    }

    /** Forgets the credit of the last backward pass. */
    void clearCredit() {
        if (credit != null) {
            Arrays.fill(credit, 0f);
        }
    }

    /** Notes the credit of a window's rows at a step, if it is kept. */
    void noteCredit(Window of, int step, int hidden) {
        if (credit == null) {
            return;
        }
        for (int i = 0; i < of.activeRows(); i++) {
            double square = 0;
            for (int j = i * hidden; j < (i + 1) * hidden; j++) {
                double d = (double) dh[j] + dWritten[j]; // 0 but where it is apart
                square += d * d;
            }
            credit[step * activeRows + of.rowOf[i]] = (float) Math.sqrt(square);
        }
    }
}
