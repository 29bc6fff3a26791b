package org.sab4j.batch;

import java.util.Arrays;
import java.util.Optional;

/**
 * B sequences of T steps. Shorter ones are padded behind their end, with any finite input and {@link Targets#NONE}: a step depends
 * on those before it alone, so padding changes nothing. (Where sequences {@linkplain org.sab4j.train.TrainConfig#carry carry on}, one that is followed by
 * another must not be padded.)
 *
 * @param sequences B
 * @param steps T
 * @param inputs what the model sees
 * @param targets what it should say
 */
public record Batch(int sequences, int steps, Inputs inputs, Targets targets) {

    /** Checks that the arrays have the sizes that B and T ask for. */
    public Batch {
        if (sequences < 0 || steps < 0) {
            throw new IllegalArgumentException(
                    "There is no batch of " + sequences + " sequences of " + steps + " steps");
        }
        long cells = (long) sequences * steps;
        int found = switch (inputs) {
            case Inputs.Symbols symbols -> symbols.values().length;
            case Inputs.Vectors vectors -> wholeVectors(vectors.values().length, vectors.size());
        };
        if (found != cells) {
            throw new IllegalArgumentException("Inputs for " + found + " steps in a batch of " + sequences
                    + " sequences of " + steps + " steps (" + cells + ")");
        }
        int targeted = switch (targets) {
            case Targets.Classes classes -> classes.values().length;
            case Targets.Values values -> values.scored().length;
        };
        if (targeted != cells) {
            throw new IllegalArgumentException("Targets for " + targeted + " steps in a batch of " + sequences
                    + " sequences of " + steps + " steps (" + cells + ")");
        }
        if (targets instanceof Targets.Values values && cells > 0) {
            int numbers = values.values().length;
            if (numbers == 0 || numbers % cells != 0) {
                throw new IllegalArgumentException(
                        "Targets: " + numbers + " numbers can't be shared out over " + cells + " steps");
            }
        }
    }

    private static int wholeVectors(int numbers, int size) {
        if (size < 1 || numbers % size != 0) {
            throw new IllegalArgumentException("Inputs: " + numbers + " numbers are no whole vectors of " + size);
        }
        return numbers / size;
    }

    /**
     * One of the sequences, alone: a copy, with its padding.
     *
     * @param sequence 0 … B − 1
     * @throws IndexOutOfBoundsException if the batch has no such
     */
    public Batch sequence(int sequence) {
        if (sequence < 0 || sequence >= sequences) {
            throw new IndexOutOfBoundsException(
                    "The batch has no sequence " + sequence + ", from 0: it has " + sequences);
        }
        int from = sequence * steps;
        int to = from + steps;
        Inputs own = switch (inputs) {
            case Inputs.Symbols in -> new Inputs.Symbols(Arrays.copyOfRange(in.values(), from, to), in.size());
            case Inputs.Vectors in ->
                new Inputs.Vectors(Arrays.copyOfRange(in.values(), from * in.size(), to * in.size()), in.size());
        };
        Targets aims = switch (targets) {
            case Targets.Classes t -> new Targets.Classes(Arrays.copyOfRange(t.values(), from, to), t.weights());
            case Targets.Values t -> {
                int outputs = t.values().length / Math.max(1, t.scored().length);
                yield new Targets.Values(
                        Arrays.copyOfRange(t.values(), from * outputs, to * outputs),
                        Arrays.copyOfRange(t.scored(), from, to));
            }
        };
        return new Batch(1, steps, own, aims);
    }

    /** What the losses of all scored steps are divided by: how many there are, or the sum of their classes' weights. */
    public float weight() {
        if (!(targets instanceof Targets.Classes classes) || classes.weights().length == 0) {
            return scored();
        }
        double weight = 0;
        for (int at = 0; at < sequences * steps; at++) {
            weight += targets.weight(at);
        }
        return (float) weight;
    }

    /**
     * Why no loss can come of it: of its {@linkplain Targets#unusable targets}, or of an input that is no finite number, named by its place,
     * its step and its sequence, all from 0; empty if nothing speaks against it.
     */
    public Optional<String> unusable() {
        return targets.unusable().or(this::unusableInput);
    }

    /** The first input that is no finite number, by its place, its step and its sequence, all from 0; empty if there is none. */
    public Optional<String> unusableInput() {
        if (inputs instanceof Inputs.Vectors vectors) {
            for (int i = 0; i < vectors.values().length; i++) {
                if (!Float.isFinite(vectors.values()[i])) {
                    int cell = i / vectors.size();
                    return Optional.of("input " + i % vectors.size() + " of step " + cell % steps + " of sequence "
                            + cell / steps + " is " + vectors.values()[i]);
                }
            }
        }
        return Optional.empty();
    }

    /** How many steps of all sequences the loss counts. */
    public int scored() {
        int count = 0;
        for (int at = 0; at < sequences * steps; at++) {
            if (targets.scored(at)) {
                count++;
            }
        }
        return count;
    }
}
