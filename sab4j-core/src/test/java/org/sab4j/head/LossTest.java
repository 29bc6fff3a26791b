package org.sab4j.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.model.ModelConfig;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.testing.FiniteDifferences;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** Outputs and losses of given states: against the formulas, and their gradients against differences. */
class LossTest {

    private static final Kernels KERNELS = new ScalarKernels();
    private static final int ROWS = 3;
    private static final int STEPS = 2;

    @Test
    void whatIsNoNumberIsNeverRight() {
        ModelConfig config = Samples.lstm(0);
        int outputs = config.outputs();
        Loss loss = new Loss(KERNELS, 1, outputs);
        float[] y = new float[outputs];
        Arrays.fill(y, Float.NaN);
        Batch batch =
                new Batch(1, 1, new Inputs.Symbols(new int[1], config.inputs()), new Targets.Classes(new int[] {0}));
        LossSums sums = new LossSums();
        loss.step(batch, 0, new int[1], 1, y, 0, new float[outputs], 0, 1, true, sums);
        assertThat(sums.accuracy()).isZero();
        assertThat(sums.loss()).isNaN();
        y[0] = 1;
        loss.step(batch, 0, new int[1], 1, y, 0, new float[outputs], 0, 1, true, sums);
        assertThat(sums.accuracy()).isZero();
    }

    @Test
    void numbersHaveNoAccuracy() {
        ModelConfig config = Samples.lstm(0);
        int outputs = config.outputs();
        Batch batch = Samples.batch(config, 1, 1, false, false, Scoring.EVERY, 1);
        LossSums sums = new LossSums();
        new Loss(KERNELS, 1, outputs)
                .step(batch, 0, new int[1], 1, new float[outputs], 0, new float[outputs], 0, 1, true, sums);
        assertThat(sums.loss()).isFinite();
        assertThat(sums.accuracy()).isNaN();
    }

    @ParameterizedTest(name = "classes {0}, attention {1}, seed {2}")
    @CsvSource({"true, true, 1", "true, false, 2", "false, true, 3", "false, false, 4"})
    void gradients(boolean classes, boolean attention, long seed) {
        ModelConfig config = Samples.lstm(0);
        int hidden = config.hidden();
        int outputs = config.outputs();
        Random random = new Random(seed);
        ParameterLayout layout = new ParameterLayout();
        OutputHead head = new OutputHead(KERNELS, KERNELS, hidden, outputs, attention, layout);
        Loss loss = new Loss(KERNELS, ROWS, outputs);
        Batch batch = Samples.batch(config, ROWS, STEPS, false, classes, Scoring.EVERY, seed);
        if (batch.targets() instanceof Targets.Classes targets) {
            targets.values()[1] = Targets.NONE; // row 0 isn't scored at step 1
        } else if (batch.targets() instanceof Targets.Values targets) {
            targets.scored()[1] = false;
        }
        float[] parameters = Samples.uniform(random, layout.size(), 1);
        float[] h = Samples.uniform(random, STEPS * ROWS * hidden, 1);
        float[] s = Samples.uniform(random, STEPS * ROWS * hidden, 1);
        float[] y = new float[STEPS * ROWS * outputs];
        float[] dy = new float[y.length];
        int n = 3; // not the number of scored steps, to see that it is used
        FiniteDifferences differences = new FiniteDifferences("classes " + classes + ", seed " + seed, () -> {
            head.prepare(parameters);
            LossSums sums = new LossSums();
            for (int step = 0; step < STEPS; step++) {
                int at = step * ROWS;
                head.forward(ROWS, h, at * hidden, s, at * hidden, y, at * outputs);
                loss.step(batch, step, new int[] {0, 1, 2}, ROWS, y, at * outputs, dy, at * outputs, n, true, sums);
            }
            assertThat(sums.scored()).isEqualTo(STEPS * ROWS - 1);
            return new FiniteDifferences.Point(sums.loss() * sums.scored() / n, List.of());
        });
        differences.point();
        float[] gradients = new float[layout.size()];
        float[] dh = new float[h.length];
        float[] ds = new float[s.length];
        for (int step = 0; step < STEPS; step++) {
            float[] stepDh = new float[ROWS * hidden];
            float[] stepDs = new float[ROWS * hidden];
            head.backward(ROWS, dy, step * ROWS * outputs, stepDh, stepDs);
            System.arraycopy(stepDh, 0, dh, step * ROWS * hidden, stepDh.length);
            System.arraycopy(stepDs, 0, ds, step * ROWS * hidden, stepDs.length);
        }
        head.gradients(STEPS * ROWS, dy, 0, h, 0, s, 0, gradients, new float[Kernels.SCRATCH]);
        // Before the differences: each of them leaves its own gradient of the outputs.
        float[] dyThen = dy.clone();
        for (View view : layout.views().values()) {
            differences.check(view.name(), parameters, view.offset(), view.count(), gradients, view.offset());
        }
        differences.check("h", h, 0, h.length, dh, 0);
        differences.check("s", s, 0, s.length, ds, 0);
        // The step that isn't scored has no gradient.
        assertThat(Arrays.copyOfRange(dyThen, ROWS * outputs, (ROWS + 1) * outputs))
                .containsOnly(0);
        assertThat(layout.views().containsKey("output.v2")).isEqualTo(attention);
    }

    /** One step of one sequence. */
    private static LossSums step(Targets targets, boolean reported, float[] dy, float... y) {
        LossSums sums = new LossSums();
        Batch batch = new Batch(1, 1, new Inputs.Symbols(new int[1], 1), targets);
        new Loss(KERNELS, 1, y.length).step(batch, 0, new int[] {0}, 1, y, 0, dy, 0, 1, reported, sums);
        return sums;
    }

