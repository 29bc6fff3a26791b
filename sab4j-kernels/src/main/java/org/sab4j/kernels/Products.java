package org.sab4j.kernels;

/**
 * Matrix products, in single precision; what {@link Kernels} says of arguments and threads holds for all of these.
 *
 * <p>A matrix of weights is packed once and then multiplied many times. Each element of a product is a sum in an order that
 * follows from k alone, so rows and columns may be computed apart and give the same bits.
 */
public interface Products {

    /** The greatest size, in floats, of the scratch array that {@link #gemmTransposedA} needs. */
    int SCRATCH = 1 << 17;

    /**
     * The floats that {@link #pack} writes for a matrix of shape (k, n).
     *
     * @throws ArithmeticException if they are more than one array holds
     */
    int packedSize(int k, int n);

    /**
     * Lays a matrix B of shape (k, n) out as {@link #gemm} reads it.
     *
     * @param b B, with B[i][j] at {@code b[bOff + i * rowStride + j * columnStride]}: so B may be a transposed view
     * @param packed (packedSize(k, n)) written from {@code pOff}
     */
    void pack(int k, int n, float[] b, int bOff, int rowStride, int columnStride, float[] packed, int pOff);

    /**
     * C = A · B, or C += A · B.
     *
     * @param a A, shape (m, k), with row stride {@code lda}
     * @param packed B, shape (k, n), as {@link #pack} wrote it
     * @param c C, shape (m, n), with row stride {@code ldc}
     * @param accumulate whether to add to C instead of overwriting it
     */
    void gemm(
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
            boolean accumulate);

    /**
     * C += Aᵀ · B, the form of a weight gradient: k counts (step, row) pairs.
     *
     * @param a A, shape (k, m), with row stride {@code lda}
     * @param b B, shape (k, n), with row stride {@code ldb}, not packed
     * @param c C, shape (m, n), with row stride {@code ldc}
     * @param scratch at least {@link #SCRATCH} floats, overwritten
     */
    void gemmTransposedA(
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
            float[] scratch);
}
