package org.sab4j.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of named streams: pinned, since runs are made again by them. */
class RandomStreamTest {

    /** SplitMix64 from 0, as published with the xoshiro generators. */
    @Test
    void isSplitMix64() {
        RandomStream stream = RandomStream.resume("any", 0);
        assertThat(stream.nextLong()).isEqualTo(0xE220A8397B1DCDAFL);
        assertThat(stream.nextLong()).isEqualTo(0x6E789E6AA1B965F4L);
        assertThat(stream.nextLong()).isEqualTo(0x06C45D188009454FL);
    }

    /** From an implementation of the same in Python. */
    @Test
    void isPinned() {
        assertThat(RandomStream.of(0, "data").state()).isEqualTo(0x7CA0880F1904606DL);
        RandomStream data = RandomStream.of(42, "data");
        assertThat(data.state()).isEqualTo(0xD6FF8EEA841743D6L);
        assertThat(data.nextLong()).isEqualTo(0x751E0F8BA7393B1AL);
        assertThat(data.nextLong()).isEqualTo(0x90A31F5D52433995L);
        assertThat(RandomStream.of(42, "evaluation").nextLong()).isEqualTo(0x0D481A5352B967F4L);
        assertThat(RandomStream.of(-1, "").nextLong()).isEqualTo(0x5DC20AA7B2A27137L);
        assertThat(RandomStream.of(42, "data").nextFloat()).isEqualTo(0.45748990774154663f);
        assertThat(RandomStream.of(42, "data").nextDouble()).isEqualTo(0.457489940257095, within(1e-15));
        assertThat(RandomStream.of(42, "data").nextInt(1000)).isEqualTo((int) ((0x751E0F8BA7393B1AL >>> 33) % 1000));
    }

    @Test
    void resumes() {
        RandomStream stream = RandomStream.of(5, "order");
        for (int i = 0; i < 17; i++) {
            stream.nextGaussian();
        }
        RandomStream again = RandomStream.resume("order", stream.state());
        assertThat(again.name()).isEqualTo("order");
        for (int i = 0; i < 100; i++) {
            assertThat(again.nextLong()).isEqualTo(stream.nextLong());
            assertThat(again.nextGaussian()).isEqualTo(stream.nextGaussian());
            assertThat(again.nextInt(7)).isEqualTo(stream.nextInt(7));
            assertThat(again.nextFloat()).isEqualTo(stream.nextFloat());
        }
    }

    /** Streams of other names or seeds share no number among their first, and are not correlated. */
    @Test
    void namesAndSeedsAreIndependent() {
        Set<Long> seen = new HashSet<>();
        String[] names = {"data", "init", "evaluation", "order", "", "a", "b", "ab", "ba", "aa"};
        int n = 2000;
        for (long seed = 0; seed < 3; seed++) {
            for (String name : names) {
                RandomStream stream = RandomStream.of(seed, name);
                for (int i = 0; i < n; i++) {
                    seen.add(stream.nextLong());
                }
            }
        }
        assertThat(seen).hasSize(3 * names.length * n);
        for (String name : names) {
            RandomStream one = RandomStream.of(1, "data");
            RandomStream other = RandomStream.of(name.equals("data") ? 2 : 1, name);
            double correlation = 0;
            for (int i = 0; i < n; i++) {
                correlation += 12 * (one.nextDouble() - 0.5) * (other.nextDouble() - 0.5) / n;
            }
            assertThat(correlation).as(name).isCloseTo(0, within(5 / Math.sqrt(n)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 100})
    void whollyUniformBelowABound(int bound) {
        RandomStream stream = RandomStream.of(bound, "data");
        int n = 100_000;
        int[] counts = new int[bound];
        for (int i = 0; i < n; i++) {
            counts[stream.nextInt(bound)]++;
        }
        double expected = (double) n / bound;
        for (int value = 0; value < bound; value++) {
            assertThat((double) counts[value])
                    .as("%d of %d", value, bound)
                    .isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
    }

    /** A bound that does not divide 2^31: without rejection the lower half would be twice as frequent. */
    @Test
    void rejectsWhatWouldBeBiased() {
        int bound = (1 << 30) + (1 << 29);
        RandomStream stream = RandomStream.of(1, "data");
        int n = 30_000;
        int low = 0;
        for (int i = 0; i < n; i++) {
            int value = stream.nextInt(bound);
            assertThat(value).isBetween(0, bound - 1);
            low += value < 1 << 29 ? 1 : 0;
        }
        assertThat((double) low / n).isCloseTo(1 / 3.0, within(0.015));
        assertThat(stream.nextInt(Integer.MAX_VALUE)).isBetween(0, Integer.MAX_VALUE - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void refusesABoundThatIsNone(int bound) {
        assertThatThrownBy(() -> RandomStream.of(1, "data").nextInt(bound))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moments() {
        RandomStream stream = RandomStream.of(9, "init");
        int n = 100_000;
        double[] mean = new double[3];
        double[] square = new double[3];
        for (int i = 0; i < n; i++) {
            double[] x = {stream.nextFloat(), stream.nextDouble(), stream.nextGaussian()};
            assertThat(x[0]).isGreaterThanOrEqualTo(0).isLessThan(1);
            assertThat(x[1]).isGreaterThanOrEqualTo(0).isLessThan(1);
            for (int k = 0; k < 3; k++) {
                mean[k] += x[k] / n;
                square[k] += x[k] * x[k] / n;
            }
        }
        assertThat(mean).containsExactly(new double[] {0.5, 0.5, 0}, within(0.016));
        assertThat(square).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1}, within(0.022));
    }
}
