package org.sab4j.example;

import java.util.Arrays;
import java.util.Random;
import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Measure;
import org.sab4j.task.Part;

/** A task of one's own: sequences of bits, of which the number of ones is even or odd. Stands in docs/data.md. */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
// doc: begin
public record Parity(boolean[][] training, boolean[][] validation, boolean[][] test) implements FiniteTask {

    /** Random sequences of 2 to {@code longest} bits. */
    public static Parity random(int sequences, int longest, long seed) {
        Random random = new Random(seed);
        return new Parity(
                draw(sequences, longest, random),
                draw(sequences / 4, longest, random),
                draw(sequences / 4, longest, random));
    }

    private static boolean[][] draw(int sequences, int longest, Random random) {
        boolean[][] drawn = new boolean[sequences][];
        for (int i = 0; i < sequences; i++) {
            drawn[i] = new boolean[2 + random.nextInt(longest - 1)];
            for (int t = 0; t < drawn[i].length; t++) {
                drawn[i][t] = random.nextBoolean();
            }
        }
        return drawn;
    }

    private boolean[][] of(Part part) {
        return switch (part) {
            case TRAINING -> training;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    @Override
    public String name() {
        return "parity";
    }

    @Override
    public int inputs() {
        return 2; // symbols: 0 and 1
    }

    @Override
    public boolean vectors() {
        return false;
    }

    @Override
    public int outputs() {
        return 2; // classes: even and odd
    }

    @Override
    public int steps() {
        return Arrays.stream(Part.values())
                .flatMap(part -> Arrays.stream(of(part)))
                .mapToInt(bits -> bits.length)
                .max()
                .orElseThrow();
    }

    @Override
    public int sequences(Part part) {
        return of(part).length;
    }

    @Override
    public Batch batch(Part part, int[] indices) {
        int steps = Arrays.stream(indices).map(i -> of(part)[i].length).max().orElseThrow();
        int[] symbols = new int[indices.length * steps]; // behind a sequence's end any symbol will do
        int[] targets = new int[symbols.length];
        Arrays.fill(targets, Targets.NONE); // only the last step is scored
        for (int b = 0; b < indices.length; b++) {
            boolean[] bits = of(part)[indices[b]];
            int ones = 0;
            for (int t = 0; t < bits.length; t++) {
                symbols[b * steps + t] = bits[t] ? 1 : 0;
                ones += bits[t] ? 1 : 0;
            }
            targets[b * steps + bits.length - 1] = ones % 2;
        }
        return new Batch(indices.length, steps, new Inputs.Symbols(symbols, 2), new Targets.Classes(targets));
    }

    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        return Measure.all(sums, Measure.ACCURACY, Measure.CROSS_ENTROPY);
    }
}
// doc: end
