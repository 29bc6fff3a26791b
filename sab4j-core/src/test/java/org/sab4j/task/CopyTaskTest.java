package org.sab4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.random.RandomStream;

/** Ten digits, T − 1 blanks, a marker, ten blanks; 0 everywhere, the digits at the last ten. */
class CopyTaskTest {

    private static int[] symbols(Batch batch) {
        return ((Inputs.Symbols) batch.inputs()).values();
    }

    private static int[] targets(Batch batch) {
        return ((Targets.Classes) batch.targets()).values();
    }

    @ParameterizedTest(name = "T = {0}")
    @ValueSource(ints = {1, 2, 3, 10, 100, 400})
    void layout(int length) {
        CopyTask task = new CopyTask(length);
        assertThat(task.steps()).isEqualTo(length + 20);
        assertThat(task.reportFrom()).isEqualTo(length + 10);
        assertThat(task.inputs()).isEqualTo(10);
        assertThat(task.outputs()).isEqualTo(9);
        assertThat(task.vectors()).isFalse();
        assertThat(task.name()).isEqualTo("copy");
        int sequences = 7;
        Batch batch = task.batch(sequences, RandomStream.of(length, "data"));
        assertThat(batch.sequences()).isEqualTo(sequences);
        assertThat(batch.steps()).isEqualTo(length + 20);
        assertThat(batch.inputs().size()).isEqualTo(10);
        assertThat(batch.scored()).isEqualTo(sequences * (length + 20));
        for (int b = 0; b < sequences; b++) {
            int[] x = Arrays.copyOfRange(symbols(batch), b * batch.steps(), (b + 1) * batch.steps());
            int[] y = Arrays.copyOfRange(targets(batch), b * batch.steps(), (b + 1) * batch.steps());
            int[] digits = Arrays.copyOf(x, 10);
            assertThat(Arrays.stream(digits).boxed()).allMatch(digit -> digit >= 1 && digit <= 8);
            assertThat(Arrays.copyOfRange(x, 10, 9 + length)).isEqualTo(new int[length - 1]);
            assertThat(x[9 + length]).isEqualTo(9);
            assertThat(Arrays.copyOfRange(x, 10 + length, 20 + length)).isEqualTo(new int[10]);
            assertThat(Arrays.copyOf(y, 10 + length)).isEqualTo(new int[10 + length]);
            assertThat(Arrays.copyOfRange(y, 10 + length, 20 + length)).isEqualTo(digits);
        }
    }

    /** All digits are as frequent at each of the ten places, to five standard deviations. */
    @Test
    void uniform() {
        int sequences = 8000;
        CopyTask task = new CopyTask(1);
        int[] x = symbols(task.batch(sequences, RandomStream.of(1, "data")));
        for (int place = 0; place < 10; place++) {
            int[] counts = new int[9];
            for (int b = 0; b < sequences; b++) {
                counts[x[b * task.steps() + place]]++;
            }
            double deviation = Math.sqrt(sequences * (1 / 8.0) * (7 / 8.0));
            for (int digit = 1; digit <= 8; digit++) {
                assertThat((double) counts[digit])
                        .as("%d at %d", digit, place)
                        .isCloseTo(sequences / 8.0, within(5 * deviation));
            }
        }
    }

    @Test
    void equalGeneratorsGiveEqualBatches() {
        CopyTask task = new CopyTask(5);
        RandomStream one = RandomStream.of(3, "data");
        RandomStream other = RandomStream.of(3, "data");
        for (int i = 0; i < 3; i++) {
            Batch a = task.batch(4, one);
            Batch b = task.batch(4, other);
            assertThat(symbols(a)).isEqualTo(symbols(b));
            assertThat(targets(a)).isEqualTo(targets(b));
        }
        assertThat(symbols(task.batch(4, one))).isNotEqualTo(symbols(task.batch(4, RandomStream.of(3, "data"))));
        assertThat(symbols(task.batch(4, RandomStream.of(4, "data"))))
                .isNotEqualTo(symbols(task.batch(4, RandomStream.of(3, "data"))));
        // Two small batches are one large one.
        RandomStream large = RandomStream.of(5, "data");
        RandomStream small = RandomStream.of(5, "data");
        int[] whole = symbols(task.batch(8, large));
        int[] half = symbols(task.batch(4, small));
        assertThat(Arrays.copyOf(whole, half.length)).isEqualTo(half);
        assertThat(Arrays.copyOfRange(whole, half.length, whole.length)).isEqualTo(symbols(task.batch(4, small)));
    }

    /** The losses of someone who says the digits right but for some of the last steps. */
    private static LossSums answers(CopyTask task, int sequences, int wrong) {
        Batch batch = task.batch(sequences, RandomStream.of(2, "data"));
        Loss loss = new Loss(new ScalarKernels(), sequences, 9);
        LossSums sums = new LossSums();
        int left = wrong;
        for (int step = 0; step < task.steps(); step++) {
            float[] y = new float[sequences * 9];
            for (int b = 0; b < sequences; b++) {
                int target = targets(batch)[b * task.steps() + step];
                boolean err = step >= task.reportFrom() && left-- > 0;
                y[b * 9 + (err ? (target + 1) % 9 : target)] = 100;
            }
            int[] all = IntStream.range(0, sequences).toArray();
            loss.step(batch, step, all, sequences, y, 0, new float[y.length], 0, 1, step >= task.reportFrom(), sums);
        }
        return sums;
    }

    @Test
    void measures() {
        CopyTask task = new CopyTask(3);
        LossSums sums = answers(task, 20, 5);
        assertThat(task.measures(sums).keySet()).containsExactly("accuracy", "ceLast");
        assertThat(task.measures(sums).get("accuracy")).isCloseTo(0.975, within(1e-12));
        assertThat(task.measures(sums).get("ceLast")).isCloseTo(100 * 5 / 200.0, within(1e-3));
        assertThat(sums.loss()).isCloseTo(sums.reportedLoss() * 10 / 23, within(1e-3));
        assertThat(task.merit(sums)).isEqualTo(-sums.reportedLoss());
        assertThat(task.merit(answers(task, 20, 4))).isGreaterThan(task.merit(sums));
        assertThat(task.solved(sums)).isFalse();
    }

    /** From 99.95 % on, which a paper prints as 100.0. */
    @ParameterizedTest(name = "{0} of 4,000")
    @CsvSource({"0, true", "2, true", "3, false", "80, false"})
    void solved(int wrong, boolean solved) {
        CopyTask task = new CopyTask(3);
        assertThat(task.solved(answers(task, 400, wrong))).isEqualTo(solved);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesNoLength(int length) {
        assertThatThrownBy(() -> new CopyTask(length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(length));
    }
}
