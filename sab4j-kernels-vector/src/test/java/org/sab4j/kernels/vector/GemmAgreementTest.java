package org.sab4j.kernels.vector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;

/** Matrix products, vector against scalar. */
class GemmAgreementTest {

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels VECTOR = new VectorKernelProvider().kernels();

    private static final int[] FEW_ROWS = {0, 1, 2, 3, 4, 5, 7, 8, 13};
    /** Up to and beyond the block of 128. */
    private static final int[] DEPTHS = {0, 1, 2, 9, 127, 128, 129, 300};
    /** Up to and beyond the pieces of 96, and two of them. */
    private static final int[] DEPTHS_TRANSPOSED = {0, 1, 5, 95, 96, 97, 191, 192, 193, 400};
    /** Up to and beyond panels and the piece of 512. */
    private static final int[] WIDTHS = {
        1, 4, 13, 15, 16, 17, 32, 33, 63, 64, 65, 80, 96, 100, 255, 256, 257, 300, 511, 512, 513, 530
    };

    private static double tolerance(int k) {
        return 1e-6 + 3e-7 * k;
    }

    @ParameterizedTest(name = "n {0}")
    @ValueSource(
            ints = {1, 4, 6, 13, 15, 16, 17, 31, 33, 48, 63, 64, 65, 79, 80, 81, 100, 127, 128, 129, 207, 257, 702})
    void product(int n) {
        Random random = new Random(n);
        for (int m : FEW_ROWS) {
            for (int k : DEPTHS) {
                product(random, m, n, k, random.nextBoolean(), random.nextBoolean());
            }
        }
    }

    private static void product(Random random, int m, int n, int k, boolean accumulate, boolean transposed) {
        int lda = k + random.nextInt(4);
        int ldc = n + random.nextInt(4);
        int ldb = (transposed ? k : n) + random.nextInt(4);
        String what = "m %d, n %d, k %d, lda %d, ldb %d, ldc %d, accumulate %s, transposed %s"
                .formatted(m, n, k, lda, ldb, ldc, accumulate, transposed);
        float[] a = Floats.matrix(random, 3, m, k, lda, 2, 1);
        float[] b = Floats.matrix(random, 5, transposed ? n : k, transposed ? k : n, ldb, 2, 1);
        float[] c = Floats.matrix(random, 7, m, n, ldc, 40, 1);
        float[] expected = c.clone();
        multiply(
                what,
                SCALAR,
                m,
                n,
                k,
                a,
                lda,
                b,
                transposed ? 1 : ldb,
                transposed ? ldb : 1,
                expected,
                ldc,
                accumulate);
        multiply(what, VECTOR, m, n, k, a, lda, b, transposed ? 1 : ldb, transposed ? ldb : 1, c, ldc, accumulate);
        Floats.same(what, expected, c, tolerance(k));
    }

    private static void multiply(
            String what,
            Kernels kernels,
            int m,
            int n,
            int k,
            float[] a,
            int lda,
            float[] b,
            int rowStride,
            int columnStride,
            float[] c,
            int ldc,
            boolean accumulate) {
        int size = kernels.packedSize(k, n);
        float[] packed = Floats.guards(11 + size + 40);
        kernels.pack(k, n, b, 5, rowStride, columnStride, packed, 11);
        for (int i = 0; i < packed.length; i++) {
            boolean guard = Float.floatToRawIntBits(packed[i]) == Floats.GUARD_BITS;
            if (guard != (i < 11 || i >= 11 + size)) {
                fail(what + ": pack has " + (guard ? "not " : "") + "written at " + i + " of " + size + " from 11");
            }
        }
        kernels.gemm(m, n, k, a, 3, lda, packed, 11, c, 7, ldc, accumulate);
    }

    @ParameterizedTest(name = "m {0}")
    @ValueSource(ints = {0, 1, 4, 5, 15, 16, 17, 33, 40})
    void transposedProduct(int m) {
        Random random = new Random(m);
        for (int n : WIDTHS) {
            for (int k : DEPTHS_TRANSPOSED) {
                transposedProduct(random, m, n, k);
            }
        }
    }

    /** More than a piece of everything: of C in a MiB and more, of B's columns and rows. */
    @Test
    void largeTransposedProduct() {
        transposedProduct(new Random(1), 525, 530, 200);
    }

