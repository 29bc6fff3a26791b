package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.SPECIES;
import static org.sab4j.kernels.vector.Lanes.load;
import static org.sab4j.kernels.vector.Lanes.tail;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sab4j.kernels.Kernels;

/**
 * Matrix products: blocks of 4 rows by 4 vectors of C stay in registers.
 *
 * <p>B is packed in panels, so that a block reads it as one stream: first panels of 4 vectors' columns, (k, 4L) each, then
 * panels of one vector for what is left, (k, L) each, filled up with zeros. Both loops over k are cut so that a piece
 * of a panel stays in the nearest cache while rows pass over it.
 */
final class VectorGemm {

    private static final int WIDE = 4 * L;
    /** Rows of a panel that are used at once: 128 · 4 vectors of 64 bytes fill a cache of 32 KiB. */
    private static final int K_BLOCK = 128;

    // gemmTransposedA packs up to K_MOST rows of B, in pieces (K_PIECE, N_PIECE), and one piece of A after the other,
    // (K_PIECE, A_PIECE), into the scratch array: all of that B meets a piece of C while it is in the cache.
    private static final int K_PIECE = 96;
    private static final int K_MOST = 2 * K_PIECE;
    private static final int N_PIECE = 512;
    private static final int A_PIECE = Math.max(16, L);

    /** Floats in a cache line. */
    private static final int LINE = 16;
    /** Rows that {@link #pack} transposes at a time: a cache line of B. */
    private static final int TILE = LINE;
    /** Floats of a C, half a MiB, that is not in the nearer caches when its turn comes; it may be rows of a larger one. */
    private static final int FAR = 1 << 17;

    private VectorGemm() {}

    static int packedSize(int k, int n) {
        return Math.multiplyExact(k, Math.multiplyExact(Math.ceilDiv(n, L), L));
    }

    static void pack(int k, int n, float[] b, int bOff, int rowStride, int columnStride, float[] packed, int pOff) {
        int p = pOff;
        for (int j = 0; j < n; ) {
            int width = n - j >= WIDE ? WIDE : L;
            int used = Math.min(width, n - j);
            int source = bOff + j * columnStride;
            if (columnStride == 1) {
                for (int i = 0; i < k; i++) {
                    System.arraycopy(b, source + i * rowStride, packed, p + i * width, used);
                }
            } else {
                for (int i = 0; i < k; i += TILE) {
                    tile(
                            Math.min(TILE, k - i),
                            used,
                            b,
                            source + i * rowStride,
                            rowStride,
                            columnStride,
                            packed,
                            p + i * width,
                            width);
                }
            }
            if (used < width) {
                for (int i = 0; i < k; i++) {
                    Arrays.fill(packed, p + i * width + used, p + (i + 1) * width, 0f);
                }
            }
            p += k * width;
            j += width;
        }
    }

    /** Some rows of a panel whose columns are not neighbours in B: few enough that all lines touched stay in the cache. */
    private static void tile(
            int rows,
            int columns,
            float[] b,
            int from,
            int rowStride,
            int columnStride,
            float[] packed,
            int to,
            int width) {
        for (int u = 0; u < columns; u++) {
            for (int i = 0; i < rows; i++) {
                packed[to + i * width + u] = b[from + i * rowStride + u * columnStride];
            }
        }
    }

    static void gemm(
            int m,
            int n,
            int k,
            float[] a,
            int aOff,
            int lda,
            float[] packed,
            int pOff,
            float[] c,
            int cOff,
            int ldc,
            boolean accumulate) {
        if (!accumulate) {
            for (int i = 0; i < m; i++) {
                Arrays.fill(c, cOff + i * ldc, cOff + i * ldc + n, 0f);
            }
        }
        int panel = pOff;
        for (int j = 0; j < n; ) {
            int width = n - j >= WIDE ? WIDE : L;
            for (int k0 = 0; k0 < k; k0 += K_BLOCK) {
                int kn = Math.min(K_BLOCK, k - k0);
                rows(m, kn, a, aOff + k0, lda, 1, packed, panel + k0 * width, width, width, c, cOff + j, ldc, n - j);
            }
            panel += k * width;
            j += width;
        }
    }

