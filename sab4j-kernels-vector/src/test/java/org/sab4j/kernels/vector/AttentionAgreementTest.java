package org.sab4j.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;

/** Scores, their largest, and sums of memories, vector against scalar. */
class AttentionAgreementTest {

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels VECTOR = new VectorKernelProvider().kernels();
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    static IntStream sizes() {
        return IntStream.of(Floats.SIZES);
    }

    // ---- e^{2x} ----------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "n {0}")
    @MethodSource("sizes")
    void exponentials(int n) {
        Random random = new Random(n);
        for (float size : new float[] {1e-3f, 1, 10, 43, 100}) {
            float[] x = Floats.random(random, 3, n, 40, size);
            float[] expected = Floats.guards(5 + n + 40);
            float[] found = expected.clone();
            SCALAR.exp2x(n, x, 3, expected, 5);
            VECTOR.exp2x(n, x, 3, found, 5);
            relative("n " + n + ", ±" + size, expected, found, 5, n);
            // In place.
            float[] again = x.clone();
            VECTOR.exp2x(n, again, 3, again, 3);
            Floats.identical("in place", Arrays.copyOfRange(found, 5, 5 + n), Arrays.copyOfRange(again, 3, 3 + n));
            Floats.same("around", x, restored(again, x, 3, n), 0);
        }
    }

    /** The exponentials span 75 orders of magnitude: their error is relative. */
    private static void relative(String what, float[] expected, float[] found, int off, int n) {
        float[] ratio = found.clone();
        float[] one = found.clone();
        for (int i = off; i < off + n; i++) {
            one[i] = 1;
            ratio[i] = (float) ((double) found[i] / expected[i]);
        }
        Floats.same(what, one, ratio, 5e-7);
        Floats.same(what + ", around", restored(expected, found, off, n), found, 0);
    }

    private static float[] restored(float[] x, float[] original, int off, int n) {
        float[] result = x.clone();
        System.arraycopy(original, off, result, off, n);
        return result;
    }

    @Test
    void extremeExponentials() {
        float[] x = {
            0,
            -0f,
            43,
            -43,
            43.001f,
            -43.001f,
            44,
            -44,
            1e30f,
            -1e30f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE,
            INFINITY,
            -INFINITY,
            Float.NaN,
            42.999f,
            -42.999f,
            1,
            -1,
            2
        };
        float[] expected = new float[x.length];
        float[] found = new float[x.length];
        SCALAR.exp2x(x.length, x, 0, expected, 0);
        VECTOR.exp2x(x.length, x, 0, found, 0);
        for (int i = 0; i < x.length; i++) {
            if (Float.isNaN(x[i])) {
                assertThat(found[i]).isNaN();
                assertThat(expected[i]).isNaN();
            } else {
                assertThat(found[i]).as("e^2·%s", x[i]).isBetween(Float.MIN_NORMAL, Float.MAX_VALUE);
                assertThat((double) found[i] / expected[i]).as("e^2·%s", x[i]).isBetween(1 - 5e-7, 1 + 5e-7);
            }
        }
    }

    /** NaN stays NaN whatever stands in its low bits, and however it came there. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            ints = {
                0x7FC0_0000,
                0x7FC0_0001,
                0x7FC0_00FF,
                0x7FC0_0100,
                0x7FFF_FFFF,
                0xFFC0_0001,
                0xFFFF_FFFF,
                0x7F80_0001
            })
    void anyNanStays(int bits) {
        int n = 37;
        float[] x = new float[n];
        Arrays.fill(x, Float.intBitsToFloat(bits));
        float[] out = new float[n];
        VECTOR.exp2x(n, x, 0, out, 0);
        assertThat(out).as("exp2x").containsOnly(Float.NaN);
        out = x.clone();
        VECTOR.softmaxRows(1, n, out, 0);
        assertThat(out).as("softmax").containsOnly(Float.NaN);
        float[] w = new float[n];
        Arrays.fill(w, 1);
        assertThat(VECTOR.tanhDot(n, x, 0, w, 0)).as("tanhDot").isNaN();
    }

    // ---- mlp scores ------------------------------------------------------------------------------------------------

    /** Keys, row by row, as the provider's mlpScores reads them. */
    private static float[] blocks(Kernels kernels, int n, int a, float[] keys, int off) {
        int block = kernels.keyBlock();
        float[] blocks = Floats.guards(off + (n + block - 1) / block * block * a);
        for (int j = 0; j < n; j++) {
            for (int u = 0; u < a; u++) {
                blocks[off + j / block * a * block + u * block + j % block] = keys[j * a + u];
            }
        }
        return blocks;
    }