    private static void transposedProduct(Random random, int m, int n, int k) {
        int lda = m + random.nextInt(3);
        int ldb = n + random.nextInt(3);
        int ldc = n + random.nextInt(3);
        String what = "m %d, n %d, k %d, lda %d, ldb %d, ldc %d".formatted(m, n, k, lda, ldb, ldc);
        float[] a = Floats.matrix(random, 2, k, m, lda, 2, 1);
        float[] b = Floats.matrix(random, 3, k, n, ldb, 2, 1);
        float[] c = Floats.matrix(random, 5, m, n, ldc, 40, 1);
        float[] expected = c.clone();
        SCALAR.gemmTransposedA(m, n, k, a, 2, lda, b, 3, ldb, expected, 5, ldc, new float[Kernels.SCRATCH]);
        VECTOR.gemmTransposedA(m, n, k, a, 2, lda, b, 3, ldb, c, 5, ldc, Floats.guards(Kernels.SCRATCH));
        Floats.same(what, expected, c, tolerance(k));
    }

    /** An entry of A that is no number spoils its row of C and no other; one of B, its column. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void keepsNanWhereItBelongs(float bad) {
        Random random = new Random(4);
        for (int n : new int[] {5, 16, 64, 85, 100}) {
            for (int m : new int[] {1, 4, 6}) {
                int k = 140;
                float[] a = Floats.matrix(random, 3, m, k, k, 0, 1);
                float[] b = Floats.matrix(random, 5, k, n, n, 0, 1);
                a[3 + (m - 1) * k + 133] = bad;
                b[5 + 131 * n + n - 1] = bad;
                float[] expected = Floats.matrix(random, 7, m, n, n, 0, 1);
                float[] c = expected.clone();
                String what = bad + ", m " + m + ", n " + n;
                multiply(what, SCALAR, m, n, k, a, k, b, n, 1, expected, n, true);
                multiply(what, VECTOR, m, n, k, a, k, b, n, 1, c, n, true);
                Floats.same(what, expected, c, tolerance(k));
                float[] columns = Floats.matrix(random, 3, k, m, m, 0, 1);
                columns[3 + 139 * m] = bad;
                float[] gradient = Floats.matrix(random, 5, m, n, n, 0, 1);
                float[] expectedGradient = gradient.clone();
                SCALAR.gemmTransposedA(
                        m, n, k, columns, 3, m, b, 5, n, expectedGradient, 5, n, new float[Kernels.SCRATCH]);
                VECTOR.gemmTransposedA(m, n, k, columns, 3, m, b, 5, n, gradient, 5, n, new float[Kernels.SCRATCH]);
                Floats.same(what + ", transposed", expectedGradient, gradient, tolerance(k));
            }
        }
    }

    @Test
    void saysThatAMatrixIsTooLarge() {
        for (int[] shape : new int[][] {{1 << 16, 1 << 16}, {1 << 30, 3}, {2, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> VECTOR.packedSize(shape[0], shape[1])).isInstanceOf(ArithmeticException.class);
        }
    }

    /** Overwriting does not look at what was there. */
    @Test
    void overwritesNan() {
        float[] a = {1, 2};
        float[] b = {3, 4, 5, 6};
        for (Kernels kernels : new Kernels[] {SCALAR, VECTOR}) {
            float[] packed = new float[kernels.packedSize(2, 2)];
            kernels.pack(2, 2, b, 0, 2, 1, packed, 0);
            float[] c = {Float.NaN, Float.POSITIVE_INFINITY};
            kernels.gemm(1, 2, 2, a, 0, 2, packed, 0, c, 0, 2, false);
            Floats.identical(kernels.name(), new float[] {13, 16}, c);
        }
    }

    /** A row of the product has the same bits whichever rows stand beside it. */
    @Test
    void rowsAreIndependent() {
        Random random = new Random(9);
        for (int n : new int[] {7, 64, 85}) {
            int k = 150;
            int m = 7;
            float[] a = Floats.matrix(random, 0, m, k, k, 0, 1);
            float[] b = Floats.matrix(random, 0, k, n, n, 0, 1);
            float[] packed = new float[VECTOR.packedSize(k, n)];
            VECTOR.pack(k, n, b, 0, n, 1, packed, 0);
            float[] c = new float[m * n];
            float[] alone = new float[m * n];
            VECTOR.gemm(m, n, k, a, 0, k, packed, 0, c, 0, n, false);
            for (int i = 0; i < m; i++) {
                VECTOR.gemm(1, n, k, a, i * k, k, packed, 0, alone, i * n, n, false);
            }
            Floats.identical("n " + n, c, alone);
        }
    }
}