    static void gemmTransposedA(
            int m,
            int n,
            int k,
            float[] a,
            int aOff,
            int lda,
            float[] b,
            int bOff,
            int ldb,
            float[] c,
            int cOff,
            int ldc,
            float[] scratch) {
        if (m <= A_PIECE && n % L == 0) {
            direct(m, n, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc);
            return;
        }
        boolean far = (long) m * n >= FAR;
        for (int j0 = 0; j0 < n; j0 += N_PIECE) {
            int jn = Math.min(N_PIECE, n - j0);
            int packedRow = packedSize(1, jn);
            int aPiece = K_MOST * packedRow;
            for (int k0 = 0; k0 < k; k0 += K_MOST) {
                int kn = Math.min(K_MOST, k - k0);
                for (int l = 0; l < kn; l += K_PIECE) {
                    int ln = Math.min(K_PIECE, kn - l);
                    pack(ln, jn, b, bOff + (k0 + l) * ldb + j0, ldb, 1, scratch, l * packedRow);
                }
                for (int i0 = 0; i0 < m; i0 += A_PIECE) {
                    int in = Math.min(A_PIECE, m - i0);
                    int cPiece = cOff + i0 * ldc + j0;
                    if (far) {
                        scratch[Kernels.SCRATCH - 1] = touch(in, jn, c, cPiece, ldc);
                    }
                    for (int l = 0; l < kn; l += K_PIECE) {
                        int ln = Math.min(K_PIECE, kn - l);
                        copy(ln, in, a, aOff + (k0 + l) * lda + i0, lda, scratch, aPiece);
                        panels(in, jn, ln, scratch, aPiece, l * packedRow, c, cPiece, ldc);
                    }
                }
            }
        }
    }

    /** The same for few rows of C, for which packing B does not pay. */
    private static void direct(
            int m,
            int n,
            int k,
            float[] a,
            int aOff,
            int lda,
            float[] b,
            int bOff,
            int ldb,
            float[] c,
            int cOff,
            int ldc) {
        for (int k0 = 0; k0 < k; k0 += K_PIECE) {
            int kn = Math.min(K_PIECE, k - k0);
            for (int j = 0; j < n; ) {
                int width = n - j >= WIDE ? WIDE : L;
                rows(m, kn, a, aOff + k0 * lda, 1, lda, b, bOff + k0 * ldb + j, ldb, width, c, cOff + j, ldc, width);
                j += width;
            }
        }
    }

