package org.sab4j.kernels;

/**
 * The kernels as one would write them on paper: the reference that every other provider is tested against.
 *
 * <p>Sums run in double precision where that costs nothing in clarity, so that a difference to this class is the other
 * provider's rounding.
 */
public final class ScalarKernels implements Kernels {

    private static final float MAX_EXPONENT = 86f;

    /** The reference kernels. */
    public ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public int packedSize(int k, int n) {
        return Math.multiplyExact(k, n);
    }

    @Override
    public void pack(int k, int n, float[] b, int bOff, int rowStride, int columnStride, float[] packed, int pOff) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < n; j++) {
                packed[pOff + i * n + j] = b[bOff + i * rowStride + j * columnStride];
            }
        }
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
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = accumulate ? c[cOff + i * ldc + j] : 0;
                for (int l = 0; l < k; l++) {
                    sum += (double) a[aOff + i * lda + l] * packed[pOff + l * n + j];
                }
                c[cOff + i * ldc + j] = (float) sum;
            }
        }
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
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = c[cOff + i * ldc + j];
                for (int l = 0; l < k; l++) {
                    sum += (double) a[aOff + l * lda + i] * b[bOff + l * ldb + j];
                }
                c[cOff + i * ldc + j] = (float) sum;
            }
        }
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
        for (int r = 0; r < rows; r++) {
            int p = gOff + r * 4 * h;
            for (int j = 0; j < h; j++, p++) {
                float i = sigmoid(gates[p]);
                float f = sigmoid(gates[p + h]);
                float g = (float) Math.tanh(gates[p + 2 * h]);
                float o = sigmoid(gates[p + 3 * h]);
                float cell = Kernels.orZero(f * cPrevious[cpOff + r * h + j] + i * g, LEAST);
                gates[p] = i;
                gates[p + h] = f;
                gates[p + 2 * h] = g;
                gates[p + 3 * h] = o;
                c[cOff + r * h + j] = cell;
                output[oOff + r * h + j] = o * (float) Math.tanh(cell);
            }
        }
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
        for (int r = 0; r < rows; r++) {
            int p = gOff + r * 4 * h;
            for (int j = 0; j < h; j++, p++) {
                float i = gates[p];
                float f = gates[p + h];
                float g = gates[p + 2 * h];
                float o = gates[p + 3 * h];
                float tanhC = (float) Math.tanh(c[cOff + r * h + j]);
                float dh = dOutput[oOff + r * h + j];
                float dCell = dc[dcOff + r * h + j] + dh * o * (1 - tanhC * tanhC);
                gates[p] = Kernels.orZero(dCell * g * i * (1 - i), LEAST);
                gates[p + h] = Kernels.orZero(dCell * cPrevious[cpOff + r * h + j] * f * (1 - f), LEAST);
                gates[p + 2 * h] = Kernels.orZero(dCell * i * (1 - g * g), LEAST);
                gates[p + 3 * h] = Kernels.orZero(dh * tanhC * o * (1 - o), LEAST);
                dc[dcOff + r * h + j] = Kernels.orZero(dCell * f, LEAST);
            }
        }
    }

    @Override
    public void exp2x(int n, float[] x, int xOff, float[] out, int oOff) {
        for (int j = 0; j < n; j++) {
            out[oOff + j] = (float) Math.exp(Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, 2 * x[xOff + j])));
        }
    }

    @Override
    public int keyBlock() {
        return 1;
    }

    @Override
    public void mlpScores(
            int n, int a, float[] query, int qOff, float[] keys, int kOff, float[] w, int wOff, float[] out, int oOff) {
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int u = 0; u < a; u++) {
                sum += w[wOff + u] * tanhOfProduct(keys[kOff + j * a + u], query[qOff + u]);
            }
            out[oOff + j] = (float) sum;
        }
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
        for (int j = 0; j < count; j++) {
            int row = indices[iOff + j] * a;
            float d = dScores[dsOff + j];
            for (int u = 0; u < a; u++) {
                double tanh = tanhOfProduct(keys[kOff + row + u], query[qOff + u]);
                float dz = (float) (d * w[wOff + u] * (1 - tanh * tanh));
                dKeys[dkOff + row + u] += dz;
                dQuery[dqOff + u] += dz;
                dw[dwOff + u] += (float) (d * tanh);
            }
        }
    }

    /** tanh(x + y) from e^{2x} and e^{2y}. */
    private static double tanhOfProduct(double expKey, double expQuery) {
        return 1 - 2 / (1 + expKey * expQuery);
    }

    @Override
    public float tanhDot(int n, float[] x, int xOff, float[] w, int wOff) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += w[wOff + j] * Math.tanh(x[xOff + j]);
        }
        return (float) sum;
    }

    @Override
    public void tanhDotBackward(
            int n, float d, float[] x, int xOff, float[] w, int wOff, float[] dx, int dxOff, float[] dw, int dwOff) {
        for (int j = 0; j < n; j++) {
            double tanh = Math.tanh(x[xOff + j]);
            dx[dxOff + j] += (float) (d * w[wOff + j] * (1 - tanh * tanh));
            dw[dwOff + j] += (float) (d * tanh);
        }
    }

    @Override
    public int topK(int n, float[] scores, int sOff, int k, int[] indices, int iOff, float[] values, int vOff) {
        return TopK.insertion(n, scores, sOff, k, indices, iOff, values, vOff);
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
        for (int u = 0; u < h; u++) {
            double sum = 0;
            for (int j = 0; j < count; j++) {
                sum += (double) weights[wOff + j] * rows[rOff + indices[iOff + j] * h + u];
            }
            out[oOff + u] = (float) sum;
        }
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
        for (int j = 0; j < count; j++) {
            int row = indices[iOff + j] * h;
            double dot = 0;
            for (int u = 0; u < h; u++) {
                dot += (double) d[dOff + u] * rows[rOff + row + u];
                dRows[drOff + row + u] += weights[wOff + j] * d[dOff + u];
            }
            dWeights[dwOff + j] = (float) dot;
        }
    }

    @Override
    public void add(int n, float[] x, int xOff, float[] y, int yOff, float[] out, int oOff) {
        for (int j = 0; j < n; j++) {
            out[oOff + j] = x[xOff + j] + y[yOff + j];
        }
    }

    @Override
    public void axpy(int n, float s, float[] x, int xOff, float[] y, int yOff) {
        for (int j = 0; j < n; j++) {
            y[yOff + j] += s * x[xOff + j];
        }
    }

    @Override
    public void scale(int n, float s, float[] y, int yOff) {
        for (int j = 0; j < n; j++) {
            y[yOff + j] *= s;
        }
    }

    @Override
    public double sumOfSquares(int n, float[] x, int xOff) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += (double) x[xOff + j] * x[xOff + j];
        }
        return sum;
    }

    @Override
    public void softmaxRows(int rows, int n, float[] x, int xOff) {
        for (int r = 0; r < rows; r++) {
            int p = xOff + r * n;
            float max = Float.NEGATIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                max = Math.max(max, x[p + j]);
            }
            double sum = 0;
            for (int j = 0; j < n; j++) {
                x[p + j] = (float) Math.exp(x[p + j] - max);
                sum += x[p + j];
            }
            for (int j = 0; j < n; j++) {
                x[p + j] = (float) (x[p + j] / sum);
            }
        }
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
        for (int j = off; j < off + n; j++) {
            float gradient = gradientScale * g[j];
            m[j] = Kernels.orZero(beta1 * m[j] + (1 - beta1) * gradient, LEAST);
            v[j] = Kernels.orZero(beta2 * v[j] + (1 - beta2) * gradient * gradient, Float.MIN_NORMAL);
            x[j] -= rate * m[j] / ((float) Math.sqrt(v[j]) + epsilon);
        }
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
        for (int j = off; j < off + n; j++) {
            float gradient = gradientScale * g[j];
            m[j] = Kernels.orZero(beta1 * m[j] + (1 - beta1) * gradient, LEAST);
            s[j] = Kernels.orZero(beta3 * s[j] + (1 - beta3) * gradient, LEAST);
            v[j] = Kernels.orZero(beta2 * v[j] + (1 - beta2) * gradient * gradient, Float.MIN_NORMAL);
            x[j] -= (rate * m[j] + slowRate * s[j]) / ((float) Math.sqrt(v[j]) + epsilon);
        }
    }

    private static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }
}
