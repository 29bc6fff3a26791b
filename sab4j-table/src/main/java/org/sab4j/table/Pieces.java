package org.sab4j.table;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a part consists of: pieces of sequences, each seen from its first row on and scored from some row on.
 *
 * <p>A target stands {@code horizon} rows behind its step, so a step is scored if that row is one of those that belong to the
 * part.
 */
final class Pieces {

    private final PackedTable table;
    private final int horizon;
    private long[] from = new long[64]; // the first row that is seen
    private int[] length = new int[64];
    private int[] scoredFrom = new int[64]; // the first step that may be scored
    private long[] limit = new long[64]; // the row behind the last that may be a target
    private double[] target = new double[64]; // the sequence's; NaN where each step has its own
    private int size;

    /** None yet of a table. */
    Pieces(PackedTable table, int horizon) {
        this.table = table;
        this.horizon = horizon;
    }

    /** Adds a piece. */
    void add(long first, int steps, int scoredFromStep, long targetLimit, double sequenceTarget) {
        if (size == from.length) {
            from = Arrays.copyOf(from, 2 * size);
            length = Arrays.copyOf(length, 2 * size);
            scoredFrom = Arrays.copyOf(scoredFrom, 2 * size);
            limit = Arrays.copyOf(limit, 2 * size);
            target = Arrays.copyOf(target, 2 * size);
        }
        from[size] = first;
        length[size] = steps;
        scoredFrom[size] = scoredFromStep;
        limit[size] = targetLimit;
        target[size++] = sequenceTarget;
    }

    /** Brings them into a random order. */
    void shuffle(RandomGenerator random) {
        int[] order = IntStream.range(0, size).toArray();
        shuffle(order, random);
        Pieces shuffled = new Pieces(table, horizon);
        for (int piece : order) {
            shuffled.add(from[piece], length[piece], scoredFrom[piece], limit[piece], target[piece]);
        }
        from = shuffled.from;
        length = shuffled.length;
        scoredFrom = shuffled.scoredFrom;
        limit = shuffled.limit;
        target = shuffled.target;
    }

    /** Brings numbers into a random order (Fisher and Yates 1938). */
    static void shuffle(int[] numbers, RandomGenerator random) {
        for (int i = numbers.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int moved = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = moved;
        }
    }

    int size() {
        return size;
    }

    long from(int piece) {
        return from[piece];
    }

    int length(int piece) {
        return length[piece];
    }

    /** What a step of a piece is compared with; NaN for one that is not scored. */
    double target(int piece, int step) {
        if (step < scoredFrom[piece]) {
            return Double.NaN;
        } else if (!Double.isNaN(target[piece])) {
            return target[piece];
        }
        long row = from[piece] + step + horizon;
        return row < limit[piece] ? table.target(row) : Double.NaN;
    }

    /** The length of the longest. */
    int longest() {
        return Arrays.stream(length, 0, size).max().orElse(0);
    }
}
