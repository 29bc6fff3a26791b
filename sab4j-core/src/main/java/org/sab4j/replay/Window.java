package org.sab4j.replay;

import org.sab4j.cell.LstmCell;

/**
 * The activations of some successive steps of some of a shard's rows.
 *
 * <p>The strides of all arrays follow the rows that are active. Row i of the window is row {@code rowOf[i]} of the shard and
 * sequence {@code sequences[i]} of the batch.
 */
public final class Window {

    /** The most rows, R. */
    public final int rows;
    /** The most steps, C. */
    public final int slots;
    /** (C + 1, R, H): the state before slot t stands at t. */
    public final float[] h;
    /** (C, R, H): ĥ. */
    public final float[] provisional;
    /** (C, R, H): the summaries; empty without attention. */
    public final float[] s;
    /** (C, R, A): the queries as the scores keep them, after the backward pass their gradients. */
    public final float[] queries;
    /** (C, R, O): the outputs, at scored steps or where all were asked for. */
    public final float[] y;
    /** (C, R, O): where the loss puts the gradient of the outputs. */
    public final float[] dy;
    /** The cell's part. */
    public final LstmCell.Trace cell;
    /** (R) the shard's row that each row is. */
    public final int[] rowOf;
    /** (R) the batch's sequence that each row is. */
    public final int[] sequences;

    final boolean[] scored; // (C) whether a row's step is
    private int activeRows;
    private int first;

    /** For {@code SequenceModel}, which knows the sizes; {@code units} is −1 without attention. */
    public Window(int rows, int slots, int hidden, int units, int outputs, LstmCell.Trace cell) {
        this.rows = rows;
        this.slots = slots;
        this.cell = cell;
        int cells = Math.multiplyExact(slots, rows);
        h = new float[Math.multiplyExact(Math.addExact(cells, rows), hidden)];
        provisional = new float[Math.multiplyExact(cells, hidden)];
        s = new float[units < 0 ? 0 : provisional.length];
        queries = new float[Math.multiplyExact(cells, Math.max(0, units))];
        y = new float[Math.multiplyExact(cells, outputs)];
        dy = new float[y.length];
        scored = new boolean[slots];
        rowOf = new int[rows];
        sequences = new int[rows];
    }

    /** How many rows it has at present. */
    public int activeRows() {
        return activeRows;
    }

    /** The step that stands at slot 0. */
    public int first() {
        return first;
    }

    /** Where a step stands. */
    public int slot(int step) {
        return step - first;
    }

    /** Notes whether a step of any row is scored. */
    public void mark(int slot, boolean isScored) {
        scored[slot] = isScored;
    }

    /** Whether a step of any row is scored. */
    public boolean isScored(int slot) {
        return scored[slot];
    }

    /** Takes the first {@code newRows} rows of a shard in. */
    public void take(int newRows) {
        activeRows = newRows;
        for (int i = 0; i < newRows; i++) {
            rowOf[i] = i;
        }
    }

    /** Takes {@code count} of a shard's rows in. */
    void take(int[] some, int count) {
        activeRows = count;
        System.arraycopy(some, 0, rowOf, 0, count);
    }

    /** Places slot 0 at a step of the sequences from {@code firstSequence} of the batch. */
    public void place(int newFirst, int firstSequence) {
        first = newFirst;
        for (int i = 0; i < activeRows; i++) {
            sequences[i] = firstSequence + rowOf[i];
        }
    }
}
