package org.sab4j.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;

/** Sums, scalings, softmax and Adam, vector against scalar. */
class ElementwiseAgreementTest {

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels VECTOR = new VectorKernelProvider().kernels();
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    static IntStream sizes() {
        return IntStream.concat(IntStream.of(0), IntStream.of(Floats.SIZES));
    }

    @ParameterizedTest(name = "n {0}")
    @MethodSource("sizes")
    void sumsAndScalings(int n) {
        Random random = new Random(n);
        float[] x = Floats.random(random, 3, n, 40, 1);
        float[] y = Floats.random(random, 4, n, 40, 1);
        if (n > 2) {
            x[3 + n / 2] = Float.NaN;
            y[4 + n - 1] = INFINITY;
        }
        float[] out = Floats.guards(5 + n + 40);
        float[] expectedOut = out.clone();
        SCALAR.add(n, x, 3, y, 4, expectedOut, 5);
        VECTOR.add(n, x, 3, y, 4, out, 5);
        Floats.same("add", expectedOut, out, 0);
        float[] expected = y.clone();
        float[] found = y.clone();
        SCALAR.add(n, expected, 4, x, 3, expected, 4);
        VECTOR.add(n, found, 4, x, 3, found, 4);
        Floats.same("add in place", expected, found, 0);

        expected = y.clone();
        found = y.clone();
        SCALAR.axpy(n, -0.7f, x, 3, expected, 4);
        VECTOR.axpy(n, -0.7f, x, 3, found, 4);
        Floats.same("axpy", expected, found, 2e-7);

        expected = y.clone();
        found = y.clone();
        SCALAR.scale(n, -0.7f, expected, 4);
        VECTOR.scale(n, -0.7f, found, 4);
        Floats.same("scale", expected, found, 0);
        SCALAR.scale(n, 0, expected, 4);
        VECTOR.scale(n, 0, found, 4);
        Floats.same("infinity times 0", expected, found, 0);
    }

    @ParameterizedTest(name = "n {0}")
    @ValueSource(
            ints = {0, 1, 4, 6, 13, 15, 16, 17, 31, 33, 63, 65, 100, 207, 702, 1023, 1024, 1025, 2049, 16384, 50_001})
    void sumOfSquares(int n) {
        Random random = new Random(n);
        for (float size : new float[] {1e-8f, 1, 1e15f, 1e25f}) {
            float[] x = Floats.random(random, 3, n, 40, size);
            double expected = SCALAR.sumOfSquares(n, x, 3);
            assertThat(VECTOR.sumOfSquares(n, x, 3))
                    .as("n %d, ±%s", n, size)
                    .isCloseTo(expected, within(2e-6 * expected));
        }
    }

    /** One large entry among many small ones, at each place. */
    @Test
    void sumOfSquaresNoticesOneEntry() {
        int n = 2100;
        for (int at = 0; at < n; at += 7) {
            float[] x = new float[n];
            x[at] = 1e20f;
            assertThat(VECTOR.sumOfSquares(n, x, 0)).as("at %d", at).isCloseTo(1e40, within(1e34));
            x[at] = Float.NaN;
            assertThat(VECTOR.sumOfSquares(n, x, 0)).as("NaN at %d", at).isNaN();
            x[at] = -INFINITY;
            assertThat(VECTOR.sumOfSquares(n, x, 0)).as("infinity at %d", at).isInfinite();
            x[(at + 100) % n] = Float.NaN;
            assertThat(VECTOR.sumOfSquares(n, x, 0)).as("both at %d", at).isNaN();
        }
    }

    @ParameterizedTest(name = "n {0}")
    @MethodSource("sizes")
    void softmax(int n) {
        Random random = new Random(n);
        for (int rows : new int[] {0, 1, 3}) {
            for (float size : new float[] {0.1f, 3, 50, 1e4f, 1e30f}) {
                float[] expected = Floats.random(random, 3, rows * n, 40, size);
                float[] found = expected.clone();
                SCALAR.softmaxRows(rows, n, expected, 3);
                VECTOR.softmaxRows(rows, n, found, 3);
                Floats.same("n " + n + ", rows " + rows + ", ±" + size, expected, found, 5e-7);
            }
        }
    }

