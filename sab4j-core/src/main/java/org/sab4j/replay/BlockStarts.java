package org.sab4j.replay;

import org.sab4j.cell.LstmCell;

/** The states before the first step of each block: what is kept of a block's activations where they are recomputed. */
final class BlockStarts {

    private final int kTrunc;
    private final int hidden;
    private final float[] h; // (blocks, R, H)
    private final float[] c; // (blocks, R, H)

    BlockStarts(int kTrunc, int hidden, int rows, int steps) {
        this.kTrunc = kTrunc;
        this.hidden = hidden;
        int blocks = Math.ceilDiv(steps, kTrunc);
        h = new float[Math.multiplyExact(Math.multiplyExact(blocks, rows), hidden)];
        c = new float[h.length];
    }

    /** Keeps the states at slot 0 of a window of all of a shard's rows. */
    void keep(Window window) {
        int n = window.activeRows() * hidden;
        int at = window.first() / kTrunc * n;
        System.arraycopy(window.h, 0, h, at, n);
        System.arraycopy(window.cell.c, 0, c, at, n);
    }

    /** Puts the states at slot 0 of a window of some of a shard's {@code of} rows. */
    void restore(Window window, int of) {
        LstmCell.Trace cell = window.cell;
        for (int i = 0; i < window.activeRows(); i++) {
            int at = (window.first() / kTrunc * of + window.rowOf[i]) * hidden;
            System.arraycopy(h, at, window.h, i * hidden, hidden);
            System.arraycopy(c, at, cell.c, i * hidden, hidden);
        }
    }
}