    private static LossSums crossEntropy(int target, float... y) {
        return step(new Targets.Classes(new int[] {target}), true, new float[y.length], y);
    }

    @Test
    void crossEntropyByHand() {
        float[] dy = new float[3];
        LossSums sums = step(new Targets.Classes(new int[] {1}), true, dy, 0, (float) Math.log(2), (float) Math.log(5));
        assertThat(sums.loss()).isCloseTo(-Math.log(0.25), within(1e-6));
        assertThat(dy).containsExactly(new float[] {0.125f, -0.75f, 0.625f}, within(1e-6f));
        assertThat(sums.accuracy()).isZero();
        assertThat(sums.reportedLoss()).isEqualTo(sums.loss());
        assertThat(crossEntropy(2, 0, 1, 2).accuracy()).isEqualTo(1);
    }

    /** A target whose probability single precision can't hold still has a finite loss: the difference of the outputs. */
    @Test
    void crossEntropyOfLargeOutputs() {
        assertThat(crossEntropy(0, 0, 1000).loss()).isCloseTo(1000, within(1e-3));
        assertThat(crossEntropy(1, 0, 1000).loss()).isCloseTo(0, within(1e-6));
        assertThat(crossEntropy(0, -1e30f, 1e30f).loss()).isCloseTo(2e30, within(1e24));
    }

    @Test
    void crossEntropyOfNan() {
        ToDoubleFunction<float[]> loss = y -> crossEntropy(1, y).loss();
        assertThat(loss.applyAsDouble(new float[] {Float.NaN, 1, 2})).isNaN();
        assertThat(loss.applyAsDouble(new float[] {0, Float.NaN, 2})).isNaN();
        assertThat(loss.applyAsDouble(new float[] {0, 1, Float.NaN})).isNaN();
        assertThat(loss.applyAsDouble(new float[] {0, 1, Float.POSITIVE_INFINITY}))
                .isNotEqualTo(0)
                .matches(x -> !Double.isFinite(x));
        assertThat(loss.applyAsDouble(new float[] {0, Float.NEGATIVE_INFINITY, 1}))
                .isInfinite();
    }

    @Test
    void squaredErrorByHand() {
        float[] dy = new float[2];
        Targets targets = new Targets.Values(new float[] {1, 5}, new boolean[] {true});
        LossSums sums = step(targets, false, dy, 3, 4);
        assertThat(sums.loss()).isEqualTo((4 + 1) / 2.0);
        assertThat(dy).containsExactly(2, -1);
        assertThat(sums.reportedLoss()).isNaN(); // nothing reported
        assertThat(step(targets, true, dy, 3, Float.NaN).loss()).isNaN();
    }

    /** Σ w CE / Σ w, with the gradient of that; what is not scored weighs nothing. */
    @Test
    void classWeights() {
        float[] weights = {2, 0.5f, 4};
        int[] targets = {1, Targets.NONE, 2};
        float[] y = {0.3f, -1, 2, 9, 9, 9, 1, 0.2f, -0.7f};
        Batch weighted =
                new Batch(3, 1, new Inputs.Symbols(new int[3], 1), new Targets.Classes(targets.clone(), weights));
        assertThat(weighted.weight()).isEqualTo(4.5f);
        assertThat(weighted.scored()).isEqualTo(2);
        LossSums sums = new LossSums();
        float[] dy = new float[9];
        new Loss(KERNELS, 3, 3).step(weighted, 0, new int[] {0, 1, 2}, 3, y, 0, dy, 0, weighted.weight(), true, sums);
        double first = crossEntropy(1, 0.3f, -1, 2).loss();
        double third = crossEntropy(2, 1, 0.2f, -0.7f).loss();
        assertThat(sums.loss()).isCloseTo((0.5 * first + 4 * third) / 4.5, within(1e-6));
        assertThat(sums.reportedLoss()).isEqualTo(sums.loss());
        float[] plain = new float[3];
        step(new Targets.Classes(new int[] {2}), true, plain, 1, 0.2f, -0.7f);
        for (int o = 0; o < 3; o++) {
            assertThat(dy[6 + o]).isCloseTo(4 * plain[o] / 4.5f, within(1e-6f));
            assertThat(dy[3 + o]).isZero();
        }
    }

    /** Weights of 1 are no weights, to the bit. */
    @Test
    void weightsOfOne() {
        float[] plain = new float[3];
        float[] ones = new float[3];
        double loss = step(new Targets.Classes(new int[] {1}), true, plain, 0.1f, -2, 3)
                .loss();
        double weighted = step(new Targets.Classes(new int[] {1}, new float[] {1, 1, 1}), true, ones, 0.1f, -2, 3)
                .loss();
        assertThat(weighted).isEqualTo(loss);
        assertThat(ones).isEqualTo(plain);
    }

    @Test
    void refusesATargetThatIsNone() {
        assertThatThrownBy(() -> crossEntropy(3, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Target 3");
        assertThatThrownBy(() -> crossEntropy(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sumsAddUp() {
        LossSums all = new LossSums();
        LossSums one = new LossSums();
        one.answered(3, 1, true, true);
        one.answered(5, 1, false, true); // not reported, so not counted as correct
        LossSums other = new LossSums();
        other.answered(7, 1, true, false);
        all.add(one);
        all.add(other);
        assertThat(all.scored()).isEqualTo(3);
        assertThat(all.loss()).isEqualTo(5);
        assertThat(all.reportedLoss()).isEqualTo(5);
        assertThat(all.accuracy()).isEqualTo(0.5);
        all.clear();
        assertThat(all.scored()).isZero();
        assertThat(all.loss()).isNaN();
        all.add(other);
        assertThat(all.loss()).isEqualTo(7);
        assertThat(all.accuracy()).isZero();
    }
}
