package org.sab4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.testing.Samples;

/** The tree against scoring everything. */
class KeyTreeTest {

    private static final int UNITS = 7;
    private static final int K = 3;

    /** Keys that move slowly, as states do, or jump about. */
    private static float[][] keys(int n, float step, Random random) {
        float[][] keys = new float[n][];
        keys[0] = Samples.uniform(random, UNITS, 1);
        for (int i = 1; i < n; i++) {
            keys[i] = Samples.uniform(random, UNITS, step);
            for (int u = 0; u < UNITS; u++) {
                keys[i][u] += (1 - step) * keys[i - 1][u];
            }
        }
        return keys;
    }

    /** The share of the K largest scores that are found, over queries at every size. */
    private static double recall(Kernels kernels, float[][] keys, int beam, Random random) {
        int n = keys.length;
        int lanes = kernels.keyBlock();
        float[] blocks = new float[(n + lanes - 1) / lanes * lanes * UNITS];
        KeyTree tree = new KeyTree(kernels, n, UNITS, beam);
        float[] w = Samples.uniform(random, UNITS, 1);
        float[] all = new float[n + lanes];
        float[] found = new float[n + lanes];
        int[] memories = new int[n];
        int asked = 0;
        int hits = 0;
        for (int i = 0; i < n; i++) {
            tree.add(i, keys[i], 0);
            float[] e = new float[UNITS];
            kernels.exp2x(UNITS, keys[i], 0, e, 0);
            for (int u = 0; u < UNITS; u++) {
                blocks[i / lanes * lanes * UNITS + u * lanes + i % lanes] = e[u];
            }
            if (i + 1 < tree.least()) {
                continue;
            }
            float[] query = new float[UNITS];
            kernels.exp2x(UNITS, Samples.uniform(random, UNITS, 1), 0, query, 0);
            kernels.mlpScores(i + 1, UNITS, query, 0, blocks, 0, w, 0, all, 0);
            int some = tree.search(i + 1, query, 0, blocks, w, found, memories);
            assertThat(some).isBetween(1, tree.most());
            for (int j = 0; j < some; j++) {
                assertThat(memories[j]).isBetween(j == 0 ? 0 : memories[j - 1] + 1, i);
                assertThat(found[j]).isEqualTo(all[memories[j]]); // the same bits, wherever it stands
            }
            int[] largest = new int[K];
            kernels.topK(i + 1, all, 0, K, largest, 0, new float[K], 0);
            for (int which : largest) {
                asked++;
                hits += Arrays.binarySearch(memories, 0, some, which) >= 0 ? 1 : 0;
            }
        }
        assertThat(asked).isPositive();
        return (double) hits / asked;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsMostWhereStatesMoveSlowly(long seed) {
        for (Kernels kernels : new Kernels[] {new ScalarKernels(), KernelProviders.kernels()}) {
            Random random = new Random(seed);
            float[][] slow = keys(600, 0.02f, random);
            assertThat(recall(kernels, slow, 4, random)).isGreaterThan(0.8);
            float[][] jumping = keys(600, 1, random);
            assertThat(recall(kernels, jumping, 12, random)).isGreaterThan(recall(kernels, jumping, 3, random));
        }
    }
}
