package org.sab4j.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.Keep;
import org.sab4j.model.Attention;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.Reminder;
import org.sab4j.model.ScoreKind;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** Held against the trace of a forward pass that keeps all steps. */
class RemindersTest {

    private static final int STEPS = 75; // more than are kept at a time
    private static final int ROWS = 3;

    static Stream<ModelConfig> models() {
        return Stream.of(Sparsifier.values())
                .map(sparsifier -> Samples.config(Attention.SPARSE, ScoreKind.MLP, sparsifier, 3, 2, 5))
                .flatMap(config ->
                        Stream.of(Keep.values()).map(keep -> config.keeping(keep, keep == Keep.ALL ? 0 : 4)));
    }

    /** Where memories leave, too: for training they keep their numbers, and so their steps. */
    @ParameterizedTest
    @MethodSource("models")
    void areTheWeightsOfTheForwardPass(ModelConfig config) {
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(config, ROWS, STEPS, false, true, Scoring.TAIL, 4);
        Trace trace = Pass.forward(model, batch, 1).trace();
        Retrieval.Trace retrieval = Objects.requireNonNull(trace.retrieval);
        Reminders reminders = Reminders.of(model, batch);
        int found = 0;
        for (int step = 0; step < STEPS; step++) {
            for (int r = 0; r < ROWS; r++) {
                int cell = step * ROWS + r;
                float[] byStep = new float[STEPS];
                for (int j = 0; j < retrieval.counts[cell]; j++) {
                    int at = cell * retrieval.width + j;
                    byStep[retrieval.memory.step(r, retrieval.indices[at])] = retrieval.weights[at];
                }
                float last = Float.POSITIVE_INFINITY;
                for (Reminder reminder : reminders.at(r, step)) {
                    assertThat(reminder.weight()).isPositive().isLessThanOrEqualTo(last);
                    assertThat(reminder.step()).isLessThan(step);
                    assertThat(byStep[reminder.step()]).isEqualTo(reminder.weight());
                    byStep[reminder.step()] = 0;
                    last = reminder.weight();
                    found++;
                }
                assertThat(byStep).containsOnly(0);
                int at = cell * config.outputs();
                for (int o = 0; o < config.outputs(); o++) {
                    assertThat(reminders.outputs(r, step)[o]).isEqualTo(trace.window.y[at + o]);
                }
            }
        }
        assertThat(found).isGreaterThan(ROWS * STEPS);
    }

    @ParameterizedTest
    @EnumSource(Sparsifier.class)
    void aMapIsTheirMean(Sparsifier sparsifier) {
        ModelConfig config = Samples.config(Attention.SPARSE, ScoreKind.MLP, sparsifier, 3, 1, 5);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(config, ROWS, STEPS, false, true, Scoring.TAIL, 4);
        Reminders reminders = Reminders.of(model, batch);
        AttentionMap whole = AttentionMap.of(model, batch, 50, 1000, 1000);
        assertThat(whole.rows()).isEqualTo(25);
        assertThat(whole.columns()).isEqualTo(STEPS);
        float[] mean = new float[25 * STEPS];
        for (int r = 0; r < ROWS; r++) {
            for (int step = 50; step < STEPS; step++) {
                for (Reminder reminder : reminders.at(r, step)) {
                    mean[(step - 50) * STEPS + reminder.step()] += reminder.weight() / ROWS;
                }
            }
        }
        assertThat(whole.weights()).containsExactly(mean, within(1e-6f));

        AttentionMap binned = AttentionMap.of(model, batch, 50, 5, 25);
        float[] sums = new float[5 * 25];
        for (int row = 0; row < 25; row++) {
            for (int column = 0; column < STEPS; column++) {
                sums[row / 5 * 25 + column / 3] += mean[row * STEPS + column] / 5;
            }
        }
        assertThat(binned.weights()).containsExactly(sums, within(1e-6f));
    }

    /** Another sequence's would be no answer. */
    @ParameterizedTest
    @CsvSource({"0, 75", "0, -1", "3, 0", "-1, 75"})
    void refusesStepsThatAreNotThere(int sequence, int step) {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 4);
        Reminders reminders = Reminders.of(model, Samples.batch(model.config(), ROWS, STEPS, 4));
        assertThatThrownBy(() -> reminders.at(sequence, step)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> reminders.outputs(sequence, step)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesAnEmptyMap() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(model.config(), ROWS, STEPS, 4);
        Batch none = new Batch(1, 0, new Inputs.Symbols(new int[0], 3), new Targets.Classes(new int[0]));
        assertThatThrownBy(() -> AttentionMap.of(model, batch, 0, 0, 1)).hasMessageContaining("at most 0 rows");
        assertThatThrownBy(() -> AttentionMap.of(model, batch, 0, 1, 0)).hasMessageContaining("and 0 columns");
        assertThatThrownBy(() -> AttentionMap.of(model, none, 0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are 0 steps");
    }

    /** Many memories: then few sequences are gone over at a time, which makes no difference. */
    @Test
    void inGroupsOfSequences() {
        ModelConfig config = Samples.sab(3, 2, 5);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(config, 5, STEPS, 4);
        List<String> together = seen(model, batch, 5);
        assertThat(together).hasSize(2 * 5 * STEPS);
        assertThat(seen(model, batch, 2)).containsExactlyInAnyOrderElementsOf(together);
    }

    /** To four digits: rows that are multiplied together may round otherwise. */
    private static List<String> seen(SequenceModel model, Batch batch, int rows) {
        List<String> all = new ArrayList<>();
        Walk.over(model, batch, rows, new Walk.Visitor() {
            @Override
            public void reminded(int sequence, int step, int count, int[] steps, float[] weights, int at) {
                all.add(sequence + " " + step + " reminded of "
                        + Arrays.toString(Arrays.copyOfRange(steps, at, at + count)));
            }

            @Override
            public void said(int sequence, int step, float[] y, int at) {
                all.add(String.format(Locale.ROOT, "%d %d said %.4f", sequence, step, y[at]));
            }
        });
        return all;
    }
}
