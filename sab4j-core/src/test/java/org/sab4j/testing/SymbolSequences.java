package org.sab4j.testing;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Measure;
import org.sab4j.task.Part;

/** Sequences of symbols of different lengths; the next symbol is to be said. Sequence i of a part begins with symbol i mod 7. */
public final class SymbolSequences implements FiniteTask {

    private static final int SYMBOLS = 7;

    private final EnumMap<Part, int[][]> parts = new EnumMap<>(Part.class);

    /** Parts of those sizes, with lengths of 2 … {@code longest}. */
    public SymbolSequences(int training, int validation, int test, int longest, long seed) {
        Random random = new Random(seed);
        parts.put(Part.TRAINING, draw(training, longest, random));
        parts.put(Part.VALIDATION, draw(validation, longest, random));
        parts.put(Part.TEST, draw(test, longest, random));
    }

    private static int[][] draw(int size, int longest, Random random) {
        int[][] sequences = new int[size][];
        for (int i = 0; i < size; i++) {
            int length = i == 0 ? longest : 2 + random.nextInt(longest - 1);
            sequences[i] = random.ints(length + 1, 0, SYMBOLS).toArray();
            sequences[i][0] = i % SYMBOLS;
        }
        return sequences;
    }

    private int[][] of(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    /** A sequence's length. */
    public int length(Part part, int index) {
        return of(part)[index].length - 1;
    }

    @Override
    public String name() {
        return "symbols";
    }

    @Override
    public int inputs() {
        return SYMBOLS;
    }

    @Override
    public boolean vectors() {
        return false;
    }

    @Override
    public int outputs() {
        return SYMBOLS;
    }

    @Override
    public int steps() {
        return parts.values().stream()
                .flatMap(Arrays::stream)
                .mapToInt(sequence -> sequence.length - 1)
                .max()
                .orElseThrow();
    }

    @Override
    public int sequences(Part part) {
        return of(part).length;
    }

    @Override
    public Batch batch(Part part, int[] indices) {
        int steps = Arrays.stream(indices).map(i -> length(part, i)).max().orElseThrow();
        int[] inputs = new int[indices.length * steps];
        int[] targets = new int[inputs.length];
        Arrays.fill(targets, Targets.NONE);
        for (int b = 0; b < indices.length; b++) {
            int length = length(part, indices[b]);
            System.arraycopy(of(part)[indices[b]], 0, inputs, b * steps, length);
            System.arraycopy(of(part)[indices[b]], 1, targets, b * steps, length);
        }
        return new Batch(indices.length, steps, new Inputs.Symbols(inputs, SYMBOLS), new Targets.Classes(targets));
    }

    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        return Measure.all(sums, Measure.BITS_PER_CHARACTER, Measure.ACCURACY);
    }
}
