package org.sab4j.kernels.vector;

import org.sab4j.kernels.Kernels;

/** The interface's methods, each handed to its family. */
final class VectorKernels implements Kernels {

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int lanes() {
        return Lanes.L;
    }

    @Override
    public int packedSize(int k, int n) {
        return VectorGemm.packedSize(k, n);
    }

    @Override
    public void pack(int k, int n, float[] b, int bOff, int rowStride, int columnStride, float[] packed, int pOff) {
        VectorGemm.pack(k, n, b, bOff, rowStride, columnStride, packed, pOff);
    }

    @Override
    public void gemm(
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
        VectorGemm.gemm(m, n, k, a, aOff, lda, packed, pOff, c, cOff, ldc, accumulate);
    }

    @Override
    public void gemmTransposedA(
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
        VectorGemm.gemmTransposedA(m, n, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc, scratch);
    }

    @Override
    public void lstmForward(
            int rows,
            int h,
            float[] gates,
            int gOff,
            float[] cPrevious,
            int cpOff,
            float[] c,
            int cOff,
            float[] output,
            int oOff) {
        VectorLstm.forward(rows, h, gates, gOff, cPrevious, cpOff, c, cOff, output, oOff);
    }

    @Override
    public void lstmBackward(
            int rows,
            int h,
            float[] gates,
            int gOff,
            float[] cPrevious,
            int cpOff,
            float[] c,
            int cOff,
            float[] dOutput,
            int oOff,
            float[] dc,
            int dcOff) {
        VectorLstm.backward(rows, h, gates, gOff, cPrevious, cpOff, c, cOff, dOutput, oOff, dc, dcOff);
    }

    @Override
    public void exp2x(int n, float[] x, int xOff, float[] out, int oOff) {
        VectorAttention.exp2x(n, x, xOff, out, oOff);
    }

    @Override
    public int keyBlock() {
        return Lanes.L;
    }

    @Override
    public void mlpScores(
            int n, int a, float[] query, int qOff, float[] keys, int kOff, float[] w, int wOff, float[] out, int oOff) {
        VectorAttention.mlpScores(n, a, query, qOff, keys, kOff, w, wOff, out, oOff);
    }

    @Override
    public void mlpScoresBackward(
            int count,
            int[] indices,
            int iOff,
            float[] dScores,
            int dsOff,
            int a,
            float[] query,
            int qOff,
            float[] keys,
            int kOff,
            float[] w,
            int wOff,
            float[] dQuery,
            int dqOff,
            float[] dKeys,
            int dkOff,
            float[] dw,
            int dwOff) {
        VectorAttention.mlpScoresBackward(
                count, indices, iOff, dScores, dsOff, a, query, qOff, keys, kOff, w, wOff, dQuery, dqOff, dKeys, dkOff,
                dw, dwOff);
    }

    @Override
    public float tanhDot(int n, float[] x, int xOff, float[] w, int wOff) {
        return VectorAttention.tanhDot(n, x, xOff, w, wOff);
    }

    @Override
    public void tanhDotBackward(
            int n, float d, float[] x, int xOff, float[] w, int wOff, float[] dx, int dxOff, float[] dw, int dwOff) {
        VectorAttention.tanhDotBackward(n, d, x, xOff, w, wOff, dx, dxOff, dw, dwOff);
    }

    @Override
    public int topK(int n, float[] scores, int sOff, int k, int[] indices, int iOff, float[] values, int vOff) {
        return VectorTopK.insertion(n, scores, sOff, k, indices, iOff, values, vOff);
    }

    @Override
    public void weightedSum(
            int count,
            int[] indices,
            int iOff,
            float[] weights,
            int wOff,
            int h,
            float[] rows,
            int rOff,
            float[] out,
            int oOff) {
        VectorAttention.weightedSum(count, indices, iOff, weights, wOff, h, rows, rOff, out, oOff);
    }

    @Override
    public void weightedSumBackward(
            int count,
            int[] indices,
            int iOff,
            float[] weights,
            int wOff,
            int h,
            float[] rows,
            int rOff,
            float[] d,
            int dOff,
            float[] dRows,
            int drOff,
            float[] dWeights,
            int dwOff) {
        VectorAttention.weightedSumBackward(
                count, indices, iOff, weights, wOff, h, rows, rOff, d, dOff, dRows, drOff, dWeights, dwOff);
    }

    @Override
    public void add(int n, float[] x, int xOff, float[] y, int yOff, float[] out, int oOff) {
        VectorElementwise.add(n, x, xOff, y, yOff, out, oOff);
    }

    @Override
    public void axpy(int n, float s, float[] x, int xOff, float[] y, int yOff) {
        VectorElementwise.axpy(n, s, x, xOff, y, yOff);
    }

    @Override
    public void scale(int n, float s, float[] y, int yOff) {
        VectorElementwise.scale(n, s, y, yOff);
    }

    @Override
    public double sumOfSquares(int n, float[] x, int xOff) {
        return VectorElementwise.sumOfSquares(n, x, xOff);
    }

    @Override
    public void softmaxRows(int rows, int n, float[] x, int xOff) {
        VectorElementwise.softmaxRows(rows, n, x, xOff);
    }

    @Override
    public void adam(
            int n,
            int off,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float gradientScale,
            float[] x,
            float[] g,
            float[] m,
            float[] v) {
        VectorElementwise.adam(n, off, rate, beta1, beta2, epsilon, gradientScale, x, g, m, v);
    }

    @Override
    public void adEmaMix(
            int n,
            int off,
            float rate,
            float slowRate,
            float beta1,
            float beta2,
            float beta3,
            float epsilon,
            float gradientScale,
            float[] x,
            float[] g,
            float[] m,
            float[] s,
            float[] v) {
        VectorElementwise.adEmaMix(n, off, rate, slowRate, beta1, beta2, beta3, epsilon, gradientScale, x, g, m, s, v);
    }
}
