package org.sab4j.data.text;

import java.util.Arrays;
import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Measure;
import org.sab4j.task.Part;

/**
 * Character language modelling (paper §4): the next character is to be said at each step. A part is cut into sequences of T
 * characters that don't overlap; the last one has what is left.
 */
public final class CharacterTask implements FiniteTask {

    private final Corpus corpus;
    private final int length;

    /**
     * The task on a text.
     *
     * @param length T, the characters of a sequence
     */
    public CharacterTask(Corpus corpus, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("A sequence must have at least 1 character: " + length);
        }
        this.corpus = corpus;
        this.length = length;
    }

    /** The characters that symbols stand for. */
    public Alphabet alphabet() {
        return corpus.alphabet();
    }

    /** Whether each part has a file of its own, see {@link Corpus#inFiles}. */
    public boolean inFiles() {
        return corpus.inFiles();
    }

    @Override
    public String name() {
        return "chars";
    }

    @Override
    public int inputs() {
        return corpus.alphabet().size();
    }

    @Override
    public boolean vectors() {
        return false;
    }

    @Override
    public int outputs() {
        return corpus.alphabet().size();
    }

    @Override
    public int steps() {
        return length;
    }

    /** The last character of a part is said, but nothing is to be said after it. */
    @Override
    public int sequences(Part part) {
        return Math.ceilDiv(Math.max(0, corpus.length(part) - 1), length);
    }

    @Override
    public Batch batch(Part part, int[] indices) {
        Text text = corpus.text(part);
        int steps =
                Arrays.stream(indices).map(index -> steps(text, index)).max().orElse(0);
        int[] inputs = new int[Math.multiplyExact(indices.length, steps)];
        int[] targets = new int[inputs.length];
        Arrays.fill(targets, Targets.NONE);
        for (int b = 0; b < indices.length; b++) {
            int from = indices[b] * length;
            for (int t = 0; t < steps(text, indices[b]); t++) {
                inputs[b * steps + t] = text.at(from + t);
                targets[b * steps + t] = text.at(from + t + 1);
            }
        }
        return new Batch(indices.length, steps, new Inputs.Symbols(inputs, inputs()), new Targets.Classes(targets));
    }

    private int steps(Text text, int index) {
        return Math.min(length, text.length() - 1 - index * length);
    }

    /** {@code bpc}, bits per character, and {@code accuracy}. */
    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        return Measure.all(sums, Measure.BITS_PER_CHARACTER, Measure.ACCURACY);
    }
}
