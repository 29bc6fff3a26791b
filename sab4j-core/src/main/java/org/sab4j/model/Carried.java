package org.sab4j.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.cell.LstmCell;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.memory.Memory;
import org.sab4j.replay.Trace;

/**
 * What some sequences leave to those that go on where they ended: state, cell state and the latest memories, row by row. No credit
 * goes back into it.
 *
 * <p>Threads take and leave what is theirs, disjoint rows; {@link #advance} comes between two batches.
 */
public final class Carried {

    private static final String H = "carry.h";
    private static final String C = "carry.c";
    private static final String MEMORIES = "carry.memories";
    private static final String COUNT = "carry.count";

    /** (B, H) */
    final float[] h;
    /** (B, H) */
    final float[] c;
    /** (W, B, H), from the oldest on */
    final float[] memories;

    private final int rows;
    private final int hidden;
    private final int most;
    private int count; // of memories
    private int next; // that there will be

    /**
     * Nothing yet.
     *
     * @param rows B, the sequences of a batch
     * @param hidden H
     * @param most W, the most memories of a sequence that are carried over
     */
    public Carried(int rows, int hidden, int most) {
        this.rows = rows;
        this.hidden = hidden;
        this.most = most;
        h = new float[Math.multiplyExact(rows, hidden)];
        c = new float[h.length];
        memories = new float[Math.multiplyExact(most, h.length)];
    }

    /**
     * What {@link #tensors} has written; null where that is not in the file.
     *
     * @param hidden H
     */
    public static @Nullable Carried read(Safetensors file, int hidden) throws FormatException {
        if (!file.tensors().containsKey(H)) {
            return null;
        }
        int rows = file.tensor(H).size() / hidden;
        int most = rows == 0 ? 0 : file.tensor(MEMORIES).size() / (rows * hidden);
        Carried carried = new Carried(rows, hidden, most);
        System.arraycopy(file.finite(H, rows, hidden), 0, carried.h, 0, carried.h.length);
        System.arraycopy(file.finite(C, rows, hidden), 0, carried.c, 0, carried.c.length);
        System.arraycopy(file.finite(MEMORIES, most, rows, hidden), 0, carried.memories, 0, carried.memories.length);
        try {
            carried.count(Math.toIntExact(file.longs(COUNT, 1)[0]));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException(file.file(), "carries no usable number of memories: " + e.getMessage());
        }
        return carried;
    }

    /** All of it as tensors. Copies. */
    public SequencedMap<String, TensorData> tensors() {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put(H, new TensorData.Floats(List.of(rows, hidden), h.clone()));
        tensors.put(C, new TensorData.Floats(List.of(rows, hidden), c.clone()));
        tensors.put(MEMORIES, new TensorData.Floats(List.of(most, rows, hidden), memories.clone()));
        tensors.put(COUNT, TensorData.of(new long[] {count}, 1));
        return tensors;
    }

    /** Whether another has as many sequences of as many units and memories. */
    public boolean isLike(Carried other) {
        return rows == other.rows && hidden == other.hidden && most == other.most;
    }

    /** How many memories of each sequence there are. */
    public int count() {
        return count;
    }

    private void count(int newCount) {
        if (newCount < 0 || newCount > most) {
            throw new IllegalArgumentException("From 0 to " + most + " memories can be carried: " + newCount);
        }
        count = newCount;
        next = newCount;
    }

    /** Forgets all: the next sequences begin with an empty state and memory. */
    public void clear() {
        Arrays.fill(h, 0f);
        Arrays.fill(c, 0f);
        Arrays.fill(memories, 0f); // of an update that was skipped they may be no numbers
        count(0);
    }

    /** What sequences have left is there for the next ones. */
    public void advance() {
        count = next;
    }

    /** Refuses rows that are not among these sequences, and states of other sizes. */
    void check(int first, int count, int units) {
        if (units != hidden || first < 0 || first + count > rows) {
            throw new IllegalArgumentException("What is carried over is of " + rows + " sequences of " + hidden
                    + " units, not of " + count + " from " + first + " on of " + units);
        }
    }

    /** Puts the states where a trace's first step looks for them. */
    void states(Trace trace, LstmCell.Trace cell, int first) {
        int n = trace.activeRows() * hidden;
        System.arraycopy(h, first * hidden, trace.window.h, 0, n);
        System.arraycopy(c, first * hidden, cell.c, 0, n);
    }

    /** Where the i-th memories of the rows from {@code first} on stand, one after the other. */
    int memory(int i, int first) {
        return (i * rows + first) * hidden;
    }

    /** Takes over what a trace has come to after {@code slots} steps in its window. */
    void take(Trace trace, int slots, int first) {
        int active = trace.activeRows();
        int n = active * hidden;
        System.arraycopy(trace.window.h, slots * n, h, first * hidden, n);
        System.arraycopy(trace.window.cell.c, slots * n, c, first * hidden, n);
        Memory memory = trace.memory;
        if (memory == null) {
            return;
        }
        int kept = Math.min(most, memory.written(0));
        for (int r = 0; r < active; r++) {
            for (int i = 0; i < kept; i++) {
                int number = memory.written(r) - kept + i;
                System.arraycopy(memory.values[r], number * hidden, memories, memory(i, first + r), hidden);
            }
        }
        next = kept;
    }
}
