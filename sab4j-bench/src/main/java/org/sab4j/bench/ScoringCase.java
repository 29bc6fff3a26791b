package org.sab4j.bench;

import org.sab4j.kernels.Kernels;

/**
 * Scoring many memories: the forward pass's part that grows with the square of the length.
 *
 * @param memories N
 * @param nanoseconds an element: a memory's unit
 * @param memory nanoseconds an element that reading the keys alone takes, by a sum of squares
 * @param selection nanoseconds a memory that choosing the five largest takes
 * @param arithmetic nanoseconds an element that its operations take at the rate of those of {@link Comparisons#LIMIT_GEMM}
 */
public record ScoringCase(int memories, Spread nanoseconds, double memory, double selection, double arithmetic) {

    /**
     * Operations an element, each for a whole vector: four elements take 4 multiply-adds for 1 + e^{2k} e^{2q}, 4 comparisons and 4
     * selections to bound it, 9 products and multiply-adds to bring four quotients to one, its division, and the sum.
     */
    private static final double OPERATIONS = 23 / 4.0;

    private static final int UNITS = 128;

    /**
     * Measures.
     *
     * @param gflops the rate of {@link Comparisons#LIMIT_GEMM}, which has two to a multiply-add
     */
    static ScoringCase measure(Kernels kernels, int memories, double gflops, int rounds, double seconds) {
        int block = kernels.keyBlock();
        int padded = (memories + block - 1) / block * block;
        float[] keys = KernelCase.exponentials(kernels, padded * UNITS);
        float[] query = KernelCase.exponentials(kernels, UNITS);
        float[] w = KernelCase.floats(UNITS);
        float[] out = new float[padded];
        int[] indices = new int[5];
        float[] values = new float[5];
        double elements = (double) memories * UNITS;
        double[] scores = new double[rounds];
        double memory = Double.MAX_VALUE;
        double selection = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            double slice = seconds / 3;
            scores[round] =
                    time(() -> kernels.mlpScores(memories, UNITS, query, 0, keys, 0, w, 0, out, 0), slice) / elements;
            memory = Math.min(memory, time(() -> kernels.sumOfSquares(padded * UNITS, keys, 0), slice) / elements);
            selection = Math.min(
                    selection, time(() -> kernels.topK(memories, out, 0, 5, indices, 0, values, 0), slice) / memories);
        }
        return new ScoringCase(memories, Spread.of(scores), memory, selection, OPERATIONS / (gflops / 2));
    }

    /** Nanoseconds an element that it takes at the least: the larger of its operations and of reading the keys. */
    double limit() {
        return Math.max(memory, arithmetic);
    }

    /** Nanoseconds a call. */
    private static double time(Runnable call, double seconds) {
        long start = System.nanoTime();
        long calls = 0;
        do {
            call.run();
            calls++;
        } while (System.nanoTime() - start < seconds * 1e9);
        return (double) (System.nanoTime() - start) / calls;
    }
}
