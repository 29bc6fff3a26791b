package org.sab4j.memory;

import java.util.Arrays;

/** The memories of a shard's sequences, and the gradients that reach them. Sequences of a shard write at the same steps. */
public final class Memory {

    /** R, the most sequences. */
    public final int rows;
    /** N, the most memories of a sequence. */
    public final int capacity;
    /** H. */
    public final int hidden;
    /** (R, N, H): memory i of row r from {@code (r * capacity + i) * hidden}. */
    public final float[] values;
    /** (R, N, H); empty where nothing is trained. */
    public final float[] dValues;

    private final boolean[] credited;
    private int size;

    /** An empty memory. */
    public Memory(int rows, int capacity, int hidden, boolean training) {
        this.rows = rows;
        this.capacity = capacity;
        this.hidden = hidden;
        int floats = Math.multiplyExact(Math.multiplyExact(rows, capacity), hidden);
        values = new float[floats];
        dValues = training ? new float[floats] : new float[0];
        credited = new boolean[capacity];
    }

    /** How many memories there are. */
    public int size() {
        return size;
    }

    /** Where row r's memories begin. */
    public int offset(int row) {
        return row * capacity * hidden;
    }

    /** Forgets all. */
    public void clear() {
        size = 0;
    }

    /** Keeps the states of a step, h (rows, H) from {@code hOff}, and returns the new memory's index. */
    public int append(int activeRows, float[] h, int hOff) {
        for (int r = 0; r < activeRows; r++) {
            System.arraycopy(h, hOff + r * hidden, values, offset(r) + size * hidden, hidden);
        }
        return size++;
    }

    /** Makes all gradients zero before a backward pass. */
    public void clearGradients(int activeRows) {
        for (int r = 0; r < activeRows; r++) {
            Arrays.fill(dValues, offset(r), offset(r) + size * hidden, 0f);
        }
        Arrays.fill(credited, 0, size, false);
    }

    /** Notes that credit has reached a memory. */
    public void credit(int index) {
        credited[index] = true;
    }

    /** Whether credit has reached a memory. */
    public boolean isCredited(int index) {
        return credited[index];
    }
}
