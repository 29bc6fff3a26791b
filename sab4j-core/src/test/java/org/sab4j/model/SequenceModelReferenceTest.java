package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.memory.Keep;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Reference;
import org.sab4j.testing.Samples;

/** Loss and gradients against the method written down scalar by scalar, over settings drawn at random. */
class SequenceModelReferenceTest {

    private static final int TRIALS = 40;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anySettings(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < TRIALS; trial++) {
            check(
                    config(random, one(random, 0, 0, 1, 2, 3), one(random, 0, 1, 2, 3, 5, 100)),
                    random,
                    "trial " + trial);
        }
    }

    /** Where a block passes nothing on, a memory that has credit from elsewhere must not get any of it all the same. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aBoundOnHops(int maxHops) {
        Random random = new Random(maxHops);
        for (int trial = 0; trial < TRIALS; trial++) {
            check(config(random, maxHops, one(random, 1, 2, 5)), random, "trial " + trial);
        }
    }

    /** Sequences that begin where others have ended, with the memories of those: three in a row. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void carriedOver(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < TRIALS; trial++) {
            ModelConfig config = config(random, one(random, 0, 1, 2), one(random, 0, 1, 3, 5), Keep.ALL);
            SequenceModel model = Samples.model(config, KernelProviders.kernels(), random.nextLong());
            int rows = 1 + random.nextInt(4);
            int steps = 3 + random.nextInt(9);
            boolean recompute = config.kTrunc() > 0 && random.nextBoolean();
            Carried carried = model.carried(rows, steps);
            for (int place = 0; place < 3; place++) {
                String what = "trial " + trial + ", " + config + ", place " + place;
                Batch batch = batch(config, random, rows, steps);
                Reference reference =
                        Reference.of(model, batch, Reference.Beginning.of(carried), (row, step, number) -> true);
                Pass pass = Pass.training(model, batch, batch.weight(), recompute, carried);
                carried.advance();
                compare(what, model, pass, reference);
            }
            assertThat(carried.count()).isEqualTo(config.attends() ? steps / config.kAtt() : 0);
        }
    }

    /** Where only some scores are looked at, the gradients are those of what was found, and as much is found as is taken. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void searching(long seed) {
        Random random = new Random(seed);
        long missed = 0;
        for (Sparsifier sparsifier : Sparsifier.values()) {
            ModelConfig config = searching(random, sparsifier);
            SequenceModel model = Samples.model(config, KernelProviders.kernels(), random.nextLong());
            Batch batch = batch(config, random, 2, 110);
            boolean recompute = config.kTrunc() > 0 && random.nextBoolean();
            Pass pass = Pass.training(model, batch, batch.weight(), recompute);
            Reference.Beginning empty = Reference.Beginning.empty(batch, config.hidden());
            Reference reference = Reference.of(model, batch, empty, found(pass, batch, config, 0));
            compare(config.toString(), model, pass, reference, roundedOff(reference));
            missed += reference.missed();
        }
        assertThat(missed)
                .as("steps at which not all of the largest scores are found")
                .isPositive();
    }

    /** And where sequences begin with the memories of others, in buffers that those have used: as in new ones. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void searchingCarriedOver(long seed) {
        Random random = new Random(seed);
        for (Sparsifier sparsifier : Sparsifier.values()) {
            ModelConfig config = searching(random, sparsifier);
            SequenceModel model = Samples.model(config, KernelProviders.kernels(), random.nextLong());
            boolean recompute = config.kTrunc() > 0 && random.nextBoolean();
            boolean vectors = random.nextBoolean();
            Carried carried = model.carried(2, 55);
            Carried same = model.carried(2, 55);
            Trace used = recompute ? model.recomputing(2, 110, vectors) : model.trace(2, 55, 110, vectors, true);
            for (int place = 0; place < 2; place++) {
                String what = config + ", place " + place;
                Batch batch = batch(config, random, vectors, 2, 55);
                Reference.Beginning beginning = Reference.Beginning.of(carried);
                Pass pass = Pass.training(model, used, batch, batch.weight(), carried);
                Pass anew = Pass.training(model, batch, batch.weight(), recompute, same);
                carried.advance();
                same.advance();
                assertThat(pass.gradients()).as(what).isEqualTo(anew.gradients());
                Reference.Candidates found = found(pass, batch, config, beginning.count());
                Reference reference = Reference.of(model, batch, beginning, found);
                compare(what, model, pass, reference, roundedOff(reference));
            }
        }
    }

    /** K = 2 of memories of every step, found from 64 on, from 96 on by {@code RELU}. */
    private static ModelConfig searching(Random random, Sparsifier sparsifier) {
        return new ModelConfig(
                3,
                5,
                4,
                4,
                Attention.SPARSE,
                ScoreKind.MLP,
                sparsifier,
                2,
                1,
                one(random, 0, 3, 7),
                random.nextBoolean() ? MentalUpdates.ON : pick(random, MentalUpdates.values()),
                0.5f,
                1,
                random.nextBoolean(),
                one(random, 0, 1) * 0.3f * random.nextFloat(),
                one(random, 0, 0, 1, 3),
                Keep.ALL,
                0,
                sparsifier.taken(2));
    }

    /** What a pass was reminded of, θ's memory included, after so many memories that were there before. */
    private static Reference.Candidates found(Pass pass, Batch batch, ModelConfig config, int before) {
        Retrieval.Trace found = Objects.requireNonNull(pass.trace().retrieval);
        int rows = batch.sequences();
        for (int cell = 0; cell < rows * batch.steps(); cell++) {
            assertThat(found.counts[cell])
                    .isEqualTo(Math.min(config.sparsifier().taken(config.kTop()), before + cell / rows));
        }
        return (row, step, number) -> {
            int cell = rows * step + row;
            int at = cell * found.width;
            return Arrays.stream(found.indices, at, at + found.counts[cell]).anyMatch(i -> i == number);
        };
    }

    private static int one(Random random, int... of) {
        return of[random.nextInt(of.length)];
    }

    private static <T> T pick(Random random, T[] of) {
        return of[random.nextInt(of.length)];
    }

    private static ModelConfig config(Random random, int maxHops, int kTrunc) {
        return config(random, maxHops, kTrunc, random.nextBoolean() ? Keep.ALL : pick(random, Keep.values()));
    }

    private static ModelConfig config(Random random, int maxHops, int kTrunc, Keep keep) {
        return new ModelConfig(
                3,
                one(random, 3, 5, 16, 17),
                one(random, 2, 4, 16, 18),
                4,
                random.nextInt(6) == 0 ? Attention.DENSE : random.nextInt(9) == 0 ? Attention.NONE : Attention.SPARSE,
                random.nextInt(3) == 0 ? ScoreKind.SALIENCE : ScoreKind.MLP,
                pick(random, Sparsifier.values()),
                one(random, 0, 1, 2, 3, 5, Integer.MAX_VALUE),
                one(random, 1, 1, 2, 3, 50),
                kTrunc,
                random.nextBoolean() ? MentalUpdates.ON : pick(random, MentalUpdates.values()),
                random.nextBoolean() ? 0.05f : 0.5f,
                random.nextBoolean() ? 1 : 0.3f,
                random.nextBoolean(),
                one(random, 0, 0, 1) * 0.3f * random.nextFloat(), // bounds that bind
                maxHops,
                keep,
                keep == Keep.ALL ? 0 : 1 + random.nextInt(4),
                0);
    }

    private static Batch batch(ModelConfig config, Random random) {
        return batch(config, random, 1 + random.nextInt(5), 3 + random.nextInt(14));
    }

    private static Batch batch(ModelConfig config, Random random, int rows, int steps) {
        return batch(config, random, random.nextBoolean(), rows, steps);
    }

    private static Batch batch(ModelConfig config, Random random, boolean vectors, int rows, int steps) {
        int cells = rows * steps;
        Inputs inputs = vectors
                ? new Inputs.Vectors(Samples.uniform(random, cells * config.inputs(), 1), config.inputs())
                : new Inputs.Symbols(random.ints(cells, 0, config.inputs()).toArray(), config.inputs());
        int style = random.nextInt(4);
        boolean[] scored = new boolean[cells];
        for (int row = 0; row < rows; row++) {
            int length = 1 + random.nextInt(steps);
            for (int step = 0; step < steps; step++) {
                scored[row * steps + step] = switch (style) {
                    case 0 -> true;
                    case 1 -> step == steps - 1;
                    case 2 -> step < length && step >= length - 2;
                    default -> random.nextInt(4) == 0 || step == 0;
                };
            }
        }
        if (random.nextBoolean()) {
            float[] values = Samples.uniform(random, cells * config.outputs(), 1);
            return new Batch(rows, steps, inputs, new Targets.Values(values, scored));
        }
        int[] classes = random.ints(cells, 0, config.outputs()).toArray();
        Arrays.setAll(classes, i -> scored[i] ? classes[i] : Targets.NONE);
        float[] weights = random.nextBoolean() ? new float[] {1, 2, 0.5f, 3} : new float[0];
        return new Batch(rows, steps, inputs, new Targets.Classes(classes, weights));
    }

    private static void check(ModelConfig config, Random random, String trial) {
        Batch batch = batch(config, random);
        for (Kernels kernels : List.of(new ScalarKernels(), KernelProviders.kernels())) {
            SequenceModel model = Samples.model(config, kernels, random.nextLong());
            Reference reference = Reference.of(model, batch);
            for (boolean recompute : config.kTrunc() > 0 ? new boolean[] {false, true} : new boolean[] {false}) {
                String what = trial + ", " + config + ", " + kernels.name() + (recompute ? ", recomputing" : "");
                Pass pass = Pass.training(model, batch, batch.weight(), recompute);
                compare(what, model, pass, reference);
            }
        }
    }

    /** Of gradients that are sums over long sequences, and may be small for all that is added up in them. */
    private static double roundedOff(Reference reference) {
        return 1e-6
                * Math.max(
                        1,
                        Arrays.stream(reference.gradients())
                                .map(Math::abs)
                                .max()
                                .orElseThrow());
    }

    private static void compare(String what, SequenceModel model, Pass pass, Reference reference) {
        compare(what, model, pass, reference, 1e-6);
    }

    private static void compare(String what, SequenceModel model, Pass pass, Reference reference, double roundedOff) {
        assertThat(pass.sums().loss()).as(what).isCloseTo(reference.loss(), within(1e-5 * (1 + reference.loss())));
        float[] gradients = pass.gradients();
        double[] expected = reference.gradients();
        for (View view : model.layout().views().values()) {
            double largest = 0;
            double difference = 0;
            for (int i = view.offset(); i < view.offset() + view.count(); i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                difference = Math.max(difference, Math.abs(gradients[i] - expected[i]));
            }
            assertThat(difference)
                    .as("%s: %s, of %g", what, view.name(), largest)
                    .isLessThanOrEqualTo(1e-3 * largest + roundedOff);
        }
    }
}
