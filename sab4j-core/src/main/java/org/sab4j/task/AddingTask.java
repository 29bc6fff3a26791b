package org.sab4j.task;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;

/**
 * Adding (Hochreiter &amp; Schmidhuber 1997; paper §4): T steps of a number, uniform on [0, 1), and a mask that is 1 at one
 * step of each half; the target at the last step is the sum of the two marked numbers.
 *
 * @param length T
 */
public record AddingTask(int length) implements Task {

    private static final double SOLVED = 1e-6;

    /** Refuses a length below 2. */
    public AddingTask {
        if (length < 2) {
            throw new IllegalArgumentException("The adding task's length must be at least 2: " + length);
        }
    }

    @Override
    public String name() {
        return "adding";
    }

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public boolean vectors() {
        return true;
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public int steps() {
        return length;
    }

    @Override
    public int reportFrom() {
        return length - 1;
    }

    @Override
    public Batch batch(int sequences, RandomGenerator random) {
        int cells = Math.multiplyExact(sequences, length);
        float[] x = new float[Math.multiplyExact(2, cells)];
        float[] targets = new float[cells];
        boolean[] scored = new boolean[cells];
        for (int b = 0; b < sequences; b++) {
            int at = b * length;
            for (int t = 0; t < length; t++) {
                x[2 * (at + t)] = random.nextFloat();
            }
            int first = at + random.nextInt(length / 2);
            int second = at + length / 2 + random.nextInt(length - length / 2);
            x[2 * first + 1] = 1;
            x[2 * second + 1] = 1;
            targets[at + length - 1] = x[2 * first] + x[2 * second];
            scored[at + length - 1] = true;
        }
        return new Batch(sequences, length, new Inputs.Vectors(x, 2), new Targets.Values(targets, scored));
    }

    /** {@code mse}, at the last step. */
    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        SequencedMap<String, Double> measures = new LinkedHashMap<>();
        measures.put("mse", sums.loss());
        return measures;
    }

    @Override
    public double merit(LossSums sums) {
        return -sums.loss();
    }

    /** At a mean squared error of 1e-6. */
    @Override
    public boolean solved(LossSums sums) {
        return sums.loss() <= SOLVED;
    }
}
