package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.SPECIES;
import static org.sab4j.kernels.vector.Lanes.all;
import static org.sab4j.kernels.vector.Lanes.loadTail;
import static org.sab4j.kernels.vector.Lanes.storeTail;
import static org.sab4j.kernels.vector.Lanes.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Sums, scalings, softmax and the optimiser's step. */
final class VectorElementwise {

    /** Floats whose squares are added in single precision before the sum goes on in double. */
    private static final int PIECE = 64 * L;

    private VectorElementwise() {}

    static void add(int n, float[] x, int xOff, float[] y, int yOff, float[] out, int oOff) {
        for (int j = 0; j < n; j += L) {
            storeTail(loadTail(x, xOff, j, n).add(loadTail(y, yOff, j, n)), out, oOff, j, n);
        }
    }

    static void axpy(int n, float s, float[] x, int xOff, float[] y, int yOff) {
        FloatVector scale = all(s);
        for (int j = 0; j < n; j += L) {
            storeTail(loadTail(x, xOff, j, n).fma(scale, loadTail(y, yOff, j, n)), y, yOff, j, n);
        }
    }

    static void scale(int n, float s, float[] y, int yOff) {
        for (int j = 0; j < n; j += L) {
            storeTail(loadTail(y, yOff, j, n).mul(s), y, yOff, j, n);
        }
    }

    static double sumOfSquares(int n, float[] x, int xOff) {
        double total = 0;
        for (int j0 = 0; j0 < n; j0 += PIECE) {
            int end = Math.min(n, j0 + PIECE);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int j = j0; j < end; j += L) {
                FloatVector v = loadTail(x, xOff, j, n);
                sum = v.fma(v, sum);
            }
            float piece = sum.reduceLanes(VectorOperators.ADD);
            total += Float.isInfinite(piece) ? exactly(end - j0, x, xOff + j0) : piece;
        }
        return total;
    }

    /** In double precision, for squares that single precision can't hold. */
    private static double exactly(int n, float[] x, int xOff) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += (double) x[xOff + j] * x[xOff + j];
        }
        return sum;
    }

    static void softmaxRows(int rows, int n, float[] x, int xOff) {
        for (int r = 0; r < rows; r++) {
            softmax(n, x, xOff + r * n);
        }
    }

    private static void softmax(int n, float[] x, int at) {
        FloatVector max = all(Float.NEGATIVE_INFINITY);
        for (int j = 0; j < n; j += L) {
            VectorMask<Float> mask = tail(j, n);
            max = max.lanewise(VectorOperators.MAX, FloatVector.fromArray(SPECIES, x, at + j, mask), mask);
        }
        float top = max.reduceLanes(VectorOperators.MAX);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += L) {
            VectorMask<Float> mask = tail(j, n);
            FloatVector e = VectorMath.exp(FloatVector.fromArray(SPECIES, x, at + j, mask).sub(top));
            sum = sum.add(e, mask);
            e.intoArray(x, at + j, mask);
        }
        scale(n, 1 / sum.reduceLanes(VectorOperators.ADD), x, at);
    }

    static void adam(
            int n,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float gradientScale,
            float[] x,
            float[] g,
            float[] m,
            float[] v) {
        for (int j = 0; j < n; j += L) {
            VectorMask<Float> mask = tail(j, n);
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, j, mask).mul(gradientScale);
            FloatVector first = FloatVector.fromArray(SPECIES, m, j, mask).mul(beta1).add(gradient.mul(1 - beta1));
            FloatVector second =
                    FloatVector.fromArray(SPECIES, v, j, mask).mul(beta2).add(gradient.mul(gradient).mul(1 - beta2));
            FloatVector step = first.mul(rate).div(second.sqrt().add(epsilon));
            first.intoArray(m, j, mask);
            second.intoArray(v, j, mask);
            FloatVector.fromArray(SPECIES, x, j, mask).sub(step).intoArray(x, j, mask);
        }
    }
}
