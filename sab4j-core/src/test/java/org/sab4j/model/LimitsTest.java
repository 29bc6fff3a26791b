package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.sab4j.model.Attention.DENSE;
import static org.sab4j.model.Attention.SPARSE;
import static org.sab4j.model.ScoreKind.MLP;
import static org.sab4j.model.ScoreKind.SALIENCE;
import static org.sab4j.retrieval.Sparsifier.RELU;
import static org.sab4j.retrieval.Sparsifier.SOFTMAX;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.memory.Keep;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** Settings that must come to the same, and what must not matter. */
class LimitsTest {

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels BEST = KernelProviders.kernels();
    private static final int STEPS = 13;

    private static void sameBits(Pass expected, Pass found) {
        assertThat(found.trace().window.y).isEqualTo(expected.trace().window.y);
        assertThat(found.gradients()).isEqualTo(expected.gradients());
        assertThat(found.replayed()).isEqualTo(expected.replayed());
        assertThat(found.sums().loss()).isEqualTo(expected.sums().loss());
    }

    private static Pass pass(ModelConfig config, Scoring scoring) {
        return Pass.of(Samples.model(config, BEST, 1), Samples.batch(config, 5, STEPS, false, true, scoring, 2));
    }

    /** Salience has no hidden units of its own: a memory's key is one number. */
    @Test
    void memoriesTakeAsMuchRoomAsTheyHaveKeys() {
        assertThat(config(MLP).memoryFloats(20)).isEqualTo((10 + 1) * (16 + 100));
        assertThat(config(SALIENCE).memoryFloats(20)).isEqualTo((10 + 1) * 16);
    }

