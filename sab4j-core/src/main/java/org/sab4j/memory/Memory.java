package org.sab4j.memory;

import java.util.Arrays;

/**
 * The memories of a shard's sequences, and the gradients that reach them.
 *
 * <p>A row's memories are numbered in the order of writing. Those that can be retrieved stand in slots; where none ever leaves, the
 * slot is the number. For training, what has left its slot is kept, as steps that were reminded of it may be replayed; otherwise the
 * next memory takes its number over.
 */
public final class Memory {

    /** R, the most sequences. */
    public final int rows;
    /** N, the most memories of a sequence that can be retrieved at a time. */
    public final int capacity;
    /** H. */
    public final int hidden;
    /** For each row (memories, H): memory i from {@code i * hidden}. */
    public final float[][] values;
    /** The gradients of the values, row by row; empty where nothing is trained. Only those that were {@link #touch}ed mean anything. */
    public final float[][] dValues;
    /** (R, H): the states that the latest {@link #offer} has kept, one after the other. */
    public final float[] fresh;

    /** The hops of a memory that credit has not reached. */
    public static final int NO_CREDIT = Integer.MAX_VALUE;

    private static final int UNTOUCHED = -1;

    private final WritePolicy policy;
    private final boolean training;
    private final boolean leaving; // whether memories leave
    private final int[] written; // (R) how many memories were written
    private final int[] size; // (R) how many slots are taken
    private final int[][] numbers; // of the memory in each slot; empty where it is the slot
    private final int[][] steps; // at which each memory was written, from 0
    private final int[][] hops; // of the credit that has reached each memory
    private final float[][] worth; // of the memory in each slot: what is worth least leaves; empty where none ever does
    private final int[] freshRow; // (R)
    private final int[] freshSlot; // (R)

    /**
     * An empty memory.
     *
     * @param length the steps of the longest sequence
     * @param training whether a backward pass will follow
     */
    public Memory(int rows, int hidden, WritePolicy policy, int length, boolean training) {
        this.rows = rows;
        this.hidden = hidden;
        this.policy = policy;
        this.training = training;
        capacity = policy.capacity(length);
        int offered = length / policy.kAtt();
        leaving = capacity < offered;
        int room = capacity;
        if (training && leaving) { // of those that may surprise, few do: room for more is made when it is needed
            room = watchesChange() ? (int) Math.min(offered, 2L * capacity) : offered;
        }
        Math.multiplyExact(room, hidden);
        values = new float[rows][room * hidden];
        dValues = new float[rows][training ? room * hidden : 0];
        fresh = new float[rows * hidden];
        written = new int[rows];
        size = new int[rows];
        numbers = new int[rows][training && leaving ? capacity : 0];
        steps = new int[rows][room];
        hops = new int[rows][training ? room : 0];
        worth = new float[rows][leaving || (isBounded() && !training) ? capacity : 0]; // a stream gets longer
        freshRow = new int[rows];
        freshSlot = new int[rows];
    }

    /** How many memories of a row can be retrieved. */
    public int size(int row) {
        return size[row];
    }

    /** How many memories a row has room for, those included that can no longer be retrieved. */
    public int room(int row) {
        return steps[row].length;
    }

    /** How many memories were written for a row; their numbers are below. */
    public int written(int row) {
        return written[row];
    }

    /** The step, from 0, at which a memory was written. */
    public int step(int row, int number) {
        return steps[row][number];
    }

    /** The number of the memory in a slot. */
    public int number(int row, int slot) {
        return numbers[row].length == 0 ? slot : numbers[row][slot];
    }

    /** Whether there is a bound on how many memories a sequence has at a time, so that in a long one memories leave. */
    public boolean isBounded() {
        return policy.most() > 0;
    }

    /** Whether memories leave their slots. */
    public boolean leaves() {
        return leaving;
    }

    /** Whether {@link #offer} goes by how much the cell's output has changed. */
    public boolean watchesChange() {
        return policy instanceof WritePolicy.MostSurprising;
    }

    /** Whether the states of a step, from 0, are to be offered. */
    public boolean isOffered(int step) {
        return policy.offers(step + 1L);
    }

    /** Forgets all. */
    public void clear() {
        Arrays.fill(size, 0);
        Arrays.fill(written, 0);
    }

    /**
     * Offers the states of a step, which are kept or not.
     *
     * @param step from 0
     * @param h (rows, H) from {@code hOff}
     * @param change (rows) how much the cell's output has changed, squared; read where that is watched
     * @return how many rows have kept theirs; {@link #freshRow}, {@link #freshSlot} and {@link #fresh} tell which
     */
    public int offer(int step, int activeRows, float[] h, int hOff, float[] change) {
        int count = 0;
        for (int r = 0; r < activeRows; r++) {
            float newWorth = watchesChange() ? change[r] : 0;
            int slot = size[r] < capacity ? size[r]++ : leaver(r, newWorth);
            if (slot >= 0) {
                keep(r, slot, step, newWorth, h, hOff + r * hidden);
                System.arraycopy(h, hOff + r * hidden, fresh, count * hidden, hidden);
                freshRow[count] = r;
                freshSlot[count] = slot;
                count++;
            }
        }
        return count;
    }