    @ParameterizedTest(name = "n {0}")
    @ValueSource(ints = {1, 2, 9, 16, 17, 50})
    void softmaxOfExtremes(int n) {
        for (float bad : new float[] {Float.NaN, INFINITY}) {
            for (int at = 0; at < n; at++) {
                float[] expected = Floats.random(new Random(at), 0, 2 * n, 0, 1);
                expected[at] = bad;
                float[] found = expected.clone();
                SCALAR.softmaxRows(2, n, expected, 0);
                VECTOR.softmaxRows(2, n, found, 0);
                // The first row has no sum; the second is as if nothing were.
                assertThat(Float.isNaN(found[at])).as("%s at %d", bad, at).isTrue();
                for (int j = 0; j < n; j++) {
                    assertThat(Float.isNaN(found[j]) || found[j] == 0)
                            .as("%s at %d, entry %d", bad, at, j)
                            .isTrue();
                }
                Floats.same(
                        "second row",
                        Arrays.copyOfRange(expected, n, 2 * n),
                        Arrays.copyOfRange(found, n, 2 * n),
                        5e-7);
            }
        }
        float[] impossible = new float[n + 1];
        impossible[0] = -INFINITY;
        float[] found = impossible.clone();
        SCALAR.softmaxRows(1, n + 1, impossible, 0);
        VECTOR.softmaxRows(1, n + 1, found, 0);
        Floats.same("-infinity", impossible, found, 5e-7);
    }

    @ParameterizedTest(name = "n {0}")
    @MethodSource("sizes")
    void adam(int n) {
        Random random = new Random(n);
        for (float size : new float[] {1e-12f, 1e-3f, 1, 1e10f}) {
            for (float scale : new float[] {1, 0.01f}) {
                int off = 5;
                float[] x = Floats.random(random, off, n, 40, 1);
                float[] g = Floats.random(random, off, n, 40, size);
                float[] m = Floats.random(random, off, n, 40, size);
                float[] v = Floats.random(random, off, n, 40, size);
                for (int i = off; i < off + n; i++) {
                    v[i] *= v[i];
                }
                float[] foundX = x.clone();
                float[] foundM = m.clone();
                float[] foundV = v.clone();
                float[] foundG = g.clone();
                SCALAR.adam(n, off, 1e-3f, 0.9f, 0.999f, 1e-8f, scale, x, g, m, v);
                VECTOR.adam(n, off, 1e-3f, 0.9f, 0.999f, 1e-8f, scale, foundX, foundG, foundM, foundV);
                String what = "n " + n + ", gradients of ±" + size + ", scale " + scale;
                Floats.same(what + ", g", g, foundG, 0);
                Floats.same(what + ", x", x, foundX, 1e-6);
                moments(what + ", m", m, foundM, size);
                moments(what + ", v", v, foundV, size * size);
                float[] slow = Floats.random(random, off, n, 40, size);
                float[] foundSlow = slow.clone();
                SCALAR.adEmaMix(n, off, 1e-3f, 4e-3f, 0.9f, 0.999f, 0.99f, 1e-8f, scale, x, g, m, slow, v);
                VECTOR.adEmaMix(
                        n, off, 1e-3f, 4e-3f, 0.9f, 0.999f, 0.99f, 1e-8f, scale, foundX, foundG, foundM, foundSlow,
                        foundV);
                Floats.same(what + ", AdEMAMix, g", g, foundG, 0);
                Floats.same(what + ", AdEMAMix, x", x, foundX, 2e-6);
                moments(what + ", AdEMAMix, m", m, foundM, 2 * size);
                moments(what + ", AdEMAMix, s", slow, foundSlow, size);
                moments(what + ", AdEMAMix, v", v, foundV, 2 * size * size);
            }
        }
    }