    /**
     * Touches the cache lines of a piece of C before its blocks load them one after the other, so that their misses overlap.
     *
     * @return a sum, which is to be stored: otherwise nothing would be read
     */
    private static float touch(int m, int n, float[] c, int cOff, int ldc) {
        float sum = 0;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j += LINE) {
                sum += c[cOff + i * ldc + j];
            }
        }
        return sum;
    }

    /** A piece of A, (k, columns), with rows of A_PIECE. */
    private static void copy(int k, int columns, float[] a, int from, int lda, float[] to, int off) {
        if (columns < A_PIECE) {
            for (int l = 0; l < k; l++) {
                System.arraycopy(a, from + l * lda, to, off + l * A_PIECE, columns);
            }
            return;
        }
        for (int l = 0; l < k; l++) {
            for (int u = 0; u < A_PIECE; u += L) {
                load(a, from + l * lda + u).intoArray(to, off + l * A_PIECE + u);
            }
        }
    }

    /** C (m, n) += the packed piece of A, transposed, by the packed piece of B, both in scratch. */
    private static void panels(
            int m, int n, int k, float[] scratch, int aPiece, int bPiece, float[] c, int cOff, int ldc) {
        int panel = bPiece;
        for (int j = 0; j < n; ) {
            int width = n - j >= WIDE ? WIDE : L;
            rows(m, k, scratch, aPiece, 1, A_PIECE, scratch, panel, width, width, c, cOff + j, ldc, n - j);
            panel += k * width;
            j += width;
        }
    }

    /**
     * One panel's columns of C, added to, for all m rows. A[i][l] is at {@code a[aOff + i * aRow + l * aColumn]}, row l of the panel at
     * {@code b[bOff + l * bRow]}.
     */
    private static void rows(
            int m,
            int k,
            float[] a,
            int aOff,
            int aRow,
            int aColumn,
            float[] b,
            int bOff,
            int bRow,
            int width,
            float[] c,
            int cOff,
            int ldc,
            int columns) {
        int i = 0;
        if (width == WIDE) {
            for (; i + 4 <= m; i += 4) {
                block4x4(k, a, aOff + i * aRow, aRow, aColumn, b, bOff, bRow, c, cOff + i * ldc, ldc);
            }
            for (; i < m; i++) {
                block1x4(k, a, aOff + i * aRow, aColumn, b, bOff, bRow, c, cOff + i * ldc);
            }
            return;
        }
        for (; i + 4 <= m; i += 4) {
            block4x1(k, a, aOff + i * aRow, aRow, aColumn, b, bOff, bRow, c, cOff + i * ldc, ldc, columns);
        }
        for (; i < m; i++) {
            block1x1(k, a, aOff + i * aRow, aColumn, b, bOff, bRow, c, cOff + i * ldc, columns);
        }
    }

    // spotless:off
    private static void block4x4(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int bOff, int bRow, float[] c, int c0, int ldc) {
        int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        int c1 = c0 + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
        FloatVector c00 = load(c, c0), c01 = load(c, c0 + L), c02 = load(c, c0 + 2 * L), c03 = load(c, c0 + 3 * L);
        FloatVector c10 = load(c, c1), c11 = load(c, c1 + L), c12 = load(c, c1 + 2 * L), c13 = load(c, c1 + 3 * L);
        FloatVector c20 = load(c, c2), c21 = load(c, c2 + L), c22 = load(c, c2 + 2 * L), c23 = load(c, c2 + 3 * L);
        FloatVector c30 = load(c, c3), c31 = load(c, c3 + L), c32 = load(c, c3 + 2 * L), c33 = load(c, c3 + 3 * L);
        for (int l = 0, p = bOff, q = 0; l < k; l++, p += bRow, q += aColumn) {
            FloatVector b0 = load(b, p), b1 = load(b, p + L), b2 = load(b, p + 2 * L), b3 = load(b, p + 3 * L);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + q]);
            c00 = x.fma(b0, c00); c01 = x.fma(b1, c01); c02 = x.fma(b2, c02); c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(SPECIES, a[a1 + q]);
            c10 = x.fma(b0, c10); c11 = x.fma(b1, c11); c12 = x.fma(b2, c12); c13 = x.fma(b3, c13);
            x = FloatVector.broadcast(SPECIES, a[a2 + q]);
            c20 = x.fma(b0, c20); c21 = x.fma(b1, c21); c22 = x.fma(b2, c22); c23 = x.fma(b3, c23);
            x = FloatVector.broadcast(SPECIES, a[a3 + q]);
            c30 = x.fma(b0, c30); c31 = x.fma(b1, c31); c32 = x.fma(b2, c32); c33 = x.fma(b3, c33);
        }
        c00.intoArray(c, c0); c01.intoArray(c, c0 + L); c02.intoArray(c, c0 + 2 * L); c03.intoArray(c, c0 + 3 * L);
        c10.intoArray(c, c1); c11.intoArray(c, c1 + L); c12.intoArray(c, c1 + 2 * L); c13.intoArray(c, c1 + 3 * L);
        c20.intoArray(c, c2); c21.intoArray(c, c2 + L); c22.intoArray(c, c2 + 2 * L); c23.intoArray(c, c2 + 3 * L);
        c30.intoArray(c, c3); c31.intoArray(c, c3 + L); c32.intoArray(c, c3 + 2 * L); c33.intoArray(c, c3 + 3 * L);
    }

    private static void block1x4(
            int k, float[] a, int a0, int aColumn, float[] b, int bOff, int bRow, float[] c, int c0) {
        FloatVector s0 = load(c, c0), s1 = load(c, c0 + L), s2 = load(c, c0 + 2 * L), s3 = load(c, c0 + 3 * L);
        for (int l = 0, p = bOff, q = a0; l < k; l++, p += bRow, q += aColumn) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[q]);
            s0 = x.fma(load(b, p), s0); s1 = x.fma(load(b, p + L), s1);
            s2 = x.fma(load(b, p + 2 * L), s2); s3 = x.fma(load(b, p + 3 * L), s3);
        }
        s0.intoArray(c, c0); s1.intoArray(c, c0 + L); s2.intoArray(c, c0 + 2 * L); s3.intoArray(c, c0 + 3 * L);
    }

    private static void block4x1(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int bOff, int bRow, float[] c, int c0, int ldc,
            int columns) {
        VectorMask<Float> mask = tail(0, columns);
        int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        int c1 = c0 + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
        FloatVector s0 = load(c, c0, mask), s1 = load(c, c1, mask), s2 = load(c, c2, mask), s3 = load(c, c3, mask);
        for (int l = 0, p = bOff, q = 0; l < k; l++, p += bRow, q += aColumn) {
            FloatVector b0 = load(b, p);
            s0 = b0.fma(FloatVector.broadcast(SPECIES, a[a0 + q]), s0);
            s1 = b0.fma(FloatVector.broadcast(SPECIES, a[a1 + q]), s1);
            s2 = b0.fma(FloatVector.broadcast(SPECIES, a[a2 + q]), s2);
            s3 = b0.fma(FloatVector.broadcast(SPECIES, a[a3 + q]), s3);
        }
        s0.intoArray(c, c0, mask); s1.intoArray(c, c1, mask); s2.intoArray(c, c2, mask); s3.intoArray(c, c3, mask);
    }

    private static void block1x1(
            int k, float[] a, int a0, int aColumn, float[] b, int bOff, int bRow, float[] c, int c0, int columns) {
        VectorMask<Float> mask = tail(0, columns);
        FloatVector s = load(c, c0, mask);
        for (int l = 0, p = bOff, q = a0; l < k; l++, p += bRow, q += aColumn) {
            s = load(b, p).fma(FloatVector.broadcast(SPECIES, a[q]), s);
        }
        s.intoArray(c, c0, mask);
    }
    // spotless:on
}
