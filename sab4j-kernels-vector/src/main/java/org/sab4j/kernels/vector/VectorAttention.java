package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.SPECIES;
import static org.sab4j.kernels.vector.Lanes.all;
import static org.sab4j.kernels.vector.Lanes.load;
import static org.sab4j.kernels.vector.Lanes.sum;
import static org.sab4j.kernels.vector.Lanes.tail;
import static org.sab4j.kernels.vector.VectorMath.atMost;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sab4j.kernels.Kernels;

/** Scores of memories and their gradients. */
final class VectorAttention {

    private VectorAttention() {}

    static void exp2x(int n, float[] x, int xOff, float[] out, int oOff) {
        int j = 0;
        for (; j <= n - L; j += L) {
            VectorMath.exp(load(x, xOff + j).mul(2)).intoArray(out, oOff + j);
        }
        if (j < n) {
            VectorMask<Float> mask = tail(j, n);
            VectorMath.exp(load(x, xOff + j, mask).mul(2)).intoArray(out, oOff + j, mask);
        }
    }

    /**
     * A lane is a memory, so no sum runs across lanes. Four quotients w/d share one division: w1/d1 + w2/d2 = (w1 d2 +
     * w2 d1) / (d1 d2), twice over; no product overflows, as each d is at most 2^30.
     *
     * <p>Two blocks of memories at a time share what is loaded of the query and the weights, which is a quarter of all time otherwise.
     */
    static void mlpScores(
            int n, int a, float[] query, int qOff, float[] keys, int kOff, float[] w, int wOff, float[] out, int oOff) {
        float total = 0;
        for (int u = 0; u < a; u++) {
            total += w[wOff + u];
        }
        FloatVector totals = all(total);
        int j = 0;
        for (; j + L < n; j += 2 * L) {
            twoBlocks(a, query, qOff, keys, kOff + j * a, w, wOff, totals, out, oOff + j);
        }
        if (j < n) {
            FloatVector sum = block(a, 0, query, qOff, keys, kOff + j * a, w, wOff, FloatVector.zero(SPECIES));
            totals.sub(sum.mul(2)).intoArray(out, oOff + j);
        }
    }

    private static void twoBlocks(
            int a,
            float[] query,
            int qOff,
            float[] keys,
            int kOff,
            float[] w,
            int wOff,
            FloatVector totals,
            float[] out,
            int oOff) {
        FloatVector sum = FloatVector.zero(SPECIES); // Σ_u w_u / (1 + key_u query_u)
        FloatVector next = FloatVector.zero(SPECIES); // of the second block
        FloatVector one = all(1);
        FloatVector most = all(Kernels.MAX_DENOMINATOR);
        int second = a * L;
        int p = kOff;
        int u = 0;
        for (; u <= a - 4; u += 4, p += 4 * L) {
            FloatVector q0 = all(query[qOff + u]);
            FloatVector q1 = all(query[qOff + u + 1]);
            FloatVector q2 = all(query[qOff + u + 2]);
            FloatVector q3 = all(query[qOff + u + 3]);
            FloatVector w0 = all(w[wOff + u]);
            FloatVector w1 = all(w[wOff + u + 1]);
            FloatVector w2 = all(w[wOff + u + 2]);
            FloatVector w3 = all(w[wOff + u + 3]);
            sum = sum.add(quotients(keys, p, q0, q1, q2, q3, w0, w1, w2, w3, one, most));
            next = next.add(quotients(keys, p + second, q0, q1, q2, q3, w0, w1, w2, w3, one, most));
        }
        sum = block(a, u, query, qOff, keys, kOff, w, wOff, sum);
        next = block(a, u, query, qOff, keys, kOff + second, w, wOff, next);
        totals.sub(sum.mul(2)).intoArray(out, oOff);
        totals.sub(next.mul(2)).intoArray(out, oOff + L);
    }

