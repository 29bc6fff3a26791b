package org.sab4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.random.RandomStream;

/** T steps of a number and a mask, one 1 in each half; the sum at the end. */
class AddingTaskTest {

    private static float[] x(Batch batch) {
        return ((Inputs.Vectors) batch.inputs()).values();
    }

    private static Targets.Values targets(Batch batch) {
        return (Targets.Values) batch.targets();
    }

    @ParameterizedTest(name = "T = {0}")
    @ValueSource(ints = {2, 3, 4, 5, 50, 101, 400})
    void layout(int length) {
        AddingTask task = new AddingTask(length);
        assertThat(task.steps()).isEqualTo(length);
        assertThat(task.reportFrom()).isEqualTo(length - 1);
        assertThat(task.inputs()).isEqualTo(2);
        assertThat(task.outputs()).isEqualTo(1);
        assertThat(task.vectors()).isTrue();
        assertThat(task.name()).isEqualTo("adding");
        int sequences = 50;
        Batch batch = task.batch(sequences, RandomStream.of(length, "data"));
        assertThat(batch.scored()).isEqualTo(sequences);
        assertThat(batch.inputs().size()).isEqualTo(2);
        for (int b = 0; b < sequences; b++) {
            int ones = 0;
            int firstHalf = 0;
            float sum = 0;
            for (int t = 0; t < length; t++) {
                int at = b * length + t;
                float number = x(batch)[2 * at];
                float mask = x(batch)[2 * at + 1];
                assertThat(number).isGreaterThanOrEqualTo(0f).isLessThan(1f);
                assertThat(mask == 0 || mask == 1).isTrue();
                if (mask == 1) {
                    ones++;
                    firstHalf += t < length / 2 ? 1 : 0;
                    sum += number;
                }
                assertThat(targets(batch).scored()[at]).isEqualTo(t == length - 1);
                assertThat(targets(batch).values()[at]).isEqualTo(t == length - 1 ? sum : 0);
            }
            assertThat(ones).isEqualTo(2);
            assertThat(firstHalf).as("one in each half").isEqualTo(1);
        }
    }

    /** Numbers and the places of the marks, to five standard deviations. */
    @ParameterizedTest(name = "T = {0}")
    @ValueSource(ints = {10, 11})
    void uniform(int length) {
        int sequences = 10_000;
        Batch batch = new AddingTask(length).batch(sequences, RandomStream.of(1, "data"));
        int[] tenths = new int[10];
        int[] marks = new int[length];
        double mean = 0;
        double square = 0;
        for (int at = 0; at < sequences * length; at++) {
            tenths[(int) (10 * x(batch)[2 * at])]++;
            marks[at % length] += (int) x(batch)[2 * at + 1];
            if (at % length == length - 1) {
                mean += targets(batch).values()[at] / sequences;
                square += Math.pow(targets(batch).values()[at] - 1, 2) / sequences;
            }
        }
        int numbers = sequences * length;
        for (int count : tenths) {
            assertThat((double) count).isCloseTo(numbers / 10.0, within(5 * Math.sqrt(numbers * 0.09)));
        }
        for (int t = 0; t < length; t++) {
            int places = t < length / 2 ? length / 2 : length - length / 2;
            double expected = (double) sequences / places;
            assertThat((double) marks[t]).as("marks at %d", t).isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
        // The sum of two uniform numbers: mean 1, variance 1/6.
        assertThat(mean).isCloseTo(1, within(5 * Math.sqrt(1.0 / 6 / sequences)));
        assertThat(square).isCloseTo(1.0 / 6, within(0.01));
    }

    @Test
    void equalGeneratorsGiveEqualBatches() {
        AddingTask task = new AddingTask(9);
        RandomStream one = RandomStream.of(3, "data");
        RandomStream other = RandomStream.of(3, "data");
        for (int i = 0; i < 3; i++) {
            Batch a = task.batch(4, one);
            Batch b = task.batch(4, other);
            assertThat(x(a)).isEqualTo(x(b));
            assertThat(targets(a).values()).isEqualTo(targets(b).values());
        }
        assertThat(x(task.batch(4, one))).isNotEqualTo(x(task.batch(4, RandomStream.of(3, "data"))));
    }

    private static LossSums alwaysOff(AddingTask task, float error) {
        int sequences = 5;
        Batch batch = task.batch(sequences, RandomStream.of(2, "data"));
        LossSums sums = new LossSums();
        float[] y = new float[sequences];
        int last = task.steps() - 1;
        for (int b = 0; b < sequences; b++) {
            y[b] = targets(batch).values()[b * task.steps() + last] + error;
        }
        new Loss(new ScalarKernels(), sequences, 1)
                .step(
                        batch,
                        last,
                        IntStream.range(0, sequences).toArray(),
                        sequences,
                        y,
                        0,
                        new float[sequences],
                        0,
                        sequences,
                        true,
                        sums);
        return sums;
    }

    @Test
    void measures() {
        AddingTask task = new AddingTask(6);
        LossSums sums = alwaysOff(task, 0.5f);
        assertThat(task.measures(sums)).containsOnlyKeys("mse");
        assertThat(task.measures(sums).get("mse")).isCloseTo(0.25, within(1e-6));
        assertThat(task.merit(sums)).isCloseTo(-0.25, within(1e-6));
        assertThat(task.solved(sums)).isFalse();
        assertThat(task.solved(alwaysOff(task, 0.002f))).isFalse();
        assertThat(task.solved(alwaysOff(task, 0.0005f))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -5})
    void refusesATooShortLength(int length) {
        assertThatThrownBy(() -> new AddingTask(length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(length));
    }
}
