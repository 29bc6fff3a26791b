package org.sab4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of a few scores, and the corners: one memory, ties, NaN. */
class SparsifierTest {

    private static float[] weights(Sparsifier sparsifier, float epsilon, float... scores) {
        float[] weights = new float[scores.length];
        sparsifier.forward(scores.length, scores, epsilon, weights, 0);
        return weights;
    }

    private static float[] dScores(Sparsifier sparsifier, float epsilon, float[] scores, float... dWeights) {
        float[] weights = weights(sparsifier, epsilon, scores);
        float[] dScores = new float[scores.length];
        float sum = sparsifier.normaliser(scores.length, scores, epsilon);
        sparsifier.backward(scores.length, weights, 0, sum, dWeights, dScores);
        return dScores;
    }

    @Test
    void reluAsPrinted() {
        assertThat(weights(Sparsifier.RELU, 0, 5, 3, 2)).containsExactly(new float[] {0.75f, 0.25f, 0}, within(1e-7f));
        assertThat(weights(Sparsifier.RELU, 1, 5, 3, 2)).containsExactly(new float[] {0.6f, 0.2f, 0}, within(1e-7f));
        // θ takes part: what the others gain, its score loses.
        float[] d = dScores(Sparsifier.RELU, 0, new float[] {5, 3, 2}, 1, 2, 7);
        float mean = 0.75f + 0.5f;
        assertThat(d)
                .containsExactly(
                        new float[] {(1 - mean) / 4, (2 - mean) / 4, -(1 - mean) / 4 - (2 - mean) / 4}, within(1e-6f));
    }

    /** Not floats that a processor calculates with slowly. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void gradientsThatHaveVanishedAre0(Sparsifier sparsifier) {
        assertThat(dScores(sparsifier, 0, new float[] {5, 3, 2}, 1e-25f, -2e-25f, 3e-25f))
                .containsOnly(0);
        assertThat(dScores(sparsifier, 0, new float[] {5, 3, 2}, 1e-22f, -2e-22f, 3e-22f))
                .doesNotContain(0);
    }

    @Test
    void reluTakesTheThresholdToo() {
        assertThat(Sparsifier.RELU.taken(1)).isEqualTo(2);
        assertThat(Sparsifier.RELU.taken(Retrieval.ALL)).isEqualTo(Retrieval.ALL);
        assertThat(Sparsifier.SOFTMAX.taken(1)).isEqualTo(1);
        assertThat(Sparsifier.SOFTMAX.taken(Retrieval.ALL)).isEqualTo(Retrieval.ALL);
    }

    /** With K = 1 and ε = 0 the one weight is 1, and no score gets credit. */
    @Test
    void reluOfOne() {
        assertThat(weights(Sparsifier.RELU, 0, 5, 3)).containsExactly(1, 0);
        assertThat(dScores(Sparsifier.RELU, 0, new float[] {5, 3}, 4, 9)).containsOnly(0);
    }

    @Test
    void reluOfALoneMemoryAndOfTies() {
        assertThat(weights(Sparsifier.RELU, 0, 5)).containsExactly(0);
        assertThat(weights(Sparsifier.RELU, 0.1f, 5)).containsExactly(0);
        assertThat(dScores(Sparsifier.RELU, 0, new float[] {5}, 3)).containsExactly(0);
        assertThat(weights(Sparsifier.RELU, 0, 2, 2, 2)).containsOnly(0);
        assertThat(dScores(Sparsifier.RELU, 0, new float[] {2, 2, 2}, 3, 4, 5)).containsOnly(0);
        assertThat(weights(Sparsifier.RELU, 0, 3, 2, 2)).containsExactly(1, 0, 0);
    }

    /** Only differences of scores matter, and with ε = 0 not their size either. */
    @Test
    void reluIsInvariant() {
        float[] weights = weights(Sparsifier.RELU, 0, 5, 3, 2);
        assertThat(weights(Sparsifier.RELU, 0, 5e6f, 3e6f, 2e6f)).containsExactly(weights, within(1e-6f));
        assertThat(weights(Sparsifier.RELU, 0, 105, 103, 102)).containsExactly(weights, within(1e-6f));
    }

    @Test
    void softmax() {
        double e = Math.E;
        float[] weights = weights(Sparsifier.SOFTMAX, 0.5f, 1, 0, 1000 - 1000);
        assertThat((double) weights[0]).isCloseTo(e / (e + 2), within(1e-6));
        assertThat((double) weights[2]).isCloseTo(1 / (e + 2), within(1e-6));
        // In no order, as where all memories are taken.
        assertThat(weights(Sparsifier.SOFTMAX, 0, 0, 1000, 0)).containsExactly(0, 1, 0);
        assertThat(weights(Sparsifier.SOFTMAX, 0, -1000)).containsExactly(1);
        float[] d = dScores(Sparsifier.SOFTMAX, 0, new float[] {0, 0}, 3, 1);
        assertThat(d).containsExactly(new float[] {0.5f, -0.5f}, within(1e-6f));
    }

    @Test
    void aNullMemoryTakesWhatTheOthersLeave() {
        double e = Math.E;
        float[] weights = weights(Sparsifier.NULL_SOFTMAX, 0, 1, 0);
        assertThat((double) weights[0]).isCloseTo(e / (e + 2), within(1e-6));
        assertThat((double) weights[1]).isCloseTo(1 / (e + 2), within(1e-6));
        assertThat(weights(Sparsifier.NULL_SOFTMAX, 0, -1000)).containsExactly(0);
        assertThat(weights(Sparsifier.NULL_SOFTMAX, 0, 1000)).containsExactly(1);
        // w (1 − w) times the gradient: the null memory's own is 0.
        float[] d = dScores(Sparsifier.NULL_SOFTMAX, 0, new float[] {0}, 4);
        assertThat(d).containsExactly(new float[] {1}, within(1e-6f));
    }

    @ParameterizedTest
    @EnumSource(Sparsifier.class)
    void passesNanOn(Sparsifier sparsifier) {
        // The largest, as topK takes it.
        assertThat(Float.isNaN(weights(sparsifier, 0.1f, Float.NaN, 1, 0)[0])).isTrue();
        assertThat(Float.isNaN(weights(sparsifier, 0.1f, Float.NaN, Float.NaN)[0]))
                .isTrue();
        assertThat(Float.isNaN(weights(sparsifier, 0, Float.NaN)[0])).isTrue();
    }
}
