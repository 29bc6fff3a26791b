package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.batch.Batch;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.Keep;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** The ways of a replay come to the same: in place, gathered, recomputed, or a sweep over everything. */
class ReplayWaysTest {

    private static final int STEPS = 41;
    private static final int ROWS = 6;

    /** A model, what is scored, and of what kind the inputs are. */
    record Way(ModelConfig config, Scoring scoring, boolean vectors) {}

    static Stream<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (Scoring scoring : Scoring.values()) {
            for (boolean vectors : new boolean[] {false, true}) {
                for (int kTrunc : new int[] {1, 4, 50}) {
                    ModelConfig sab = Samples.sab(2, 2, kTrunc);
                    ways.add(new Way(sab, scoring, vectors));
                    ways.add(new Way(sab.within(2), scoring, vectors));
                    ways.add(new Way(
                            Samples.config(Attention.SPARSE, ScoreKind.SALIENCE, Sparsifier.RELU, 2, 1, kTrunc),
                            scoring,
                            vectors));
                    ways.add(new Way(Samples.lstm(kTrunc), scoring, vectors));
                    for (Keep keep : Keep.values()) {
                        ways.add(new Way(
                                Samples.sab(2, 1, kTrunc).keeping(keep, keep == Keep.ALL ? 0 : 4), scoring, vectors));
                    }
                    ways.add(new Way(sab.with(MentalUpdates.DIRECT), scoring, vectors));
                    ways.add(new Way(sab.with(MentalUpdates.OFF).keeping(Keep.SURPRISING, 3), scoring, vectors));
                }
            }
        }
        return ways.stream();
    }

    private static SequenceModel model(Way way) {
        return Samples.model(way.config, KernelProviders.kernels(), 5);
    }

    private static Batch batch(Way way) {
        return Samples.batch(way.config, ROWS, STEPS, way.vectors, way.vectors, way.scoring, 6);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void recomputingKeepsTheBits(Way way) {
        SequenceModel model = model(way);
        Batch batch = batch(way);
        Pass kept = Pass.training(model, batch, batch.scored(), false);
        Pass recomputed = Pass.training(model, batch, batch.scored(), true);
        assertThat(recomputed.gradients()).isEqualTo(kept.gradients());
        assertThat(recomputed.sums().loss()).isEqualTo(kept.sums().loss());
        assertThat(recomputed.replayed()).isEqualTo(kept.replayed());
        assertThat(kept.gradients()).isEqualTo(Pass.of(model, batch).gradients());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theFullSweepIsTheSameButForRounding(Way way) {
        Batch batch = batch(way);
        Pass sparse = Pass.of(model(way), batch);
        Pass full = Pass.sweepingAll(model(way), batch);
        assertThat(full.replayed().rows()).isEqualTo(full.replayed().allRows());
        assertThat(full.replayed().steps()).isEqualTo(STEPS);
        double largest = 0;
        for (float x : full.gradients()) {
            largest = Math.max(largest, Math.abs(x));
        }
        for (int i = 0; i < full.gradients().length; i++) {
            assertThat((double) sparse.gradients()[i])
                    .as("gradient %d", i)
                    .isCloseTo(full.gradients()[i], within(1e-7 + 1e-5 * largest));
        }
        if (way.scoring == Scoring.LAST && way.config.kTrunc() == 4 && !way.config.attends()) {
            assertThat(sparse.replayed().blocks()).isEqualTo(1);
        }
    }

    /** A trace that recomputes holds nothing over from one shard to the next. */
    @Test
    void tracesForget() {
        ModelConfig config = Samples.sab(2, 1, 4).keeping(Keep.SURPRISING, 5);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 3);
        Trace trace = model.recomputing(7, STEPS, true);
        float[] gradients = new float[model.layout().size()];
        var sums = new org.sab4j.head.LossSums();
        Batch other = Samples.batch(config, 7, STEPS, true, true, Scoring.EVERY, 1);
        model.pass(trace, model.loss(7), other, 0, 7, 1, 0, sums, gradients, done -> {});
        Batch batch = Samples.batch(config, 5, STEPS, true, true, Scoring.TAIL, 2);
        java.util.Arrays.fill(gradients, 0);
        model.pass(trace, model.loss(7), batch, 0, 5, 1, 0, sums, gradients, done -> {});
        assertThat(gradients).isEqualTo(Pass.training(model, batch, 1, true).gradients());
    }

    @Test
    void progressGoesUp() {
        SequenceModel model = Samples.model(Samples.sab(2, 2, 10), KernelProviders.kernels(), 1);
        Batch batch = Samples.batch(model.config(), 2, 1000, 1);
        Trace trace = model.recomputing(2, 1000, false);
        List<Integer> told = new ArrayList<>();
        float[] gradients = new float[model.layout().size()];
        model.pass(trace, model.loss(2), batch, 0, 2, 1, 0, new org.sab4j.head.LossSums(), gradients, told::add);
        assertThat(told).isSorted().hasSizeGreaterThan(100).endsWith(2000);
        assertThat(told.getFirst()).isLessThan(1000);
    }

    @Test
    void refusesToRecomputeWithoutBlocks() {
        SequenceModel model = Samples.model(Samples.sab(2, 2, 0), KernelProviders.kernels(), 1);
        assertThatThrownBy(() -> model.recomputing(2, STEPS, false)).hasMessageContaining("k_trunc");
    }
}