    private static ModelConfig config(ScoreKind score) {
        return new ModelConfig(3, 16, 100, 3, SPARSE, score, SOFTMAX, 5, 2, 5, MentalUpdates.ON, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void noRetrievalIsTheLstm(int kTrunc) {
        sameBits(
                pass(Samples.lstm(kTrunc), Scoring.TAIL),
                pass(Samples.config(SPARSE, MLP, SOFTMAX, 0, 2, kTrunc), Scoring.TAIL));
    }

    /** A memory that is never written is none: as long as V2 has no part in it, this is the LSTM, too. */
    @ParameterizedTest
    @EnumSource(Sparsifier.class)
    void noMemoryIsTheLstm(Sparsifier sparsifier) {
        ModelConfig config = Samples.config(SPARSE, MLP, sparsifier, 2, STEPS + 1, 3);
        SequenceModel model = Samples.model(config, BEST, 1);
        SequenceModel lstm = new SequenceModel(Samples.lstm(3), BEST);
        for (var view : lstm.layout().views().values()) {
            int from = model.layout().view(view.name()).offset();
            System.arraycopy(model.parameters(), from, lstm.parameters(), view.offset(), view.count());
        }
        lstm.prepare();
        Batch batch = Samples.batch(config, 5, STEPS, 2);
        Pass expected = Pass.of(lstm, batch);
        Pass found = Pass.of(model, batch);
        assertThat(found.trace().window.y).isEqualTo(expected.trace().window.y);
        assertThat(model.layout().split(found.gradients()))
                .containsAllEntriesOf(java.util.Map.of("attention.w1", new float[20], "attention.w3", new float[4]))
                .containsEntry("output.v2", new float[20])
                .containsAllEntriesOf(lstm.layout().split(expected.gradients()));
    }

    @ParameterizedTest(name = "{0}, k_trunc {1}, k_att {2}")
    @CsvSource({"MLP, 0, 1", "MLP, 3, 1", "MLP, 5, 2", "SALIENCE, 0, 1", "SALIENCE, 4, 2"})
    void allByTheSoftmaxIsDense(ScoreKind score, int kTrunc, int kAtt) {
        Pass dense = pass(Samples.config(DENSE, score, RELU, 0, kAtt, kTrunc), Scoring.TAIL);
        for (int kTop : new int[] {STEPS / kAtt, STEPS / kAtt + 1, 1000, Retrieval.ALL}) {
            sameBits(dense, pass(Samples.config(SPARSE, score, SOFTMAX, kTop, kAtt, kTrunc), Scoring.TAIL));
        }
    }

    /** With the printed form, too, all is all: θ is then the smallest score. */
    @ParameterizedTest
    @EnumSource(ScoreKind.class)
    void manyByTheReluAreAll(ScoreKind score) {
        Pass all = pass(Samples.config(SPARSE, score, RELU, Retrieval.ALL, 1, 3), Scoring.TAIL);
        for (int kTop : new int[] {STEPS - 1, STEPS, 1000}) {
            sameBits(all, pass(Samples.config(SPARSE, score, RELU, kTop, 1, 3), Scoring.TAIL));
        }
        // And fewer are fewer.
        assertThat(pass(Samples.config(SPARSE, score, RELU, 3, 1, 3), Scoring.TAIL)
                        .trace()
                        .window
                        .y)
                .isNotEqualTo(all.trace().window.y);
    }

    static Stream<Arguments> attentions() {
        return Stream.of(
                Arguments.of(Samples.lstm(0)),
                Arguments.of(Samples.sab(2, 2, 0)),
                Arguments.of(Samples.config(SPARSE, SALIENCE, RELU, 2, 1, 0)),
                Arguments.of(Samples.config(DENSE, MLP, SOFTMAX, 0, 1, 0)));
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void aLongBlockCutsNothing(ModelConfig config) {
        Pass whole = pass(config, Scoring.TAIL);
        for (int kTrunc : new int[] {STEPS, STEPS + 1, 1000}) {
            sameBits(whole, pass(config.with(kTrunc, config.kTop(), config.kAtt()), Scoring.TAIL));
        }
        Pass cut = pass(config.with(STEPS - 1, config.kTop(), config.kAtt()), Scoring.TAIL);
        assertThat(cut.trace().window.y).isEqualTo(whole.trace().window.y);
        assertThat(cut.gradients()).isNotEqualTo(whole.gradients());
    }

    private static void close(float[] expected, float[] found, double tolerance, String what) {
        double largest = 0;
        for (float x : expected) {
            largest = Math.max(largest, Math.abs(x));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i])
                    .as("%s at %d", what, i)
                    .isCloseTo(expected[i], within(1e-6 + tolerance * largest));
        }
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void symbolsAreOneHotVectors(ModelConfig config) {
        SequenceModel model = Samples.model(config.with(4, config.kTop(), config.kAtt()), BEST, 3);
        Batch symbols = Samples.batch(config, 3, STEPS, 4);
        int[] values = ((Inputs.Symbols) symbols.inputs()).values();
        float[] x = new float[values.length * config.inputs()];
        for (int i = 0; i < values.length; i++) {
            x[i * config.inputs() + values[i]] = 1;
        }
        Batch vectors = new Batch(3, STEPS, new Inputs.Vectors(x, config.inputs()), symbols.targets());
        Pass expected = Pass.of(model, symbols);
        Pass found = Pass.of(model, vectors);
        close(expected.trace().window.y, found.trace().window.y, 1e-5, "y");
        close(expected.gradients(), found.gradients(), 1e-5, "gradients");
    }

    /** Any sizes, with the vector kernels as with the scalar ones. */
    @ParameterizedTest(name = "H {0}, A {1}")
    @CsvSource({"1, 1", "1, 17", "7, 16", "16, 7", "17, 40", "40, 1", "16, 16", "40, 17"})
    void anySizes(int hidden, int units) {
        for (ModelConfig config : new ModelConfig[] {
            Samples.sab(3, 1, 4),
            Samples.config(SPARSE, MLP, RELU, 3, 2, 4),
            Samples.config(SPARSE, SALIENCE, SOFTMAX, 3, 1, 4),
            Samples.config(DENSE, MLP, SOFTMAX, 0, 1, 0),
            Samples.lstm(5)
        }) {
            ModelConfig sized = Samples.sized(config, hidden, units);
            for (boolean vectors : new boolean[] {false, true}) {
                Batch batch = Samples.batch(sized, 3, 40, vectors, !vectors, Scoring.EVERY, 6);
                Pass expected = Pass.of(Samples.model(sized, SCALAR, 5), batch);
                Pass found = Pass.of(Samples.model(sized, BEST, 5), batch);
                assertThat(found.replayed()).isEqualTo(expected.replayed());
                close(expected.trace().window.y, found.trace().window.y, 1e-4, "y of " + sized);
                close(expected.gradients(), found.gradients(), 1e-3, "gradients of " + sized);
            }
        }
    }

    /** The states are carried and the memories stay, so how many steps are kept at a time does not matter. */
    @ParameterizedTest
    @MethodSource("attentions")
    void piecesMakeTheWhole(ModelConfig config) {
        int steps = 23;
        int rows = 3;
        for (Kernels kernels : new Kernels[] {SCALAR, BEST}) {
            for (boolean vectors : new boolean[] {false, true}) {
                SequenceModel model = Samples.model(config, kernels, 7);
                Batch batch = Samples.batch(config, rows, steps, vectors, true, Scoring.EVERY, 8);
                Pass whole = Pass.forward(model, batch, 1);
                for (int slots : new int[] {1, 4, 22, 23, 30}) {
                    Trace trace = model.trace(rows + 1, slots, steps, vectors, false);
                    LossSums sums = new LossSums();
                    float[] y = new float[whole.trace().window.y.length];
                    model.begin(trace, rows);
                    for (int from = 0; from < steps; from += slots) {
                        int to = Math.min(steps, from + slots);
                        model.forward(trace, batch, 0, from, to, true);
                        model.loss(model.loss(rows), trace, batch, from, to, 1, 0, sums);
                        int n = rows * config.outputs();
                        System.arraycopy(trace.window.y, 0, y, from * n, (to - from) * n);
                        model.carry(trace, to - from);
                    }
                    assertThat(y).as("%d steps at a time", slots).isEqualTo(whole.trace().window.y);
                    assertThat(sums.loss()).isEqualTo(whole.sums().loss());
                }
            }
        }
    }

    /** A shard's rows: outputs to the bit, gradients to rounding, are those of each row alone. */
    @ParameterizedTest
    @MethodSource("attentions")
    void rowsAreIndependent(ModelConfig c) {
        ModelConfig config = c.with(4, c.kTop(), c.kAtt());
        int rows = 6;
        SequenceModel model = Samples.model(config, BEST, 9);
        Batch batch = Samples.batch(config, rows, STEPS, true, true, Scoring.TAIL, 10);
        Pass together = Pass.of(model, batch, 1);
        float[] sum = new float[model.layout().size()];
        int n = config.outputs();
        for (int r = 0; r < rows; r++) {
            Pass alone = Pass.of(model, batch.sequence(r), 1);
            for (int t = 0; t < STEPS; t++) {
                int at = (t * rows + r) * n;
                assertThat(Arrays.copyOfRange(together.trace().window.y, at, at + n))
                        .as("row %d, step %d", r, t)
                        .isEqualTo(Arrays.copyOfRange(alone.trace().window.y, t * n, (t + 1) * n));
            }
            for (int i = 0; i < sum.length; i++) {
                sum[i] += alone.gradients()[i];
            }
        }
        close(sum, together.gradients(), 1e-5, "gradients");
    }

    /** A sequence with NaN in it leaves the others as they are. */
    @ParameterizedTest
    @MethodSource("attentions")
    void nanStaysInItsRow(ModelConfig config) {
        int rows = 4;
        SequenceModel model = Samples.model(config, BEST, 11);
        Batch batch = Samples.batch(config, rows, STEPS, true, true, Scoring.EVERY, 12);
        float[] good = Pass.forward(model, batch, 1).trace().window.y;
        ((Inputs.Vectors) batch.inputs()).values()[(2 * STEPS + 3) * config.inputs()] = Float.NaN;
        float[] bad = Pass.forward(model, batch, 1).trace().window.y;
        int n = config.outputs();
        for (int i = 0; i < good.length; i++) {
            int row = i / n % rows;
            int step = i / n / rows;
            float expected = row == 2 && step >= 3 ? Float.NaN : good[i];
            assertThat(Float.valueOf(bad[i])).as("row %d, step %d", row, step).isEqualTo(Float.valueOf(expected));
        }
    }

    /** A trace holds nothing over from one shard to the next: not even NaN. */
    @ParameterizedTest
    @MethodSource("attentions")
    void tracesForget(ModelConfig c) {
        ModelConfig config = c.with(4, c.kTop(), c.kAtt());
        SequenceModel model = Samples.model(config, BEST, 13);
        for (boolean vectors : new boolean[] {false, true}) {
            Batch batch = Samples.batch(config, 5, STEPS, vectors, true, Scoring.TAIL, 14);
            Batch spoilt = Samples.batch(config, 7, STEPS, vectors, false, Scoring.EVERY, 15);
            if (spoilt.inputs() instanceof Inputs.Vectors in) {
                Arrays.fill(in.values(), Float.NaN);
            } else if (spoilt.targets() instanceof Targets.Values targets) {
                Arrays.fill(targets.values(), Float.NaN);
            }
            Trace trace = model.trace(7, STEPS, STEPS, vectors, true);
            float[] gradients = new float[model.layout().size()];
            shard(model, trace, spoilt, gradients);
            assertThat(gradients).contains(Float.NaN);
            Arrays.fill(gradients, 0);
            double loss = shard(model, trace, batch, gradients);
            Pass fresh = Pass.of(model, batch, 1);
            assertThat(gradients).isEqualTo(fresh.gradients());
            assertThat(loss).isEqualTo(fresh.sums().loss());
        }
    }

    private static double shard(SequenceModel model, Trace trace, Batch batch, float[] gradients) {
        LossSums sums = new LossSums();
        model.begin(trace, batch.sequences());
        model.forward(trace, batch, 0, 0, STEPS, false);
        model.loss(model.loss(trace.rows), trace, batch, 0, STEPS, 1, 0, sums);
        model.backward(trace, STEPS, gradients);
        return sums.loss();
    }

    /** Targets of one sequence only: the others' steps are computed and don't count. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unscoredRowsGiveNothing(boolean classes) {
        ModelConfig config = Samples.sab(2, 1, 3);
        SequenceModel model = Samples.model(config, BEST, 16);
        Batch batch = Samples.batch(config, 3, STEPS, false, classes, Scoring.EVERY, 17);
        for (int at = 0; at < 3 * STEPS; at++) {
            if (at / STEPS != 1) {
                switch (batch.targets()) {
                    case Targets.Classes t -> t.values()[at] = Targets.NONE;
                    case Targets.Values t -> t.scored()[at] = false;
                }
            }
        }
        Pass together = Pass.of(model, batch, 1);
        Pass alone = Pass.of(model, batch.sequence(1), 1);
        assertThat(batch.scored()).isEqualTo(STEPS);
        assertThat(together.sums().loss()).isEqualTo(alone.sums().loss());
        close(alone.gradients(), together.gradients(), 1e-6, "gradients");
    }

    @Test
    void refusesABeamWithoutBound() {
        ModelConfig config = ModelConfig.sab(3, 4, 2);
        assertThat(config.searching(1 << 16).beam()).isEqualTo(1 << 16);
        assertThatThrownBy(() -> config.searching((1 << 16) + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beam must be at most 65536");
    }

    /** What would be passed over in silence is refused. */
    @Test
    void refusesSettingsThatWouldDoNothing() {
        assertThatThrownBy(() -> Samples.sab(2, 1, 5).keeping(Keep.ALL, 16)).hasMessageContaining("ALL keeps all: 16");
        assertThatThrownBy(() -> Samples.sab(2, 1, 5).keeping(Keep.LATEST, 4).searching(5))
                .hasMessageContaining("beam searches among all memories");
        assertThatThrownBy(
                        () -> Samples.config(SPARSE, SALIENCE, SOFTMAX, 2, 1, 5).searching(5))
                .hasMessageContaining("SALIENCE");
    }

    /** A batch of another width would be read askew. */
    @Test
    void refusesBatchesOfAnotherWidth() {
        ModelConfig config = Samples.sab(2, 1, 5);
        SequenceModel model = Samples.model(config, BEST, 1);
        Batch fits = Samples.batch(config, 2, 5, true, false, Scoring.EVERY, 1);
        Batch wide = new Batch(2, 5, new Inputs.Vectors(new float[2 * 5 * 6], 6), fits.targets());
        assertThatThrownBy(() -> Pass.forward(model, wide, 1))
                .hasMessageContaining("vectors of 6 inputs, and the model takes 3");
        Batch aims = new Batch(2, 5, fits.inputs(), new Targets.Values(new float[2 * 5 * 2], new boolean[] {
            true, true, true, true, true, true, true, true, true, true
        }));
        assertThatThrownBy(() -> Pass.forward(model, aims, 1))
                .hasMessageContaining("20 numbers for 10 steps, and the model has 4 outputs");
        Batch weighted = new Batch(2, 5, fits.inputs(), new Targets.Classes(new int[10], new float[] {1, 2, 3}));
        assertThatThrownBy(() -> Pass.forward(model, weighted, 1))
                .hasMessageContaining("weights for 3 classes, and the model has 4 outputs");
    }
}
