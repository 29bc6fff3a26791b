package org.sab4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The k largest against a stable sort. */
class TopKTest {

    private static final float NAN = Float.NaN;

    /** Indices of the k largest: NaN first, then by size, of equal ones the earlier. */
    private static int[] sorted(float[] scores, int off, int n, int k) {
        Comparator<Integer> nanFirst = Comparator.comparing(i -> !Float.isNaN(scores[off + i]));
        return IntStream.range(0, n)
                .boxed()
                .sorted(nanFirst.thenComparing(
                        (i, j) -> scores[off + i] > scores[off + j] ? -1 : scores[off + i] < scores[off + j] ? 1 : 0))
                .mapToInt(Integer::intValue)
                .limit(k)
                .toArray();
    }

    private static void check(float[] scores, int off, int n, int k, String what) {
        int[] indices = new int[k + 4];
        float[] values = new float[k + 4];
        Arrays.fill(indices, -7);
        Arrays.fill(values, -7);
        int[] expected = sorted(scores, off, n, k);
        int count = TopK.insertion(n, scores, off, k, indices, 2, values, 1);
        assertThat(count).as("%s: count", what).isEqualTo(Math.min(k, n));
        assertThat(Arrays.copyOfRange(indices, 2, 2 + count)).as(what).isEqualTo(expected);
        for (int j = 0; j < count; j++) {
            assertThat(Float.valueOf(values[1 + j])).as(what).isEqualTo(Float.valueOf(scores[off + expected[j]]));
        }
        // Nothing else is written.
        assertThat(IntStream.range(0, k + 4)
                        .filter(i -> i < 2 || i >= 2 + count)
                        .map(i -> indices[i]))
                .as(what)
                .containsOnly(-7);
        assertThat(IntStream.range(0, k + 4)
                        .filter(i -> i < 1 || i >= 1 + count)
                        .mapToDouble(i -> values[i]))
                .as(what)
                .containsOnly(-7.0);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAStableSort(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 300; trial++) {
            int n = random.nextInt(40);
            int k = random.nextInt(45);
            float[] scores = new float[3 + n];
            for (int i = 0; i < scores.length; i++) {
                // Few values, so that many are equal; now and then NaN or infinity.
                scores[i] = switch (random.nextInt(20)) {
                    case 0 -> NAN;
                    case 1 -> Float.POSITIVE_INFINITY;
                    case 2 -> Float.NEGATIVE_INFINITY;
                    default -> random.nextInt(7) - 3;
                };
            }
            check(scores, 3, n, k, "seed " + seed + ", trial " + trial + ", n " + n + ", k " + k);
        }
    }

    @Test
    void takesTheEarlierOfEqualOnes() {
        check(new float[] {1, 1, 1, 1}, 0, 4, 2, "all equal");
        check(new float[] {0f, -0f, 0f}, 0, 3, 2, "both zeros are equal");
    }

    @Test
    void takesNothing() {
        check(new float[] {3, 1}, 0, 2, 0, "k 0");
        check(new float[0], 0, 0, 3, "n 0");
    }

    @Test
    void takesNanFirst() {
        check(new float[] {5, NAN, 7, NAN, Float.POSITIVE_INFINITY}, 0, 5, 3, "two NaN");
        check(new float[] {NAN, NAN, NAN}, 0, 3, 2, "only NaN");
    }
}
