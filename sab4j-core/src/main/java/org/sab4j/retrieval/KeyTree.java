package org.sab4j.retrieval;

import java.util.Arrays;
import org.sab4j.kernels.Kernels;

/**
 * An index of a sequence's keys, by which few of many memories need be scored: a tree whose lowest nodes stand for {@link #FAN}
 * successive memories each, those above for as many nodes. A node's key is the mean of the keys beneath.
 *
 * <p>The search goes down from the top and keeps the {@code beam} nodes of the largest scores at each level, so it scores {@code beam ·
 * FAN} keys a level, and there are log N levels. It may miss some of the largest scores: successive states are alike, but not equal.
 */
final class KeyTree {

    /** The least number of children of a node; a multiple of any vector's lanes up to 16. */
    private static final int FAN = 16;

    private final Kernels kernels;
    private final int units;
    private final int lanes; // keys of a block, as mlpScores reads them
    private final int fan;
    private final int beam;
    private final float[][] sums; // for each level (nodes, A): of the keys beneath
    private final float[][] blocks; // for each level (nodes in whole blocks, A): e^{2 mean} as mlpScores reads it
    private final float[] mean; // (A)
    private final float[] scores; // (beam blocks)
    private final int[] nodes; // (beam) whose children are scored next
    private final int[] chosen; // (beam) positions among those scored
    private final float[] best; // (beam)

    KeyTree(Kernels kernels, int capacity, int units, int beam) {
        this.kernels = kernels;
        this.units = units;
        this.beam = beam;
        lanes = kernels.keyBlock();
        fan = Math.max(FAN, lanes);
        int levels = 0;
        for (int n = Math.ceilDiv(capacity, fan); n > 0; n = n <= fan ? 0 : Math.ceilDiv(n, fan)) {
            levels++;
        }
        sums = new float[levels][];
        blocks = new float[levels][];
        int n = capacity;
        for (int level = 0; level < levels; level++) {
            n = Math.ceilDiv(n, fan);
            sums[level] = new float[Math.multiplyExact(n, units)];
            blocks[level] = new float[Math.multiplyExact(Math.ceilDiv(n, fan) * fan, units)];
        }
        mean = new float[units];
        scores = new float[beam * fan];
        nodes = new int[beam];
        chosen = new int[beam];
        best = new float[beam];
    }

    /** How many memories there must be for the search to be worth while. */
    int least() {
        return 2 * beam * fan;
    }

    /** The most memories that {@link #search} finds. */
    int most() {
        return beam * fan;
    }

    /** Adds the key of a memory, which follows the one added before. */
    void add(int memory, float[] key, int off) {
        int node = memory;
        int beneath = 1;
        for (int level = 0; level < sums.length; level++) {
            node /= fan;
            beneath *= fan;
            float[] sum = sums[level];
            int at = node * units;
            if (memory % beneath == 0) { // the node's first
                Arrays.fill(sum, at, at + units, 0f);
            }
            kernels.axpy(units, 1f, key, off, sum, at);
            Arrays.fill(mean, 0f);
            kernels.axpy(units, 1f / (memory % beneath + 1), sum, at, mean, 0);
            kernels.exp2x(units, mean, 0, mean, 0);
            int place = node / lanes * lanes * units + node % lanes;
            for (int u = 0; u < units; u++) {
                blocks[level][place + u * lanes] = mean[u];
            }
        }
    }

    /**
     * Finds memories with large scores among the first {@code size}.
     *
     * @param keys the memories' own keys in blocks
     * @param found (most) written: the memories' scores, in the order of the memories
     * @param memories (most) written: which they are
     * @return how many were scored at last
     */
    int search(int size, float[] query, int qOff, float[] keys, float[] w, float[] found, int[] memories) {
        int level = sums.length - 1;
        int count = 1; // of nodes, whose children are scored next: at first the one that stands for all
        nodes[0] = 0;
        for (; level >= 0; level--) {
            int n = Math.ceilDiv(size, power(level + 1));
            int scored = children(n, count, query, qOff, blocks[level], w, scores, memories);
            int kept = kernels.topK(scored, scores, 0, beam, chosen, 0, best, 0);
            for (int i = 0; i < kept; i++) {
                chosen[i] = memories[chosen[i]];
            }
            Arrays.sort(chosen, 0, kept);
            System.arraycopy(chosen, 0, nodes, 0, kept);
            count = kept;
        }
        return children(size, count, query, qOff, keys, w, found, memories);
    }

    private int power(int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= fan;
        }
        return power;
    }

    /** Scores the children of the nodes; {@code n} is how many their level has in all. */
    private int children(
            int n, int count, float[] query, int qOff, float[] level, float[] w, float[] out, int[] which) {
        int scored = 0;
        for (int i = 0; i < count; i++) {
            int first = nodes[i] * fan;
            int children = Math.min(fan, n - first);
            kernels.mlpScores(children, units, query, qOff, level, first * units, w, 0, out, scored);
            for (int j = 0; j < children; j++) {
                which[scored++] = first + j;
            }
        }
        return scored;
    }
}
