package org.sab4j.task;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;

/**
 * Copying (Hochreiter &amp; Schmidhuber 1997; paper §4, which has T + 20 inputs and counts T blanks): ten digits 1–8, T − 1 blanks (0), a marker (9), ten blanks, T + 20
 * steps in all. The output is 0 until the marker has passed, then the ten digits.
 *
 * @param length T, the steps between the last digit and the first that is asked for
 */
public record CopyTask(int length) implements Task {

    /** How many digits are to be copied. */
    public static final int DIGITS = 10;

    private static final int KINDS = 8;
    private static final int MARKER = 9;
    private static final double SOLVED = 0.9995; // 100.0 %, as the paper prints it

    /** Refuses a length below 1. */
    public CopyTask {
        if (length < 1) {
            throw new IllegalArgumentException("The copy task's length must be at least 1: " + length);
        }
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public int inputs() {
        return MARKER + 1;
    }

    @Override
    public boolean vectors() {
        return false;
    }

    @Override
    public int outputs() {
        return KINDS + 1;
    }

    @Override
    public int steps() {
        return length + 2 * DIGITS;
    }

    @Override
    public int reportFrom() {
        return length + DIGITS;
    }

    @Override
    public Batch batch(int sequences, RandomGenerator random) {
        int steps = steps();
        int[] symbols = new int[Math.multiplyExact(sequences, steps)];
        int[] targets = new int[symbols.length];
        for (int b = 0; b < sequences; b++) {
            int at = b * steps;
            for (int i = 0; i < DIGITS; i++) {
                int digit = 1 + random.nextInt(KINDS);
                symbols[at + i] = digit;
                targets[at + reportFrom() + i] = digit;
            }
            symbols[at + reportFrom() - 1] = MARKER;
        }
        return new Batch(sequences, steps, new Inputs.Symbols(symbols, inputs()), new Targets.Classes(targets));
    }

    /** {@code accuracy} and {@code ceLast} on the last ten steps. */
    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        SequencedMap<String, Double> measures = new LinkedHashMap<>();
        measures.put("accuracy", sums.accuracy());
        measures.put("ceLast", sums.reportedLoss());
        return measures;
    }

    @Override
    public double merit(LossSums sums) {
        return -sums.reportedLoss();
    }

    /** At 99.95 % on the last ten steps. */
    @Override
    public boolean solved(LossSums sums) {
        return sums.accuracy() >= SOLVED;
    }
}
