package org.sab4j.kernels;

/** The k largest of n by insertion into a sorted list: the list is short, and most scores fail its first comparison. */
public final class TopK {

    private TopK() {}

    /** See {@link Kernels#topK}. */
    public static int insertion(
            int n, float[] scores, int sOff, int k, int[] indices, int iOff, float[] values, int vOff) {
        return insert(0, n, 0, scores, sOff, k, indices, iOff, values, vOff);
    }

    /**
     * Goes on with the scores {@code from} … {@code to} − 1.
     *
     * @param before how many are in the list
     * @return how many are in the list then
     */
    public static int insert(
            int from,
            int to,
            int before,
            float[] scores,
            int sOff,
            int k,
            int[] indices,
            int iOff,
            float[] values,
            int vOff) {
        int size = before;
        for (int j = from; j < to; j++) {
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
