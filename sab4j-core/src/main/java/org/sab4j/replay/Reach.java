package org.sab4j.replay;

import org.jspecify.annotations.Nullable;
import org.sab4j.memory.Memory;

/** Which rows of a block credit reaches: those with a scored step, and those that wrote a memory which credit has reached. */
final class Reach {

    /** Those rows. */
    final int[] rows;
    /** After how many retrievals credit has reached each. */
    final int[] hops;
    /** The last step of each that credit reaches; −1 where it reaches none. */
    final int[] until;

    /** How many of a step's rows wrote memories that credit has reached. */
    int writes;
    /** (writes) those rows. */
    final int[] writeRow;
    /** (writes) their memories' numbers. */
    final int[] writeNumber;
    /** (writes) their places among {@link #rows}. */
    final int[] writePlace;

    private final int[] all; // hops of all rows
    private final int[] allUntil;
    private final int[]
            latest; // each row's latest memory that may have been written at the step where the sweep stands
    private int count;
    private int last;

    Reach(int rows) {
        this.rows = new int[rows];
        hops = new int[rows];
        until = new int[rows];
        all = new int[rows];
        allUntil = new int[rows];
        latest = new int[rows];
        writeRow = new int[rows];
        writeNumber = new int[rows];
        writePlace = new int[rows];
    }

    /** How many rows are reached. */
    int count() {
        return count;
    }

    /** The last step of the block that credit reaches. */
    int last() {
        return last;
    }

    /** Before the last block of a shard. */
    void begin(@Nullable Memory memory, int activeRows) {
        for (int r = 0; r < activeRows; r++) {
            latest[r] = memory == null ? -1 : memory.written(r) - 1;
        }
    }

    /** Looks at the block of those steps; all later ones have been replayed. */
    void find(Trace trace, int from, int to) {
        count = 0;
        last = -1;
        for (int r = 0; r < trace.activeRows(); r++) {
            int least = Memory.NO_CREDIT;
            int rowLast = -1;
            for (int step = to; step >= from && least > 0; step--) {
                if (trace.isScored(step, r)) {
                    least = 0;
                    rowLast = step;
                }
            }
            Memory memory = trace.memory;
            if (memory != null) {
                for (int i = upTo(memory, r, to); i >= 0 && memory.step(r, i) >= from; i--) {
                    if (memory.hops(r, i) != Memory.NO_CREDIT) {
                        least = Math.min(least, memory.hops(r, i));
                        rowLast = Math.max(rowLast, memory.step(r, i));
                    }
                }
            }
            all[r] = least;
            allUntil[r] = rowLast;
            last = Math.max(last, rowLast);
            if (least != Memory.NO_CREDIT) {
                rows[count] = r;
                until[count] = rowLast;
                hops[count++] = least;
            }
        }
    }

    /** Takes all rows in, those that credit does not reach, too. */
    void takeAll(int activeRows) {
        for (int r = 0; r < activeRows; r++) {
            rows[r] = r;
            hops[r] = all[r];
            until[r] = allUntil[r];
        }
        count = activeRows;
    }

    /** Takes all rows and steps in, whether credit reaches them or not. */
    void takeEverything(int activeRows, int lastOfBlock) {
        takeAll(activeRows);
        for (int r = 0; r < activeRows; r++) {
            hops[r] = Math.min(hops[r], Memory.NO_CREDIT - 1); // so that what it is given goes no further
        }
        last = lastOfBlock;
    }

    /** Finds the memories that a step wrote and credit has reached. Steps are asked for from the last to the first. */
    void findWrites(Memory memory, int step) {
        writes = 0;
        for (int i = 0; i < count; i++) {
            int number = upTo(memory, rows[i], step);
            if (number >= 0
                    && memory.step(rows[i], number) == step
                    && memory.hops(rows[i], number) != Memory.NO_CREDIT) {
                writeRow[writes] = rows[i];
                writeNumber[writes] = number;
                writePlace[writes++] = i;
            }
        }
    }

    /** A row's latest memory that was written at that step or before; −1 if there is none. */
    private int upTo(Memory memory, int row, int step) {
        while (latest[row] >= 0 && memory.step(row, latest[row]) > step) {
            latest[row]--;
        }
        return latest[row];
    }
}
