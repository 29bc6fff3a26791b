package org.sab4j.testing;

import java.util.Arrays;
import java.util.Random;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Attention;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.model.SequenceModel;
import org.sab4j.retrieval.Sparsifier;

/** Small models and batches for tests, drawn from a seed. */
public final class Samples {

    /** Which steps the loss counts. */
    public enum Scoring {
        /** All. */
        EVERY,
        /** The last third. */
        TAIL,
        /** The last. */
        LAST;

        /** The first scored step, from 0. */
        public int from(int steps) {
            return switch (this) {
                case EVERY -> 0;
                case TAIL -> steps - steps / 3;
                case LAST -> steps - 1;
            };
        }
    }

    private Samples() {}

    /** I = 3, H = 5, A = 4, O = 4, ε = 0.05; mental updates on. */
    public static ModelConfig config(
            Attention attention, ScoreKind score, Sparsifier sparsifier, int kTop, int kAtt, int kTrunc) {
        return new ModelConfig(
                3, 5, 4, 4, attention, score, sparsifier, kTop, kAtt, kTrunc, MentalUpdates.ON, 0.05f, 1);
    }

    /** The method with {@code mlp} scores and the softmax. */
    public static ModelConfig sab(int kTop, int kAtt, int kTrunc) {
        return config(Attention.SPARSE, ScoreKind.MLP, Sparsifier.SOFTMAX, kTop, kAtt, kTrunc);
    }

    /** The plain LSTM. */
    public static ModelConfig lstm(int kTrunc) {
        return config(Attention.NONE, ScoreKind.MLP, Sparsifier.SOFTMAX, 0, 1, kTrunc);
    }

    /** The same with other sizes. */
    public static ModelConfig sized(ModelConfig c, int hidden, int attentionHidden) {
        return new ModelConfig(
                c.inputs(),
                hidden,
                attentionHidden,
                c.outputs(),
                c.attention(),
                c.score(),
                c.sparsifier(),
                c.kTop(),
                c.kAtt(),
                c.kTrunc(),
                c.mentalUpdates(),
                c.epsilon(),
                c.scoreScale(),
                c.scoreCredit(),
                c.memoryBound(),
                c.maxHops(),
                c.keep(),
                c.memories(),
                c.beam());
    }

    /** The same with other mental updates and another scale of the scores. */
    public static ModelConfig varied(ModelConfig c, MentalUpdates mentalUpdates, float scoreScale) {
        return new ModelConfig(
                c.inputs(),
                c.hidden(),
                c.attentionHidden(),
                c.outputs(),
                c.attention(),
                c.score(),
                c.sparsifier(),
                c.kTop(),
                c.kAtt(),
                c.kTrunc(),
                mentalUpdates,
                c.epsilon(),
                scoreScale,
                c.scoreCredit(),
                c.memoryBound(),
                c.maxHops(),
                c.keep(),
                c.memories(),
                c.beam());
    }

    /** Uniform on ±size. */
    public static float[] uniform(Random random, int n, float size) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = size * (2 * random.nextFloat() - 1);
        }
        return x;
    }

    /** A model with all parameters uniform on ±2/√H, but at most ±1. */
    public static SequenceModel model(ModelConfig config, Kernels kernels, long seed) {
        SequenceModel model = new SequenceModel(config, kernels);
        float size = (float) Math.min(1, 2 / Math.sqrt(config.hidden()));
        float[] values = uniform(new Random(seed), model.layout().size(), size);
        System.arraycopy(values, 0, model.parameters(), 0, values.length);
        model.prepare();
        return model;
    }

    /** Sequences of symbols or vectors, with classes or numbers to be said. */
    public static Batch batch(
            ModelConfig config,
            int sequences,
            int steps,
            boolean vectors,
            boolean classes,
            Scoring scoring,
            long seed) {
        Random random = new Random(seed);
        int cells = sequences * steps;
        Inputs inputs = vectors
                ? new Inputs.Vectors(uniform(random, cells * config.inputs(), 1), config.inputs())
                : new Inputs.Symbols(random.ints(cells, 0, config.inputs()).toArray(), config.inputs());
        int from = scoring.from(steps);
        if (!classes) {
            boolean[] scored = new boolean[cells];
            for (int i = 0; i < cells; i++) {
                scored[i] = i % steps >= from;
            }
            float[] values = uniform(random, cells * config.outputs(), 1);
            return new Batch(sequences, steps, inputs, new Targets.Values(values, scored));
        }
        int[] values = random.ints(cells, 0, config.outputs()).toArray();
        Arrays.setAll(values, i -> i % steps >= from ? values[i] : Targets.NONE);
        return new Batch(sequences, steps, inputs, new Targets.Classes(values));
    }

    /** Symbols and classes, scored at every step. */
    public static Batch batch(ModelConfig config, int sequences, int steps, long seed) {
        return batch(config, sequences, steps, false, true, Scoring.EVERY, seed);
    }
}
