package org.sab4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference itself: small cases by hand, and each backward kernel against differences of its forward kernel. */
class ScalarKernelsTest {

    private static final Kernels KERNELS = new ScalarKernels();

    private static float[] random(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = 2 * random.nextFloat() - 1;
        }
        return x;
    }

    private static double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }

    /** Central differences of a loss with respect to each of x; x is as it was afterwards. */
    private static void gradient(String what, float[] x, float[] expected, DoubleSupplier loss) {
        for (int i = 0; i < x.length; i++) {
            float middle = x[i];
            x[i] = middle + 1e-2f;
            double above = x[i];
            double plus = loss.getAsDouble();
            x[i] = middle - 1e-2f;
            double slope = (plus - loss.getAsDouble()) / (above - x[i]);
            x[i] = middle;
            assertThat((double) expected[i])
                    .as("%s, entry %d", what, i)
                    .isCloseTo(slope, within(3e-4 + 1e-3 * Math.abs(slope)));
        }
    }

    @Test
    void multiplies() {
        float[] a = {9, 1, 2, 3, 9, 4, 5, 6}; // (2, 3) from 1, row stride 4
        float[] b = {1, 4, 2, 5, 3, 6}; // its transpose is (3, 2)
        float[] packed = new float[1 + KERNELS.packedSize(2, 3)];
        // B = [[1, 2, 3], [4, 5, 6]] through strides; A's first two columns.
        KERNELS.pack(2, 3, b, 0, 1, 2, packed, 1);
        float[] c = {7, 7, 7, 7, 7, 7, 7};
        KERNELS.gemm(2, 3, 2, a, 1, 4, packed, 1, c, 0, 4, false);
        assertThat(c).containsExactly(9, 12, 15, 7, 24, 33, 42);
        KERNELS.gemm(2, 3, 2, a, 1, 4, packed, 1, c, 0, 4, true);
        assertThat(c).containsExactly(18, 24, 30, 7, 48, 66, 84);
        KERNELS.gemm(1, 3, 0, a, 1, 4, packed, 1, c, 0, 4, false);
        assertThat(c).containsExactly(0, 0, 0, 7, 48, 66, 84);
    }

    @Test
    void saysThatAMatrixIsTooLarge() {
        assertThatThrownBy(() -> KERNELS.packedSize(1 << 16, 1 << 16)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void multipliesTransposed() {
        float[] a = {1, 2, 3, 4, 5, 6}; // (3, 2)
        float[] b = {1, 0, 9, 0, 1, 9, 1, 1, 9}; // (3, 2), row stride 3
        float[] c = {10, 10, 10, 10};
        KERNELS.gemmTransposedA(2, 2, 3, a, 0, 2, b, 0, 3, c, 0, 2, new float[Kernels.SCRATCH]);
        assertThat(c).containsExactly(16, 18, 18, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void lstm(long seed) {
        Random random = new Random(seed);
        int rows = 2;
        int h = 3;
        float[] sums = random(random, rows * 4 * h);
        float[] cPrevious = random(random, rows * h);
        float[] q = random(random, rows * h);
        float[] qCell = random(random, rows * h);
        float[] c = new float[rows * h];
        float[] output = new float[rows * h];
        DoubleSupplier loss = () -> {
            KERNELS.lstmForward(rows, h, sums.clone(), 0, cPrevious, 0, c, 0, output, 0);
            return dot(q, output) + dot(qCell, c);
        };
        float[] gates = sums.clone();
        KERNELS.lstmForward(rows, h, gates, 0, cPrevious, 0, c, 0, output, 0);
        double i = 1 / (1 + Math.exp(-sums[0]));
        double f = 1 / (1 + Math.exp(-sums[h]));
        double o = 1 / (1 + Math.exp(-sums[3 * h]));
        double cell = f * cPrevious[0] + i * Math.tanh(sums[2 * h]);
        assertThat((double) c[0]).isCloseTo(cell, within(1e-6));
        assertThat((double) output[0]).isCloseTo(o * Math.tanh(cell), within(1e-6));
        float[] dc = qCell.clone();
        KERNELS.lstmBackward(rows, h, gates, 0, cPrevious, 0, c, 0, q, 0, dc, 0);
        gradient("sums of the gates, seed " + seed, sums, gates, loss);
        gradient("c', seed " + seed, cPrevious, dc, loss);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void mlpScores(long seed) {
        Random random = new Random(seed);
        int n = 4;
        int a = 3;
        float[] query = random(random, a);
        float[] keys = random(random, n * a);
        float[] w = random(random, a);
        float[] q = random(random, n);
        q[2] = 0; // memory 2 isn't chosen
        float[] out = new float[n];
        float[] expQuery = new float[a];
        float[] expKeys = new float[n * a];
        DoubleSupplier loss = () -> {
            KERNELS.exp2x(a, query, 0, expQuery, 0);
            KERNELS.exp2x(n * a, keys, 0, expKeys, 0);
            KERNELS.mlpScores(n, a, expQuery, 0, expKeys, 0, w, 0, out, 0);
            return dot(q, out);
        };
        assertThat(loss.getAsDouble()).isFinite();
        double first = 0;
        for (int u = 0; u < a; u++) {
            first += w[u] * Math.tanh(keys[u] + query[u]);
        }
        assertThat((double) out[0]).isCloseTo(first, within(1e-6));
        float[] dQuery = new float[a];
        float[] dKeys = new float[n * a];
        float[] dw = new float[a];
        int[] chosen = {3, 0, 1};
        float[] dScores = {q[3], q[0], q[1]};
        KERNELS.mlpScoresBackward(
                3, chosen, 0, dScores, 0, a, expQuery, 0, expKeys, 0, w, 0, dQuery, 0, dKeys, 0, dw, 0);
        gradient("query, seed " + seed, query, dQuery, loss);
        gradient("keys, seed " + seed, keys, dKeys, loss);
        gradient("w, seed " + seed, w, dw, loss);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void tanhDot(long seed) {
        Random random = new Random(seed);
        float[] x = random(random, 5);
        float[] w = random(random, 5);
        float[] dx = new float[5];
        float[] dw = new float[5];
        KERNELS.tanhDotBackward(5, 0.7f, x, 0, w, 0, dx, 0, dw, 0);
        DoubleSupplier loss = () -> 0.7 * KERNELS.tanhDot(5, x, 0, w, 0);
        gradient("x, seed " + seed, x, dx, loss);
        gradient("w, seed " + seed, w, dw, loss);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void weightedSum(long seed) {
        Random random = new Random(seed);
        int h = 3;
        float[] rows = random(random, 5 * h);
        int[] indices = {4, 1};
        float[] weights = random(random, 2);
        float[] d = random(random, h);
        float[] dRows = new float[5 * h];
        float[] dWeights = {9, 9};
        float[] out = new float[h];
        KERNELS.weightedSumBackward(2, indices, 0, weights, 0, h, rows, 0, d, 0, dRows, 0, dWeights, 0);
        DoubleSupplier loss = () -> {
            KERNELS.weightedSum(2, indices, 0, weights, 0, h, rows, 0, out, 0);
            return dot(d, out);
        };
        gradient("rows, seed " + seed, rows, dRows, loss);
        gradient("weights, seed " + seed, weights, dWeights, loss);
        KERNELS.weightedSum(0, indices, 0, weights, 0, h, rows, 0, out, 0);
        assertThat(out).containsOnly(0);
    }

    @Test
    void softmax() {
        float[] x = {9, 1000, 1001, -1e30f, 0, 0, 0};
        KERNELS.softmaxRows(2, 3, x, 1);
        double e = Math.E;
        assertThat(x[0]).isEqualTo(9);
        assertThat((double) x[1]).isCloseTo(1 / (1 + e), within(1e-7));
        assertThat((double) x[2]).isCloseTo(e / (1 + e), within(1e-7));
        assertThat(x[3]).isZero();
        assertThat((double) x[4]).isCloseTo(1.0 / 3, within(1e-7));
    }

    @Test
    void exponentialIsHeld() {
        float[] x = {0, 1, 1e30f, -1e30f, Float.NaN, Float.POSITIVE_INFINITY};
        KERNELS.exp2x(6, x, 0, x, 0);
        assertThat(x[0]).isEqualTo(1);
        assertThat((double) x[1]).isCloseTo(Math.exp(2), within(1e-6));
        assertThat(x[2]).isFinite().isEqualTo(x[5]);
        assertThat(x[3]).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
        assertThat(x[4]).isNaN();
    }

    @Test
    void elementwise() {
        float[] x = {1, 2, 3};
        float[] y = {10, 20, 30};
        float[] out = new float[4];
        KERNELS.add(2, x, 1, y, 0, out, 1);
        assertThat(out).containsExactly(0, 12, 23, 0);
        KERNELS.axpy(2, 2, x, 1, y, 0);
        assertThat(y).containsExactly(14, 26, 30);
        KERNELS.scale(1, 3, y, 1);
        assertThat(y).containsExactly(14, 78, 30);
        assertThat(KERNELS.sumOfSquares(2, x, 1)).isEqualTo(13);
        assertThat(KERNELS.sumOfSquares(1, new float[] {1e30f}, 0)).isCloseTo(1e60, within(1e54));
    }

    @Test
    void adam() {
        float[] x = {5, 1, 5};
        float[] m = {7, 0.5f, 7};
        float[] v = {7, 0.25f, 7};
        KERNELS.adam(1, 1, 0.1f, 0.9f, 0.99f, 0.01f, 0.5f, x, new float[] {9, 4, 9}, m, v);
        double first = 0.9 * 0.5 + 0.1 * 2;
        double second = 0.99 * 0.25 + 0.01 * 4;
        assertThat((double) m[1]).isCloseTo(first, within(1e-6));
        assertThat((double) v[1]).isCloseTo(second, within(1e-6));
        assertThat((double) x[1]).isCloseTo(1 - 0.1 * first / (Math.sqrt(second) + 0.01), within(1e-6));
        assertThat(new float[] {x[0], x[2], m[0], m[2], v[0], v[2]}).containsExactly(5, 5, 7, 7, 7, 7);
    }

    /** Gradients that have vanished are 0, not floats that a processor calculates with slowly. */
    @Test
    void vanishingGradients() {
        float[] gates = {0.5f, 0.5f, 0.5f, 0.5f};
        float[] dc = {1e-24f};
        KERNELS.lstmBackward(1, 1, gates, 0, new float[] {1}, 0, new float[] {1}, 0, new float[1], 0, dc, 0);
        assertThat(gates).containsExactly(0, 0, 0, 0);
        assertThat(dc).containsExactly(0);
        float[] x = {1, 1};
        float[] m = {8e-25f, 2e-24f};
        float[] slow = m.clone();
        float[] v = {Float.MIN_NORMAL, 2 * Float.MIN_NORMAL};
        KERNELS.adEmaMix(2, 0, 0.1f, 0.3f, 0.9f, 0.5f, 0.9f, 1e-8f, 1, x, new float[2], m, slow, v);
        assertThat(m).containsExactly(0, 0.9f * 2e-24f);
        assertThat(slow).containsExactly(0, 0.9f * 2e-24f);
        assertThat(v).containsExactly(0, Float.MIN_NORMAL);
        assertThat(x).containsExactly(1, 1);
        m[1] = 8e-25f;
        KERNELS.adam(2, 0, 0.1f, 0.9f, 0.5f, 1e-8f, 1, x, new float[2], m, v);
        assertThat(m).containsExactly(0, 0);
        assertThat(v).containsExactly(0, 0);
    }

    @Test
    void adEmaMix() {
        float[] x = {5, 1, 5};
        float[] m = {7, 0.5f, 7};
        float[] slow = {7, -0.25f, 7};
        float[] v = {7, 0.25f, 7};
        KERNELS.adEmaMix(1, 1, 0.1f, 0.3f, 0.9f, 0.99f, 0.95f, 0.01f, 0.5f, x, new float[] {9, 4, 9}, m, slow, v);
        double first = 0.9 * 0.5 + 0.1 * 2;
        double second = 0.99 * 0.25 + 0.01 * 4;
        double third = 0.95 * -0.25 + 0.05 * 2;
        assertThat((double) m[1]).isCloseTo(first, within(1e-6));
        assertThat((double) slow[1]).isCloseTo(third, within(1e-6));
        assertThat((double) v[1]).isCloseTo(second, within(1e-6));
        assertThat((double) x[1]).isCloseTo(1 - (0.1 * first + 0.3 * third) / (Math.sqrt(second) + 0.01), within(1e-6));
        assertThat(new float[] {x[0], x[2], m[0], m[2], slow[0], slow[2], v[0], v[2]})
                .containsExactly(5, 5, 7, 7, 7, 7, 7, 7);
    }
}
