package org.sab4j.report;

import java.util.Arrays;

/**
 * A series of any length in bounded memory: of each of at most N stretches the least and the largest value, so that no peak is lost.
 *
 * <p>When all stretches are full, each two become one that is twice as long.
 */
public final class Thinned {

    /** The stretches of a chart: more than its pixels can tell apart. */
    public static final int CHART = 1000;

    private static final int NUMBERS = 6; // update, seconds, value of the least, then of the largest

    private final double[] stretches;
    private final int most;
    private int size;
    private long length = 1; // points of a stretch
    private long inLast;
    private long count;
    private double last = Double.NaN;

    /** An empty series of at most that many stretches, an even number. */
    public Thinned(int most) {
        if (most < 2 || most % 2 != 0) {
            throw new IllegalArgumentException("An even number of stretches: " + most);
        }
        this.most = most;
        stretches = new double[most * NUMBERS];
    }

    /** Adds a point; one that is no finite number is left out. */
    public void add(long update, double seconds, double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        count++;
        last = value;
        if (size == 0 || inLast == length) {
            if (size == most) {
                halve();
            }
            put(size * NUMBERS, update, seconds, value);
            put(size * NUMBERS + 3, update, seconds, value);
            size++;
            inLast = 1;
            return;
        }
        int at = (size - 1) * NUMBERS;
        inLast++;
        if (value < stretches[at + 2]) {
            put(at, update, seconds, value);
        } else if (value > stretches[at + 5]) {
            put(at + 3, update, seconds, value);
        }
    }

    private void put(int at, long update, double seconds, double value) {
        stretches[at] = (double) update;
        stretches[at + 1] = seconds;
        stretches[at + 2] = value;
    }

    private void halve() {
        for (int i = 0; i < most / 2; i++) {
            int least = stretches[2 * i * NUMBERS + 2] <= stretches[(2 * i + 1) * NUMBERS + 2] ? 2 * i : 2 * i + 1;
            int largest = stretches[2 * i * NUMBERS + 5] >= stretches[(2 * i + 1) * NUMBERS + 5] ? 2 * i : 2 * i + 1;
            double[] both = new double[NUMBERS];
            System.arraycopy(stretches, least * NUMBERS, both, 0, 3);
            System.arraycopy(stretches, largest * NUMBERS + 3, both, 3, 3);
            System.arraycopy(both, 0, stretches, i * NUMBERS, NUMBERS);
        }
        size = most / 2;
        length *= 2;
    }

    /** How many points were added. */
    public long count() {
        return count;
    }

    /** The value that was added last, which columns need not end with; NaN if there is none. */
    public double last() {
        return last;
    }

    /**
     * Points in order, in columns of equal length.
     *
     * @param seconds how long updates had taken by then
     */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    public record Columns(long[] updates, float[] seconds, float[] values) {}

    /** What is left of them. */
    public Columns columns() {
        long[] updates = new long[2 * size];
        float[] seconds = new float[2 * size];
        float[] values = new float[2 * size];
        int n = 0;
        for (int i = 0; i < size; i++) {
            int least = i * NUMBERS;
            int largest = least + 3;
            int first = stretches[least] <= stretches[largest] ? least : largest;
            for (int at = first, left = stretches[least] == stretches[largest] ? 1 : 2; left > 0; left--) {
                updates[n] = (long) stretches[at];
                seconds[n] = (float) stretches[at + 1];
                values[n++] = (float) Math.clamp(stretches[at + 2], -Float.MAX_VALUE, Float.MAX_VALUE);
                at = least + largest - at;
            }
        }
        return new Columns(Arrays.copyOf(updates, n), Arrays.copyOf(seconds, n), Arrays.copyOf(values, n));
    }
}
