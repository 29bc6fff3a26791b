package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.load;

import jdk.incubator.vector.VectorOperators;
import org.sab4j.kernels.TopK;

/** The k largest of n: most scores are smaller than the k-th so far, and a vector of such is passed over with one comparison. */
final class VectorTopK {

    /** Scores looked at one by one first: among the early ones many are larger than the k-th so far. */
    private static final int FIRST = 128;

    private VectorTopK() {}

    static int insertion(int n, float[] scores, int sOff, int k, int[] indices, int iOff, float[] values, int vOff) {
        int j = Math.min(n, Math.max(FIRST, k));
        int size = TopK.insert(0, j, 0, scores, sOff, k, indices, iOff, values, vOff);
        for (; j <= n - L; j += L) {
            // Not "larger than": NaN counts as larger than everything.
            if (k > 0
                    && !load(scores, sOff + j)
                            .compare(VectorOperators.LE, values[vOff + k - 1])
                            .allTrue()) {
                size = TopK.insert(j, j + L, size, scores, sOff, k, indices, iOff, values, vOff);
            }
        }
        return TopK.insert(j, n, size, scores, sOff, k, indices, iOff, values, vOff);
    }
}
