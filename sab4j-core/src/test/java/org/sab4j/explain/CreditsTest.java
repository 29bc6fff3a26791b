package org.sab4j.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.explain.Credits.Credit;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.Keep;
import org.sab4j.model.Attention;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

class CreditsTest {

    private static final int STEPS = 23;

    private static SequenceModel model(ModelConfig config) {
        return Samples.model(config, KernelProviders.kernels(), 5);
    }

    /** V1ᵀ dy + V2ᵀ dy, whose length is what a memory of weight 1 gets. */
    private static double reminded(SequenceModel model, double[] dy, boolean withV2) {
        int hidden = model.config().hidden();
        double square = 0;
        for (int j = 0; j < hidden; j++) {
            double sum = 0;
            for (int o = 0; o < dy.length; o++) {
                int at = o * hidden + j;
                sum += dy[o]
                        * model.parameters()[model.layout().view("output.v1").offset() + at];
                if (withV2) {
                    sum += dy[o]
                            * model.parameters()[
                                    model.layout().view("output.v2").offset() + at];
                }
            }
            square += sum * sum;
        }
        return Math.sqrt(square);
    }

    /** softmax(y) − onehot(target), made 1 long; the last element is how long it was. */
    private static double[] direction(float[] y, int target) {
        double[] dy = new double[y.length];
        double sum = 0;
        for (float v : y) {
            sum += Math.exp(v);
        }
        double square = 0;
        for (int o = 0; o < y.length; o++) {
            dy[o] = Math.exp(y[o]) / sum - (o == target ? 1 : 0);
            square += dy[o] * dy[o];
        }
        for (int o = 0; o < y.length; o++) {
            dy[o] /= Math.sqrt(square);
        }
        return dy;
    }

    /** With one memory a step, of weight 1, blocks of one step and no credit through scores, all can be said by hand. */
    @ParameterizedTest
    @CsvSource({
        "ON, 0, ALL",
        "DIRECT, 0, ALL",
        "OFF, 0, ALL",
        "ON, 0.01, ALL",
        "DIRECT, 0.01, ALL",
        "ON, 100, ALL",
        "ON, 0, LATEST",
        "DIRECT, 0, USED",
        "ON, 0, SURPRISING"
    })
    void goesToTheOneMemory(MentalUpdates mentalUpdates, float bound, Keep keep) {
        ModelConfig c = Samples.config(Attention.SPARSE, ScoreKind.MLP, Sparsifier.SOFTMAX, 1, 1, 1);
        ModelConfig config = new ModelConfig(
                3,
                5,
                4,
                4,
                c.attention(),
                c.score(),
                c.sparsifier(),
                1,
                1,
                1,
                mentalUpdates,
                0,
                1,
                false,
                bound,
                0,
                keep,
                keep == Keep.ALL ? 0 : 3,
                0);
        SequenceModel model = model(config);
        Batch batch = Samples.batch(config, 2, STEPS, false, true, Scoring.EVERY, 6);
        Trace trace = Pass.forward(model, batch, 1).trace();
        Retrieval.Trace retrieval = Objects.requireNonNull(trace.retrieval);
        int output = STEPS - 1;
        Credit credit = new Credits(model).of(batch, 1, output)[0];

        int target = ((Targets.Classes) batch.targets()).values()[STEPS + output];
        int at = (output * 2 + 1) * 4;
        double[] dy = direction(Arrays.copyOfRange(trace.window.y, at, at + 4), target);
        assertThat(credit.credit()[output]).isCloseTo((float) reminded(model, dy, false), within(1e-5f));
        int memory = retrieval.memory.step(1, retrieval.indices[output * 2 + 1]);
        double most = bound > 0 ? bound / credit.size() : Double.POSITIVE_INFINITY;
        double expected = mentalUpdates == MentalUpdates.OFF ? 0 : Math.min(most, reminded(model, dy, true));
        assertThat(credit.credit()[memory]).isCloseTo((float) expected, within(1e-5f));
        assertThat(expected < most).isEqualTo(bound != 0.01f);
        for (int step = 0; step < output; step++) {
            if (step > memory || (step < memory && mentalUpdates != MentalUpdates.ON)) {
                assertThat(credit.credit()[step]).as("step %d", step).isZero();
            }
        }
    }

    @Test
    void staysInTheBlockWithoutReminders() {
        SequenceModel model = model(Samples.lstm(5));
        Batch batch = Samples.batch(model.config(), 1, STEPS, false, true, Scoring.EVERY, 7);
        float[] credit = new Credits(model).of(batch, 0, 17)[0].credit();
        for (int step = 0; step < STEPS; step++) {
            if (step >= 15 && step <= 17) {
                assertThat(credit[step]).as("step %d", step).isPositive();
            } else {
                assertThat(credit[step]).as("step %d", step).isZero();
            }
        }
    }