    /** The n scores; checks that nothing behind the last block is written. */
    private static float[] scores(String what, Kernels kernels, int n, int a, float[] query, float[] keys, float[] w) {
        int block = kernels.keyBlock();
        int written = (n + block - 1) / block * block;
        float[] out = Floats.guards(7 + written + 40);
        kernels.mlpScores(n, a, query, 2, blocks(kernels, n, a, keys, 3), 3, w, 4, out, 7);
        for (int i = 0; i < out.length; i++) {
            if (i < 7 || i >= 7 + written) {
                assertThat(Float.floatToRawIntBits(out[i]))
                        .as("%s, guard %d", what, i)
                        .isEqualTo(Floats.GUARD_BITS);
            }
        }
        return Arrays.copyOfRange(out, 7, 7 + n);
    }

    private static float[] exponentials(Random random, int off, int n, float size) {
        float[] x = Floats.random(random, off, n, 20, size);
        SCALAR.exp2x(n, x, off, x, off);
        return x;
    }

    @ParameterizedTest(name = "a {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 13, 16, 17, 31, 33, 64, 65, 100, 128, 207, 702})
    void mlpScores(int a) {
        Random random = new Random(a);
        for (int n : new int[] {0, 1, 4, 6, 13, 15, 16, 17, 31, 33, 64, 65, 100}) {
            for (float size : new float[] {0.5f, 3, 43, 60}) {
                String what = "a " + a + ", n " + n + ", ±" + size;
                float[] query = exponentials(random, 2, a, size);
                float[] keys = exponentials(random, 0, n * a, size);
                float[] w = Floats.random(random, 4, a, 20, 1);
                double weight = 0;
                for (int u = 0; u < a; u++) {
                    weight += Math.abs(w[4 + u]);
                }
                float[] expected = scores(what, SCALAR, n, a, query, keys, w);
                float[] found = scores(what, VECTOR, n, a, query, keys, w);
                Floats.same(what, expected, found, 5e-7 * weight + 1e-7);
            }
        }
    }

    /** One memory whose key is no number, or a query or a weight that is none. */
    @Test
    void mlpScoresOfNan() {
        Random random = new Random(3);
        for (int a : new int[] {1, 4, 6, 17}) {
            int n = 21;
            float[] query = exponentials(random, 2, a, 1);
            float[] keys = exponentials(random, 0, n * a, 1);
            float[] w = Floats.random(random, 4, a, 20, 1);
            keys[5 * a] = Float.NaN;
            keys[20 * a + a - 1] = Float.NaN;
            float[] expected = scores("NaN keys", SCALAR, n, a, query, keys, w);
            float[] found = scores("NaN keys", VECTOR, n, a, query, keys, w);
            assertThat(expected[5]).isNaN();
            Floats.same("NaN keys, a " + a, expected, found, 1e-5);
            float[] badQuery = query.clone();
            badQuery[2 + a - 1] = Float.NaN;
            assertThat(scores("NaN query", VECTOR, n, a, badQuery, keys, w)).containsOnly(Float.NaN);
            float[] badWeight = w.clone();
            badWeight[4 + a / 2] = Float.NaN;
            assertThat(scores("NaN weight", VECTOR, n, a, query, keys, badWeight))
                    .containsOnly(Float.NaN);
            badWeight[4 + a / 2] = INFINITY;
            for (float score : scores("infinite weight", VECTOR, n, a, query, keys, badWeight)) {
                assertThat(Float.isFinite(score)).as("infinite weight").isFalse();
            }
        }
    }

    @ParameterizedTest(name = "a {0}")
    @MethodSource("sizes")
    void mlpScoresBackward(int a) {
        Random random = new Random(a);
        int n = 9;
        for (int count : new int[] {0, 1, 3, 6}) {
            for (float size : new float[] {0.5f, 3, 43, 60}) {
                int[] indices = new int[1 + count];
                Arrays.setAll(indices, j -> j == 0 ? -1 : (j * 4) % n); // 4, 8, 3, 7, 2, 6: never one twice
                float[] dScores = Floats.random(random, 2, count, 3, 1);
                float[] query = exponentials(random, 3, a, size);
                float[] keys = exponentials(random, 4, n * a, size);
                float[] w = Floats.random(random, 5, a, 20, 1);
                float[] dQuery = Floats.random(random, 6, a, 40, 1);
                float[] dKeys = Floats.random(random, 7, n * a, 40, 1);
                float[] dw = Floats.random(random, 8, a, 40, 1);
                if (size == 43 && a > 2) {
                    keys[4 + 8 * a + 1] = Float.NaN; // memory 8 is chosen where count is above 1
                    dKeys[7 + 3] = Float.NaN; // memory 0 never is
                }
                float[] foundQuery = dQuery.clone();
                float[] foundKeys = dKeys.clone();
                float[] foundWeights = dw.clone();
                SCALAR.mlpScoresBackward(
                        count, indices, 1, dScores, 2, a, query, 3, keys, 4, w, 5, dQuery, 6, dKeys, 7, dw, 8);
                VECTOR.mlpScoresBackward(
                        count,
                        indices,
                        1,
                        dScores,
                        2,
                        a,
                        query,
                        3,
                        keys,
                        4,
                        w,
                        5,
                        foundQuery,
                        6,
                        foundKeys,
                        7,
                        foundWeights,
                        8);
                String what = "a " + a + ", count " + count + ", ±" + size;
                Floats.same(what + ", dQuery", dQuery, foundQuery, 2e-6);
                Floats.same(what + ", dKeys", dKeys, foundKeys, 2e-6);
                Floats.same(what + ", dw", dw, foundWeights, 2e-6);
            }
        }
    }

    // ---- salience scores -------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "n {0}")
    @MethodSource("sizes")
    void tanhDot(int n) {
        Random random = new Random(n);
        for (float size : new float[] {1e-4f, 1, 5, 12, 100, 1e30f}) {
            String what = "n " + n + ", ±" + size;
            float[] x = Floats.random(random, 3, n, 40, size);
            float[] w = Floats.random(random, 4, n, 40, 1);
            float expected = SCALAR.tanhDot(n, x, 3, w, 4);
            Floats.same(
                    what,
                    new float[] {expected},
                    new float[] {VECTOR.tanhDot(n, x, 3, w, 4)},
                    1e-6 + 2e-7 * n * Math.min(size, 1));
            float[] dx = Floats.random(random, 5, n, 40, 1);
            float[] dw = Floats.random(random, 6, n, 40, 1);
            float[] foundX = dx.clone();
            float[] foundW = dw.clone();
            SCALAR.tanhDotBackward(n, -0.7f, x, 3, w, 4, dx, 5, dw, 6);
            VECTOR.tanhDotBackward(n, -0.7f, x, 3, w, 4, foundX, 5, foundW, 6);
            Floats.same(what + ", dx", dx, foundX, 1.5e-6);
            Floats.same(what + ", dw", dw, foundW, 1.5e-6);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 43, -43, 9, -9})
    void tanhDotOfExtremes(float bad) {
        for (int n : new int[] {1, 16, 21, 64}) {
            float[] x = Floats.random(new Random(n), 0, n, 0, 1);
            float[] w = Floats.random(new Random(-n), 0, n, 0, 1);
            x[n - 1] = bad;
            String what = bad + ", n " + n;
            Floats.same(
                    what,
                    new float[] {SCALAR.tanhDot(n, x, 0, w, 0)},
                    new float[] {VECTOR.tanhDot(n, x, 0, w, 0)},
                    1e-5);
            float[] expected = new float[n];
            float[] found = new float[n];
            SCALAR.tanhDotBackward(n, 0.5f, x, 0, w, 0, expected, 0, new float[n], 0);
            VECTOR.tanhDotBackward(n, 0.5f, x, 0, w, 0, found, 0, new float[n], 0);
            Floats.same(what, expected, found, 1e-6);
        }
    }

    // ---- retrieval -------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void topK(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 500; trial++) {
            // The first scores are looked at one by one, so that some trials have many more.
            int n = random.nextInt(trial % 3 == 0 ? 1500 : 150);
            int k = random.nextInt(12) == 0 ? n + random.nextInt(3) : random.nextInt(12);
            boolean ties = random.nextBoolean();
            float[] scores = Floats.random(random, 3, n, 20, 1);
            for (int i = 0; i < n; i++) {
                if (ties) {
                    scores[3 + i] = random.nextInt(5);
                }
                if (random.nextInt(60) == 0) {
                    scores[3 + i] = random.nextBoolean() ? Float.NaN : random.nextBoolean() ? INFINITY : -INFINITY;
                }
            }
            topK("seed " + seed + ", trial " + trial + ", n " + n + ", k " + k, n, scores, 3, k);
        }
    }

    private static void topK(String what, int n, float[] scores, int off, int k) {
        int[] expectedIndices = new int[k + 9];
        Arrays.fill(expectedIndices, -1);
        int[] indices = expectedIndices.clone();
        float[] expectedValues = Floats.guards(k + 9);
        float[] values = expectedValues.clone();
        int expected = SCALAR.topK(n, scores, off, k, expectedIndices, 4, expectedValues, 5);
        int found = VECTOR.topK(n, scores, off, k, indices, 4, values, 5);
        assertThat(found).as(what).isEqualTo(expected).isEqualTo(Math.min(n, k));
        assertThat(indices).as(what).isEqualTo(expectedIndices);
        Floats.same(what, expectedValues, values, 0);
    }

    /** Rising, falling and equal scores, at lengths around the vector's. */
    @ParameterizedTest(name = "n {0}")
    @MethodSource("sizes")
    void topKInOrder(int n) {
        for (int k : new int[] {0, 1, 5, 6, n - 1, n, n + 1}) {
            float[] rising = new float[n];
            float[] falling = new float[n];
            for (int i = 0; i < n; i++) {
                rising[i] = i;
                falling[i] = -i;
            }
            topK("rising", n, rising, 0, k);
            topK("falling", n, falling, 0, k);
            topK("equal", n, new float[n], 0, k);
        }
    }

    @ParameterizedTest(name = "h {0}")
    @MethodSource("sizes")
    void weightedSums(int h) {
        Random random = new Random(h);
        int n = 9;
        for (int count : new int[] {0, 1, 3, 6}) {
            String what = "h " + h + ", count " + count;
            int[] indices = new int[1 + count];
            Arrays.setAll(indices, j -> j == 0 ? -1 : (j * 4) % n);
            float[] weights = Floats.random(random, 2, count, 3, 1);
            float[] rows = Floats.random(random, 3, n * h, 40, 1);
            float[] d = Floats.random(random, 4, h, 40, 1);
            rows[3] = Float.NaN; // memory 0, which is never chosen
            rows[3 + 8 * h + h - 1] = h % 3 == 0 ? INFINITY : Float.NaN; // memory 8, the second
            float[] out = Floats.guards(5 + h + 40);
            float[] expectedOut = out.clone();
            SCALAR.weightedSum(count, indices, 1, weights, 2, h, rows, 3, expectedOut, 5);
            VECTOR.weightedSum(count, indices, 1, weights, 2, h, rows, 3, out, 5);
            Floats.same(what, expectedOut, out, 1e-6);
            float[] dRows = Floats.random(random, 6, n * h, 40, 1);
            float[] dWeights = Floats.guards(7 + count + 40);
            float[] foundRows = dRows.clone();
            float[] foundWeights = dWeights.clone();
            SCALAR.weightedSumBackward(count, indices, 1, weights, 2, h, rows, 3, d, 4, dRows, 6, dWeights, 7);
            VECTOR.weightedSumBackward(count, indices, 1, weights, 2, h, rows, 3, d, 4, foundRows, 6, foundWeights, 7);
            Floats.same(what + ", dRows", dRows, foundRows, 1e-6);
            Floats.same(what + ", dWeights", dWeights, foundWeights, 1e-6 + 2e-7 * h);
        }
    }
}
