package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinnedTest {

    @Test
    void fewPointsStayAsTheyAre() {
        Thinned series = new Thinned(4);
        series.add(10, 0.5, 3);
        series.add(20, 1.0, Double.NaN);
        series.add(30, 1.5, 1);
        assertThat(series.columns().updates()).containsExactly(10, 30);
        assertThat(series.columns().values()).containsExactly(3, 1);
        assertThat(series.columns().seconds()).containsExactly(0.5f, 1.5f);
        assertThat(series.count()).isEqualTo(2);
    }

    /** Columns may end with the least or the largest value of the last stretch instead. */
    @Test
    void theLastValue() {
        Thinned series = new Thinned(2);
        assertThat(series.last()).isNaN();
        for (int i = 0; i < 8; i++) {
            series.add(i, i, i % 4);
        }
        series.add(8, 8, 9);
        series.add(9, 9, 2);
        series.add(10, 10, 5);
        series.add(11, 11, Double.NaN);
        assertThat(series.last()).isEqualTo(5);
        assertThat(series.columns().values()).doesNotContain(5);
    }

    /** One spike up and one down in a million points, wherever they are. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noPeakIsLost(long seed) {
        Random random = new Random(seed);
        int up = random.nextInt(1_000_000);
        int down = random.nextInt(1_000_000);
        Thinned series = new Thinned(100);
        for (int i = 0; i < 1_000_000; i++) {
            series.add(i, i / 10.0, i == up ? 50 : i == down ? -50 : random.nextDouble());
        }
        assertThat(series.columns().values()).hasSizeBetween(100, 200).contains(50, -50);
        assertThat(series.columns().updates()).isSorted().contains(up, down);
        assertThat(series.columns().updates()[0]).isLessThan(20_000);
        assertThat(series.columns().updates()[series.columns().updates().length - 1])
                .isGreaterThan(980_000);
    }
}
