package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.SPECIES;
import static org.sab4j.kernels.vector.Lanes.all;
import static org.sab4j.kernels.vector.Lanes.load;
import static org.sab4j.kernels.vector.Lanes.orZero;
import static org.sab4j.kernels.vector.Lanes.sum;
import static org.sab4j.kernels.vector.Lanes.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.sab4j.kernels.Kernels;

/** Sums, scalings, softmax and the optimiser's step. What is left behind the whole vectors is done in plain Java or masked. */
final class VectorElementwise {

    /** Floats whose squares are added in single precision before the sum goes on in double. */
    private static final int PIECE = 64 * L;

    private VectorElementwise() {}

    static void add(int n, float[] x, int xOff, float[] y, int yOff, float[] out, int oOff) {
        int j = 0;
        for (; j <= n - L; j += L) {
            load(x, xOff + j).add(load(y, yOff + j)).intoArray(out, oOff + j);
        }
        for (; j < n; j++) {
            out[oOff + j] = x[xOff + j] + y[yOff + j];
        }
    }

    static void axpy(int n, float s, float[] x, int xOff, float[] y, int yOff) {
        FloatVector scale = all(s);
        int j = 0;
        for (; j <= n - L; j += L) {
            load(x, xOff + j).fma(scale, load(y, yOff + j)).intoArray(y, yOff + j);
        }
        for (; j < n; j++) {
            y[yOff + j] = Math.fma(x[xOff + j], s, y[yOff + j]);
        }
    }

    static void scale(int n, float s, float[] y, int yOff) {
        int j = 0;
        for (; j <= n - L; j += L) {
            load(y, yOff + j).mul(s).intoArray(y, yOff + j);
        }
        for (; j < n; j++) {
            y[yOff + j] *= s;
        }
    }

    static double sumOfSquares(int n, float[] x, int xOff) {
        double total = 0;
        for (int j = 0; j < n; j += PIECE) {
            int piece = Math.min(PIECE, n - j);
            float sum = squares(piece, x, xOff + j);
            total += Float.isInfinite(sum) ? exactly(piece, x, xOff + j) : sum;
        }
        return total;
    }

    private static float squares(int n, float[] x, int off) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= n - L; j += L) {
            FloatVector v = load(x, off + j);
            sum = v.fma(v, sum);
        }
        float rest = 0;
        for (; j < n; j++) {
            rest += x[off + j] * x[off + j];
        }
        return sum(sum) + rest;
    }

    /** In double precision, for squares that single precision can't hold. */
    private static double exactly(int n, float[] x, int off) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += (double) x[off + j] * x[off + j];
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
            max = max.lanewise(VectorOperators.MAX, load(x, at + j, mask), mask);
        }
        float top = max.reduceLanes(VectorOperators.MAX);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += L) {
            VectorMask<Float> mask = tail(j, n);
            FloatVector e = VectorMath.exp(load(x, at + j, mask).sub(top));
            sum = sum.add(e, mask);
            e.intoArray(x, at + j, mask);
        }
        scale(n, 1 / sum(sum), x, at);
    }

    static void adam(
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
        int end = off + n;
        int j = off;
        for (; j <= end - L; j += L) {
            FloatVector gradient = load(g, j).mul(gradientScale);
            FloatVector first = orZero(load(m, j).mul(beta1).add(gradient.mul(1 - beta1)), Kernels.LEAST);
            FloatVector second =
                    orZero(load(v, j).mul(beta2).add(gradient.mul(gradient).mul(1 - beta2)), Float.MIN_NORMAL);
            first.intoArray(m, j);
            second.intoArray(v, j);
            load(x, j).sub(first.mul(rate).div(second.sqrt().add(epsilon))).intoArray(x, j);
        }
        for (; j < end; j++) {
            float gradient = gradientScale * g[j];
            m[j] = Kernels.orZero(beta1 * m[j] + (1 - beta1) * gradient, Kernels.LEAST);
            v[j] = Kernels.orZero(beta2 * v[j] + (1 - beta2) * (gradient * gradient), Float.MIN_NORMAL);
            x[j] -= rate * m[j] / ((float) Math.sqrt(v[j]) + epsilon);
        }
    }

    static void adEmaMix(
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
        int end = off + n;
        for (int j = off; j < end; j += L) {
            VectorMask<Float> mask = tail(j, end);
            FloatVector gradient = load(g, j, mask).mul(gradientScale);
            FloatVector first = orZero(load(m, j, mask).mul(beta1).add(gradient.mul(1 - beta1)), Kernels.LEAST);
            FloatVector slow = orZero(load(s, j, mask).mul(beta3).add(gradient.mul(1 - beta3)), Kernels.LEAST);
            FloatVector second = orZero(
                    load(v, j, mask).mul(beta2).add(gradient.mul(gradient).mul(1 - beta2)), Float.MIN_NORMAL);
            first.intoArray(m, j, mask);
            slow.intoArray(s, j, mask);
            second.intoArray(v, j, mask);
            FloatVector step =
                    first.mul(rate).add(slow.mul(slowRate)).div(second.sqrt().add(epsilon));
            load(x, j, mask).sub(step).intoArray(x, j, mask);
        }
    }
}