    /**
     * Puts a memory that was kept once back into the next slot of the only row.
     *
     * @param newWorth what it was worth; without a meaning where the policy goes by age alone
     */
    public void put(int step, float newWorth, float[] h, int hOff) {
        if (rows != 1 || size[0] == capacity) {
            throw new IllegalStateException("No room for a memory of a single row: " + size[0] + " of " + capacity);
        }
        freshRow[0] = 0;
        freshSlot[0] = size[0]++;
        boolean goesByAge = !watchesChange() && !(policy instanceof WritePolicy.MostUsed);
        keep(0, freshSlot[0], step, goesByAge ? 0 : newWorth, h, hOff);
        System.arraycopy(h, hOff, fresh, 0, hidden);
    }

    /** What the memory in a slot is worth to the write policy; 0 where none leaves. */
    public float worth(int row, int slot) {
        return worth[row].length > 0 ? worth[row][slot] : 0;
    }

    /** The slot of the memory that makes room; −1 if the new one is worth no more. */
    private int leaver(int row, float newWorth) {
        if (!leaving) {
            throw new IllegalStateException("A sequence is longer than its memory was made for, " + capacity
                    + " memories: make it for the longest one");
        }
        float[] w = worth[row];
        int least = 0;
        for (int slot = 1; slot < capacity; slot++) {
            if (w[slot] < w[least] || (w[slot] == w[least] && writtenAt(row, slot) < writtenAt(row, least))) {
                least = slot;
            }
        }
        return watchesChange() && newWorth <= w[least] ? -1 : least;
    }

    private int writtenAt(int row, int slot) {
        return steps[row][number(row, slot)];
    }

    /** Whether the numbers differ from the slots. */
    private boolean renumbers() {
        return training && leaving;
    }

    private void keep(int row, int slot, int step, float newWorth, float[] h, int at) {
        int number = slot;
        if (renumbers()) {
            number = written[row];
            numbers[row][slot] = number;
            if (number == steps[row].length) {
                makeRoom(row);
            }
        }
        written[row] = Math.max(written[row], number + 1);
        steps[row][number] = step;
        if (worth[row].length > 0) {
            worth[row][slot] = newWorth;
        }
        System.arraycopy(h, at, values[row], number * hidden, hidden);
    }

    private void makeRoom(int row) {
        int room = (int) Math.min(Integer.MAX_VALUE / hidden, 2L * steps[row].length);
        values[row] = Arrays.copyOf(values[row], room * hidden);
        dValues[row] = Arrays.copyOf(dValues[row], room * hidden);
        steps[row] = Arrays.copyOf(steps[row], room);
        hops[row] = Arrays.copyOf(hops[row], room);
    }

    /** The row of a state that the latest {@link #offer} has kept. */
    public int freshRow(int i) {
        return freshRow[i];
    }

    /** Its slot. */
    public int freshSlot(int i) {
        return freshSlot[i];
    }

    /** Notes that a step was reminded of the memory in a slot, with that weight. */
    public void use(int row, int slot, float weight) {
        if (worth[row].length > 0 && policy instanceof WritePolicy.MostUsed) {
            worth[row][slot] += weight;
        }
    }

    /** Makes no memory credited, before a backward pass; {@link #touch} makes the gradients of those zero that will be. */
    public void clearGradients(int activeRows) {
        for (int r = 0; r < activeRows; r++) {
            Arrays.fill(hops[r], 0, written[r], UNTOUCHED);
        }
    }

    /** Notes that gradients will be added to a memory; whether they are the first. Then {@link #dValues} of it are made zero. */
    public boolean touch(int row, int number) {
        if (hops[row][number] != UNTOUCHED) {
            return false;
        }
        hops[row][number] = NO_CREDIT;
        Arrays.fill(dValues[row], number * hidden, (number + 1) * hidden, 0f);
        return true;
    }

    /** Whether gradients have been added to a memory. */
    public boolean isTouched(int row, int number) {
        return hops[row][number] != UNTOUCHED;
    }

    /** Notes that credit has reached a memory that is {@link #touch}ed, after so many retrievals. */
    public void credit(int row, int number, int newHops) {
        hops[row][number] = Math.min(hops[row][number], newHops);
    }

    /** After how many retrievals, at least, credit has reached a memory; {@link #NO_CREDIT} if it has not. */
    public int hops(int row, int number) {
        int h = hops[row][number];
        return h == UNTOUCHED ? NO_CREDIT : h;
    }
}
