package org.sab4j.replay;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sab4j.cell.LstmCell;
import org.sab4j.memory.Memory;
import org.sab4j.retrieval.Retrieval;

/**
 * All buffers of one shard, allocated once by shape; a step allocates nothing.
 *
 * <p>One thread uses a trace at a time. For training it holds a whole sequence (C = T); for evaluation a few slots will do, as
 * the states are carried from the last slot to the first.
 */
public final class Trace {

    /** The most rows, R. */
    public final int rows;
    /** C. */
    public final int slots;
    /** (C + 1, R, H): the state before slot t stands at t. */
    public final float[] h;
    /** (C, R, H): ĥ. */
    public final float[] provisional;
    /** (C, R, H): the summaries; empty without attention. */
    public final float[] s;
    /** (C, R, O): the outputs, at scored steps or where all were asked for. */
    public final float[] y;
    /** The memories; null without attention. */
    public final @Nullable Memory memory;
    /** The retrievals; null without attention. */
    public final Retrieval.@Nullable Trace retrieval;
    /** The cell's part. */
    public final LstmCell.Trace cell;

    final float[] dy; // (C, R, O)
    final boolean[] scored; // (C)
    final int[] written; // (C) the memory that the step wrote, or −1
    final float[] dh; // (R, H)
    final float[] ds; // (R, H)
    final float[] scratch;

    private float @Nullable [] credit; // (C, R)
    private int activeRows;
    private float share;

    /** For {@code SequenceModel}, which knows the sizes. */
    public Trace(
            int rows,
            int slots,
            int hidden,
            int outputs,
            LstmCell.Trace cell,
            @Nullable Memory memory,
            Retrieval.@Nullable Trace retrieval,
            boolean training,
            int scratch) {
        this.rows = rows;
        this.slots = slots;
        this.cell = cell;
        this.memory = memory;
        this.retrieval = retrieval;
        int cells = Math.multiplyExact(slots, rows);
        h = new float[Math.multiplyExact(cells + rows, hidden)];
        provisional = new float[Math.multiplyExact(cells, hidden)];
        s = new float[memory == null ? 0 : provisional.length];
        y = new float[Math.multiplyExact(cells, outputs)];
        dy = new float[y.length];
        scored = new boolean[slots];
        written = new int[slots];
        dh = new float[training ? rows * hidden : 0];
        ds = new float[training ? rows * hidden : 0];
        this.scratch = new float[training ? scratch : 0];
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
    }

    /** Notes what a step did. */
    public void mark(int slot, boolean isScored, int writtenMemory) {
        scored[slot] = isScored;
        written[slot] = writtenMemory;
    }

    /** Notes a scored step's share of the loss: 1/n for a mean over n. */
    public void share(float newShare) {
        share = newShare;
    }

    float share() {
        return share;
    }

    /** The memory that a step wrote, or −1. */
    public int written(int slot) {
        return written[slot];
    }

    /** Makes backward passes from now on leave the credit of each step behind, see {@link #credit}. */
    public void keepCredit() {
        credit = new float[slots * rows];
    }

    /** ‖∂L/∂h‖ of a row's state after a slot, as the last backward pass found it; 0 where no credit came. */
    public float credit(int slot, int row) {
        return credit == null ? 0 : credit[slot * activeRows + row];
    }

    /** Forgets the credit of the last backward pass. */
    void clearCredit() {
        if (credit != null) {
            Arrays.fill(credit, 0f);
        }
    }

    /** Notes the credit of all rows at a slot, if it is kept. */
    void noteCredit(int slot, int hidden) {
        if (credit == null) {
            return;
        }
        for (int r = 0; r < activeRows; r++) {
            double square = 0;
            for (int j = r * hidden; j < (r + 1) * hidden; j++) {
                square += (double) dh[j] * dh[j];
            }
            credit[slot * activeRows + r] = (float) Math.sqrt(square);
        }
    }

    /** (C, R, O): where the loss puts the gradient of the outputs. */
    public float[] dOutputs() {
        return dy;
    }
}