    /** Adds a block's quotients of the units from {@code from} on to a sum. */
    private static FloatVector block(
            int a, int from, float[] query, int qOff, float[] keys, int kOff, float[] w, int wOff, FloatVector before) {
        FloatVector sum = before;
        FloatVector one = all(1);
        FloatVector most = all(Kernels.MAX_DENOMINATOR);
        int u = from;
        int p = kOff + u * L;
        for (; u <= a - 4; u += 4, p += 4 * L) {
            sum = sum.add(quotients(
                    keys,
                    p,
                    all(query[qOff + u]),
                    all(query[qOff + u + 1]),
                    all(query[qOff + u + 2]),
                    all(query[qOff + u + 3]),
                    all(w[wOff + u]),
                    all(w[wOff + u + 1]),
                    all(w[wOff + u + 2]),
                    all(w[wOff + u + 3]),
                    one,
                    most));
        }
        for (; u < a; u++, p += L) {
            sum = sum.add(all(w[wOff + u]).div(denominator(load(keys, p), all(query[qOff + u]), one, most)));
        }
        return sum;
    }

    /** Σ w / (1 + key · query) of four units, with one division. */
    private static FloatVector quotients(
            float[] keys,
            int p,
            FloatVector q0,
            FloatVector q1,
            FloatVector q2,
            FloatVector q3,
            FloatVector w0,
            FloatVector w1,
            FloatVector w2,
            FloatVector w3,
            FloatVector one,
            FloatVector most) {
        FloatVector d0 = denominator(load(keys, p), q0, one, most);
        FloatVector d1 = denominator(load(keys, p + L), q1, one, most);
        FloatVector d2 = denominator(load(keys, p + 2 * L), q2, one, most);
        FloatVector d3 = denominator(load(keys, p + 3 * L), q3, one, most);
        FloatVector n01 = d1.fma(w0, d0.mul(w1));
        FloatVector n23 = d3.fma(w2, d2.mul(w3));
        FloatVector d01 = d0.mul(d1);
        FloatVector d23 = d2.mul(d3);
        return n01.fma(d23, n23.mul(d01)).div(d01.mul(d23));
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
        FloatVector one = all(1);
        FloatVector two = all(2);
        FloatVector most = all(Kernels.MAX_DENOMINATOR);
        int u = 0;
        for (; u <= a - L; u += L) {
            FloatVector expQuery = load(query, qOff + u);
            FloatVector weight = load(w, wOff + u);
            FloatVector sumQuery = load(dQuery, dqOff + u);
            FloatVector sumWeight = load(dw, dwOff + u);
            for (int j = 0; j < count; j++) {
                int row = indices[iOff + j] * a + u;
                FloatVector d = all(dScores[dsOff + j]);
                FloatVector tanh = one.sub(two.div(denominator(load(keys, kOff + row), expQuery, one, most)));
                FloatVector dz = d.mul(weight).mul(one.sub(tanh.mul(tanh)));
                load(dKeys, dkOff + row).add(dz).intoArray(dKeys, dkOff + row);
                sumQuery = sumQuery.add(dz);
                sumWeight = d.fma(tanh, sumWeight);
            }
            sumQuery.intoArray(dQuery, dqOff + u);
            sumWeight.intoArray(dw, dwOff + u);
        }
        if (u < a) {
            VectorMask<Float> mask = tail(u, a);
            FloatVector expQuery = load(query, qOff + u, mask);
            FloatVector weight = load(w, wOff + u, mask);
            FloatVector sumQuery = load(dQuery, dqOff + u, mask);
            FloatVector sumWeight = load(dw, dwOff + u, mask);
            for (int j = 0; j < count; j++) {
                int row = indices[iOff + j] * a + u;
                FloatVector d = all(dScores[dsOff + j]);
                FloatVector tanh = one.sub(two.div(denominator(load(keys, kOff + row, mask), expQuery, one, most)));
                FloatVector dz = d.mul(weight).mul(one.sub(tanh.mul(tanh)));
                load(dKeys, dkOff + row, mask).add(dz).intoArray(dKeys, dkOff + row, mask);
                sumQuery = sumQuery.add(dz);
                sumWeight = d.fma(tanh, sumWeight);
            }
            sumQuery.intoArray(dQuery, dqOff + u, mask);
            sumWeight.intoArray(dw, dwOff + u, mask);
        }
    }

