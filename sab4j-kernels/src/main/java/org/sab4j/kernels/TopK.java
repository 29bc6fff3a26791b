package org.sab4j.kernels;

/** The k largest of n by insertion into a sorted list: the list is short, and most scores fail its first comparison. */
public final class TopK {

    private TopK() {}

    /** See {@link Kernels#topK}. */
    public static int insertion(
            int n, float[] scores, int sOff, int k, int[] indices, int iOff, float[] values, int vOff) {
        int size = 0;
        for (int j = 0; j < n; j++) {
            float score = scores[sOff + j];
            if (size < k) {
                insert(score, j, size++, indices, iOff, values, vOff);
            } else if (k > 0 && !(score <= values[vOff + k - 1]) && !Float.isNaN(values[vOff + k - 1])) {
                insert(score, j, k - 1, indices, iOff, values, vOff);
            }
        }
        return size;
    }

    /** Puts a score before the first smaller one among the {@code at} that are there. */
    private static void insert(float score, int index, int at, int[] indices, int iOff, float[] values, int vOff) {
        int p = at;
        while (p > 0 && !(score <= values[vOff + p - 1]) && !Float.isNaN(values[vOff + p - 1])) {
            values[vOff + p] = values[vOff + p - 1];
            indices[iOff + p] = indices[iOff + p - 1];
            p--;
        }
        values[vOff + p] = score;
        indices[iOff + p] = index;
    }
}
