package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.SPECIES;
import static org.sab4j.kernels.vector.Lanes.all;
import static org.sab4j.kernels.vector.Lanes.load;
import static org.sab4j.kernels.vector.Lanes.loadTail;
import static org.sab4j.kernels.vector.Lanes.storeTail;
import static org.sab4j.kernels.vector.Lanes.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.sab4j.kernels.Kernels;

/** Scores of memories and their gradients. */
final class VectorAttention {

    private VectorAttention() {}

    static void exp2x(int n, float[] x, int xOff, float[] out, int oOff) {
        for (int j = 0; j < n; j += L) {
            FloatVector v = loadTail(x, xOff, j, n);
            storeTail(VectorMath.exp(v.add(v)), out, oOff, j, n);
        }
    }

    /**
     * A lane is a memory, so no sum runs across lanes. Four quotients w/d share one division: w1/d1 + w2/d2 = (w1 d2 +
     * w2 d1) / (d1 d2), twice over; no product overflows, as each d is at most 2^30.
     */
    static void mlpScores(
            int n, int a, float[] query, int qOff, float[] keys, int kOff, float[] w, int wOff, float[] out, int oOff) {
        float total = 0;
        for (int u = 0; u < a; u++) {
            total += w[wOff + u];
        }
        for (int j = 0; j < n; j += L) {
            FloatVector sum = quotients(a, query, qOff, keys, kOff + j * a, w, wOff);
            sum.fma(all(-2f), all(total)).intoArray(out, oOff + j);
        }
    }

    /** Σ_u w_u / (1 + key_u query_u) for a block of memories. */
    private static FloatVector quotients(int a, float[] query, int qOff, float[] keys, int kOff, float[] w, int wOff) {
        FloatVector one = all(1f);
        FloatVector most = all(Kernels.MAX_DENOMINATOR);
        FloatVector sum = FloatVector.zero(SPECIES);
        int u = 0;
        for (int p = kOff; u + 4 <= a; u += 4, p += 4 * L) {
            FloatVector d0 = load(keys, p).fma(all(query[qOff + u]), one).min(most);
            FloatVector d1 = load(keys, p + L).fma(all(query[qOff + u + 1]), one).min(most);
            FloatVector d2 = load(keys, p + 2 * L).fma(all(query[qOff + u + 2]), one).min(most);
            FloatVector d3 = load(keys, p + 3 * L).fma(all(query[qOff + u + 3]), one).min(most);
            FloatVector n01 = d1.fma(all(w[wOff + u]), d0.mul(w[wOff + u + 1]));
            FloatVector n23 = d3.fma(all(w[wOff + u + 2]), d2.mul(w[wOff + u + 3]));
            FloatVector d01 = d0.mul(d1);
            FloatVector d23 = d2.mul(d3);
            sum = sum.add(n01.fma(d23, n23.mul(d01)).div(d01.mul(d23)));
        }
        for (; u < a; u++) {
            FloatVector d = load(keys, kOff + u * L).fma(all(query[qOff + u]), one).min(most);
            sum = sum.add(all(w[wOff + u]).div(d));
        }
        return sum;
    }

    static void mlpScoresBackward(
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
        FloatVector one = all(1f);
        FloatVector most = all(Kernels.MAX_DENOMINATOR);
        for (int u = 0; u < a; u += L) {
            VectorMask<Float> mask = tail(u, a);
            FloatVector expQuery = FloatVector.fromArray(SPECIES, query, qOff + u, mask);
            FloatVector weight = FloatVector.fromArray(SPECIES, w, wOff + u, mask);
            FloatVector sumQuery = FloatVector.fromArray(SPECIES, dQuery, dqOff + u, mask);
            FloatVector sumWeight = FloatVector.fromArray(SPECIES, dw, dwOff + u, mask);
            for (int j = 0; j < count; j++) {
                int row = indices[iOff + j] * a + u;
                FloatVector d = all(dScores[dsOff + j]);
                FloatVector e = FloatVector.fromArray(SPECIES, keys, kOff + row, mask);
                FloatVector tanh = one.sub(all(2f).div(e.fma(expQuery, one).min(most)));
                FloatVector dz = d.mul(weight).mul(one.sub(tanh.mul(tanh)));
                FloatVector.fromArray(SPECIES, dKeys, dkOff + row, mask).add(dz).intoArray(dKeys, dkOff + row, mask);
                sumQuery = sumQuery.add(dz);
                sumWeight = d.fma(tanh, sumWeight);
            }
            sumQuery.intoArray(dQuery, dqOff + u, mask);
            sumWeight.intoArray(dw, dwOff + u, mask);
        }
    }

    static float tanhDot(int n, float[] x, int xOff, float[] w, int wOff) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += L) {
            sum = VectorMath.tanh(loadTail(x, xOff, j, n)).fma(loadTail(w, wOff, j, n), sum);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    static void tanhDotBackward(
            int n, float d, float[] x, int xOff, float[] w, int wOff, float[] dx, int dxOff, float[] dw, int dwOff) {
        FloatVector one = all(1f);
        for (int j = 0; j < n; j += L) {
            FloatVector tanh = VectorMath.tanh(loadTail(x, xOff, j, n));
            FloatVector slope = one.sub(tanh.mul(tanh)).mul(loadTail(w, wOff, j, n));
            storeTail(slope.fma(all(d), loadTail(dx, dxOff, j, n)), dx, dxOff, j, n);
            storeTail(tanh.fma(all(d), loadTail(dw, dwOff, j, n)), dw, dwOff, j, n);
        }
    }

    static void weightedSum(
            int count, int[] indices, int iOff, float[] weights, int wOff, int h, float[] rows, int rOff, float[] out, int oOff) {
        for (int u = 0; u < h; u += L) {
            VectorMask<Float> mask = tail(u, h);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int j = 0; j < count; j++) {
                sum = FloatVector.fromArray(SPECIES, rows, rOff + indices[iOff + j] * h + u, mask)
                        .fma(all(weights[wOff + j]), sum);
            }
            sum.intoArray(out, oOff + u, mask);
        }
    }

    static void weightedSumBackward(
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
            FloatVector weight = all(weights[wOff + j]);
            FloatVector dot = FloatVector.zero(SPECIES);
            for (int u = 0; u < h; u += L) {
                VectorMask<Float> mask = tail(u, h);
                FloatVector g = FloatVector.fromArray(SPECIES, d, dOff + u, mask);
                dot = g.fma(FloatVector.fromArray(SPECIES, rows, rOff + row + u, mask), dot);
                FloatVector old = FloatVector.fromArray(SPECIES, dRows, drOff + row + u, mask);
                g.fma(weight, old).intoArray(dRows, drOff + row + u, mask);
            }
            dWeights[dwOff + j] = dot.reduceLanes(VectorOperators.ADD);
        }
    }
}