    /** 1 + e^{2x} e^{2y}, held to 2^30: tanh(x + y) is 1 − 2 / it. */
    private static FloatVector denominator(
            FloatVector expKey, FloatVector expQuery, FloatVector one, FloatVector most) {
        return atMost(most, expKey.fma(expQuery, one));
    }

    static float tanhDot(int n, float[] x, int xOff, float[] w, int wOff) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= n - L; j += L) {
            sum = VectorMath.tanh(load(x, xOff + j)).fma(load(w, wOff + j), sum);
        }
        if (j < n) {
            VectorMask<Float> mask = tail(j, n);
            sum = VectorMath.tanh(load(x, xOff + j, mask)).fma(load(w, wOff + j, mask), sum);
        }
        return sum(sum);
    }

    static void tanhDotBackward(
            int n, float d, float[] x, int xOff, float[] w, int wOff, float[] dx, int dxOff, float[] dw, int dwOff) {
        FloatVector scale = all(d);
        int j = 0;
        for (; j <= n - L; j += L) {
            FloatVector tanh = VectorMath.tanh(load(x, xOff + j));
            FloatVector slope = all(1).sub(tanh.mul(tanh)).mul(load(w, wOff + j));
            slope.fma(scale, load(dx, dxOff + j)).intoArray(dx, dxOff + j);
            tanh.fma(scale, load(dw, dwOff + j)).intoArray(dw, dwOff + j);
        }
        if (j < n) {
            VectorMask<Float> mask = tail(j, n);
            FloatVector tanh = VectorMath.tanh(load(x, xOff + j, mask));
            FloatVector slope = all(1).sub(tanh.mul(tanh)).mul(load(w, wOff + j, mask));
            slope.fma(scale, load(dx, dxOff + j, mask)).intoArray(dx, dxOff + j, mask);
            tanh.fma(scale, load(dw, dwOff + j, mask)).intoArray(dw, dwOff + j, mask);
        }
    }

    /** Four blocks of units at a time: a row is read in one piece, and no sum waits for the one before it. */
    static void weightedSum(
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
        int u = 0;
        for (; u <= h - 4 * L; u += 4 * L) {
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            for (int j = 0; j < count; j++) {
                int at = rOff + indices[iOff + j] * h + u;
                FloatVector weight = all(weights[wOff + j]);
                sum0 = load(rows, at).fma(weight, sum0);
                sum1 = load(rows, at + L).fma(weight, sum1);
                sum2 = load(rows, at + 2 * L).fma(weight, sum2);
                sum3 = load(rows, at + 3 * L).fma(weight, sum3);
            }
            sum0.intoArray(out, oOff + u);
            sum1.intoArray(out, oOff + u + L);
            sum2.intoArray(out, oOff + u + 2 * L);
            sum3.intoArray(out, oOff + u + 3 * L);
        }
        for (; u <= h - L; u += L) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int j = 0; j < count; j++) {
                sum = load(rows, rOff + indices[iOff + j] * h + u).fma(all(weights[wOff + j]), sum);
            }
            sum.intoArray(out, oOff + u);
        }
        if (u < h) {
            VectorMask<Float> mask = tail(u, h);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int j = 0; j < count; j++) {
                sum = load(rows, rOff + indices[iOff + j] * h + u, mask).fma(all(weights[wOff + j]), sum);
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
            int row = rOff + indices[iOff + j] * h;
            int dRow = drOff + indices[iOff + j] * h;
            FloatVector weight = all(weights[wOff + j]);
            FloatVector dot = FloatVector.zero(SPECIES);
            int u = 0;
            for (; u <= h - L; u += L) {
                FloatVector g = load(d, dOff + u);
                dot = g.fma(load(rows, row + u), dot);
                g.fma(weight, load(dRows, dRow + u)).intoArray(dRows, dRow + u);
            }
            if (u < h) {
                VectorMask<Float> mask = tail(u, h);
                FloatVector g = load(d, dOff + u, mask);
                dot = g.fma(load(rows, row + u, mask), dot);
                g.fma(weight, load(dRows, dRow + u, mask)).intoArray(dRows, dRow + u, mask);
            }
            dWeights[dwOff + j] = sum(dot);
        }
    }
}