    /** Several outputs at once are only quicker. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachOutputIsOnItsOwn(boolean bounded) {
        ModelConfig c = Samples.sab(3, 2, 5);
        ModelConfig config = new ModelConfig(
                3,
                5,
                4,
                4,
                c.attention(),
                c.score(),
                c.sparsifier(),
                3,
                2,
                5,
                MentalUpdates.ON,
                0,
                1,
                true,
                bounded ? 0.01f : 0,
                0,
                Keep.ALL,
                0,
                0);
        SequenceModel model = model(config);
        Batch batch = Samples.batch(config, 2, STEPS, true, false, Scoring.TAIL, 8);
        Credit[] together = new Credits(model).of(batch, 1, 22, 3, 16);
        asAlone(model, batch, 1, together);
        assertThat(together[1].size()).isZero(); // a step that has no target
        assertThat(together[0].size()).isPositive();
    }

    /** Of a long sequence few at once, one after the other. */
    @Test
    void eachOutputOfALongSequenceIsOnItsOwn() {
        SequenceModel model = model(Samples.sized(Samples.sab(3, 1_000, 5), 2, 2));
        Batch batch = Samples.batch(model.config(), 1, 6_000, true, true, Scoring.EVERY, 8);
        int[] outputs = {5_999, 17, 3_002, 4_500, 1_003}; // two, two and one
        Credit[] together = new Credits(model).of(batch, 0, outputs);
        assertThat(Arrays.stream(together).mapToInt(Credit::output).toArray()).isEqualTo(outputs);
        asAlone(model, batch, 0, together);
    }

    private static void asAlone(SequenceModel model, Batch batch, int sequence, Credit[] together) {
        for (Credit credit : together) {
            Credit alone = new Credits(model).of(batch, sequence, credit.output())[0];
            assertThat(credit.size()).isCloseTo(alone.size(), within(1e-6));
            assertThat(credit.credit()).containsExactly(alone.credit(), within(1e-5f));
        }
    }

    @Test
    void refusesWhatTheBatchDoesNotHave() {
        SequenceModel model = model(Samples.lstm(5));
        Credits credits = new Credits(model);
        Batch batch = Samples.batch(model.config(), 2, STEPS, false, true, Scoring.EVERY, 7);
        Batch none = new Batch(1, 0, new Inputs.Symbols(new int[0], 3), new Targets.Classes(new int[0]));
        for (int step : new int[] {-1, STEPS}) {
            assertThatThrownBy(() -> credits.of(batch, 0, 3, step))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("The batch has no step " + step + ", from 0: it has 23");
        }
        assertThatThrownBy(() -> credits.of(batch, 2, 3)).hasMessageContaining("no sequence 2, from 0: it has 2");
        assertThatThrownBy(() -> credits.of(none, 0, 0)).hasMessageContaining("no step 0, from 0: it has 0");
        assertThat(credits.of(none, 0)).isEmpty();
    }

    /** From a target that is no class no loss comes, and from an input that is no number no output. */
    @Test
    void refusesWhatNoLossComesOf() {
        SequenceModel model = model(Samples.lstm(5));
        int classes = model.config().outputs();
        Inputs symbols = new Inputs.Symbols(new int[1], model.config().inputs());
        for (int target : new int[] {-1, classes}) {
            Batch batch = new Batch(1, 1, symbols, new Targets.Classes(new int[] {target}));
            assertThatThrownBy(() -> new Credits(model).of(batch, 0, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Target " + target + " is not one of 0 … " + (classes - 1));
        }
        float[] vector = new float[model.config().inputs()];
        vector[1] = Float.NaN;
        Targets unscored = new Targets.Classes(new int[] {Targets.NONE});
        Batch batch = new Batch(1, 1, new Inputs.Vectors(vector, vector.length), unscored);
        assertThatThrownBy(() -> new Credits(model).of(batch, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input 1 of step 0 of sequence 0 is NaN");
        assertThatThrownBy(() -> Reminders.of(model, batch)).hasMessage("input 1 of step 0 of sequence 0 is NaN");
        Batch others = new Batch(1, 1, new Inputs.Symbols(new int[1], 9), unscored);
        assertThatThrownBy(() -> Reminders.of(model, others)).hasMessageContaining("A batch has 9 symbols");
    }

    /** A loss that is 0 in single precision still says which way it would grow. */
    @Test
    void certaintyHasACreditToo() {
        SequenceModel model = model(Samples.lstm(0));
        Batch batch = Samples.batch(model.config(), 1, STEPS, false, true, Scoring.EVERY, 9);
        int target = ((Targets.Classes) batch.targets()).values()[STEPS - 1];
        model.parameters()[model.layout().view("output.bias").offset() + target] = 200;
        model.prepare();
        Credit credit = new Credits(model).of(batch, 0, STEPS - 1)[0];
        assertThat(credit.size()).isPositive().isLessThan(1e-60);
        assertThat(credit.credit()[STEPS - 1]).isGreaterThan(0.01f);
    }
}