    @ParameterizedTest(name = "n {0}")
    @MethodSource("sizes")
    void averagesThatHaveVanished(int n) {
        float[] x = new float[n];
        float[] m = new float[n];
        float[] slow = new float[n];
        float[] v = new float[n];
        Arrays.fill(m, Kernels.LEAST);
        Arrays.fill(slow, -Kernels.LEAST);
        Arrays.fill(v, Float.MIN_NORMAL);
        float[] m2 = m.clone();
        float[] v2 = v.clone();
        VECTOR.adEmaMix(n, 0, 1e-3f, 4e-3f, 0.9f, 0.999f, 0.99f, 1e-8f, 1, x, new float[n], m, slow, v);
        VECTOR.adam(n, 0, 1e-3f, 0.9f, 0.999f, 1e-8f, 1, x, new float[n], m2, v2);
        for (float[] average : List.of(x, m, slow, v, m2, v2)) {
            assertThat(average).isEqualTo(new float[n]);
        }
    }

    /** Within 5e-7 of the moments' own size. */
    private static void moments(String what, float[] expected, float[] found, float size) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) == Floats.GUARD_BITS) {
                assertThat(Float.floatToRawIntBits(found[i])).as(what).isEqualTo(Floats.GUARD_BITS);
            } else if (!(Math.abs(expected[i] - found[i]) <= 5e-7 * size)) {
                assertThat(found[i]).as("%s at %d", what, i).isEqualTo(expected[i]);
            }
        }
    }

    @Test
    void adamPassesNanOn() {
        for (int n : new int[] {1, 16, 21}) {
            for (int at = 0; at < n; at++) {
                float[] x = Floats.random(new Random(at), 0, n, 0, 1);
                float[] g = x.clone();
                g[at] = Float.NaN;
                float[] expected = x.clone();
                float[] m = new float[n];
                float[] v = new float[n];
                SCALAR.adam(n, 0, 1e-3f, 0.9f, 0.999f, 1e-8f, 1, expected, g, m.clone(), v.clone());
                VECTOR.adam(n, 0, 1e-3f, 0.9f, 0.999f, 1e-8f, 1, x, g, m, v);
                assertThat(x[at]).isNaN();
                Floats.same("n " + n + ", NaN at " + at, expected, x, 1e-6);
                float[] mixed = Floats.random(new Random(at), 0, n, 0, 1);
                float[] expectedMixed = mixed.clone();
                adEmaMix(SCALAR, n, expectedMixed, g);
                adEmaMix(VECTOR, n, mixed, g);
                assertThat(mixed[at]).isNaN();
                Floats.same("AdEMAMix, n " + n + ", NaN at " + at, expectedMixed, mixed, 1e-6);
            }
        }
    }

    /** One step from moments that are zero. */
    private static void adEmaMix(Kernels kernels, int n, float[] x, float[] g) {
        float[] m = new float[n];
        kernels.adEmaMix(n, 0, 1e-3f, 4e-3f, 0.9f, 0.999f, 0.99f, 1e-8f, 1, x, g, m, m.clone(), m.clone());
    }

    /** Where a range is cut does not matter: threads share the parameters out in pieces. */
    @Test
    void adamInPieces() {
        Random random = new Random(8);
        int n = 100;
        float[] x = Floats.random(random, 0, n, 0, 1);
        float[] g = Floats.random(random, 0, n, 0, 1);
        float[] m = Floats.random(random, 0, n, 0, 1);
        float[] v = new float[n];
        float[] pieces = x.clone();
        float[] pieceM = m.clone();
        float[] pieceV = v.clone();
        VECTOR.adam(n, 0, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.5f, x, g, m, v);
        VECTOR.adam(37, 0, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.5f, pieces, g, pieceM, pieceV);
        VECTOR.adam(63, 37, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.5f, pieces, g, pieceM, pieceV);
        float[] slow = m.clone();
        float[] pieceS = m.clone();
        VECTOR.adEmaMix(n, 0, 1e-3f, 4e-3f, 0.9f, 0.999f, 0.99f, 1e-8f, 0.5f, x, g, m, slow, v);
        for (int from = 0; from < n; from += 37) {
            VECTOR.adEmaMix(
                    Math.min(37, n - from),
                    from,
                    1e-3f,
                    4e-3f,
                    0.9f,
                    0.999f,
                    0.99f,
                    1e-8f,
                    0.5f,
                    pieces,
                    g,
                    pieceM,
                    pieceS,
                    pieceV);
        }
        Floats.identical("s", slow, pieceS);
        Floats.identical("x", x, pieces);
        Floats.identical("m", m, pieceM);
        Floats.identical("v", v, pieceV);
    }
}
