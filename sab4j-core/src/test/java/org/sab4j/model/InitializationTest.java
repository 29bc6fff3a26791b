package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.random.RandomStream;
import org.sab4j.tensor.ParameterLayout.View;

/** What each parameter is drawn from. */
class InitializationTest {

    private static final int HIDDEN = 100;
    private static final double BOUND = 0.1; // 1/√H

    private static SequenceModel drawn(Initialization initialization, long seed) {
        SequenceModel model = new SequenceModel(ModelConfig.sab(10, HIDDEN, 9), new ScalarKernels());
        initialization.apply(model, RandomStream.of(seed, "init"));
        return model;
    }

    private static float[] values(SequenceModel model, String name) {
        View view = model.layout().view(name);
        return Arrays.copyOfRange(model.parameters(), view.offset(), view.offset() + view.count());
    }

    private static void uniform(float[] values, double middle, double spread) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        double mean = 0;
        for (float x : values) {
            least = Math.min(least, x);
            most = Math.max(most, x);
            mean += (double) x / values.length;
        }
        assertThat(least).isBetween(middle - spread * 1.000001, middle - 0.9 * spread);
        assertThat(most).isBetween(middle + 0.9 * spread, middle + spread * 1.000001);
        assertThat(mean).isCloseTo(middle, within(5 * spread / Math.sqrt(3.0 * values.length)));
    }

    @Test
    void uniformOnOneByTheRootOfH() {
        SequenceModel model = drawn(Initialization.PLAIN, 1);
        for (String name : new String[] {
            "cell.weight_ih", "cell.weight_hh", "attention.w1", "attention.w2", "attention.w3", "output.v1", "output.v2"
        }) {
            uniform(values(model, name), 0, BOUND);
        }
        for (String name : new String[] {"cell.bias", "output.bias"}) {
            for (float bias : values(model, name)) {
                assertThat(bias == 0).as(name).isTrue(); // of either sign
            }
        }
    }

    @Test
    void asAsked() {
        SequenceModel model = drawn(new Initialization(3, 4, 0.5f, 1, 2, 0.01f), 1);
        float[] weightIh = values(model, "cell.weight_ih");
        double squares = 0;
        for (float x : weightIh) {
            squares += (double) x * x / weightIh.length;
        }
        assertThat(Math.sqrt(squares)).isCloseTo(3, within(0.15));
        float[] weightHh = values(model, "cell.weight_hh");
        for (int gate = 0; gate < 4; gate++) {
            int rows = HIDDEN * HIDDEN;
            float[] part = Arrays.copyOfRange(weightHh, gate * rows, (gate + 1) * rows);
            uniform(part, 0, gate == 2 ? 4 * BOUND : BOUND); // the candidates' is the third
        }
        float[] bias = values(model, "cell.bias");
        for (int gate = 0; gate < 4; gate++) {
            float[] part = Arrays.copyOfRange(bias, gate * HIDDEN, (gate + 1) * HIDDEN);
            if (gate == 1) {
                float least = Float.POSITIVE_INFINITY;
                float most = Float.NEGATIVE_INFINITY;
                double mean = 0;
                for (float b : part) {
                    least = Math.min(least, b);
                    most = Math.max(most, b);
                    mean += (double) b / part.length;
                }
                // The spread of all gates' biases, and the forget gates' own.
                assertThat(least).isBetween(1 - 2.5f, 1 - 1.5f);
                assertThat(most).isBetween(1 + 1.5f, 1 + 2.5f);
                assertThat(mean).isCloseTo(1, within(0.6));
            } else {
                uniform(part, 0, 0.5);
            }
        }
        uniform(values(model, "attention.w3"), 0, 0.01);
        uniform(values(model, "output.v1"), 0, BOUND);
    }

    @Test
    void theSeedSaysAll() {
        assertThat(drawn(Initialization.DEFAULT, 1).parameters())
                .isEqualTo(drawn(Initialization.DEFAULT, 1).parameters());
        assertThat(drawn(Initialization.DEFAULT, 1).parameters())
                .isNotEqualTo(drawn(Initialization.DEFAULT, 2).parameters());
    }

    @Test
    void refusesWhatIsNoNumber() {
        for (int argument = 0; argument < 6; argument++) {
            for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
                float[] x = {0, 0, 0, 0, 0, 0};
                x[argument] = wrong;
                boolean forgetBias = argument == 3; // may be negative
                if (wrong != -1 || !forgetBias) {
                    assertThatThrownBy(() -> new Initialization(x[0], x[1], x[2], x[3], x[4], x[5]))
                            .isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
    }
}
