package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.model.SequenceModel;
import org.sab4j.testing.Samples;

/** Adam and AdEMAMix against the algorithms as printed (Kingma &amp; Ba 2015, Algorithm 1; Pagliardini et al. 2025), in double precision. */
class AdamTest {

    @ParameterizedTest(name = "seed {0}, {1}, {2}, ε {3}, gradients of ±{4}, scale {5}, factor {6}, β3 {7}, weight {8}")
    @CsvSource({
        "1, 0.9, 0.999, 1e-8, 1, 1, 1, 0, 0",
        "2, 0.9, 0.999, 1e-8, 1e-4, 0.3, 1, 0, 0",
        "3, 0.5, 0.9, 1e-3, 1, 1, 0.2, 0, 0",
        "4, 0, 0, 1e-8, 1, 1, 1, 0, 0",
        "5, 0.9, 0.999, 1e-8, 1e-7, 1, 1, 0, 0",
        "6, 0.9, 0.99, 1e-8, 1, 1, 1, 0.99, 4",
        "7, 0.95, 0.999, 1e-8, 1e-4, 0.3, 0.2, 0.999, 0.5",
        "8, 0, 0.9, 1e-3, 1, 1, 1, 0, 2"
    })
    void asPrinted(
            long seed,
            double beta1,
            double beta2,
            double epsilon,
            float size,
            double scale,
            double factor,
            double beta3,
            double weight) {
        Adam adam = new Adam(1e-2, beta1, beta2, epsilon, beta3, weight);
        for (Kernels kernels : new Kernels[] {new ScalarKernels(), KernelProviders.kernels()}) {
            SequenceModel model = Samples.model(Samples.sab(2, 1, 0), kernels, seed);
            TrainState state = TrainState.start(model, seed);
            state.keepSlowMoment();
            int n = model.parameters().length;
            Random random = new Random(seed);
            double[] x = new double[n];
            double[] m = new double[n];
            double[] v = new double[n];
            double[] slow = new double[n];
            for (int i = 0; i < n; i++) {
                x[i] = model.parameters()[i];
            }
            for (int t = 1; t <= 60; t++) {
                float[] gradients = Samples.uniform(random, n, size);
                adam.step(kernels, t, factor, scale, 0, n / 3, state, gradients);
                adam.step(kernels, t, factor, scale, n / 3, n, state, gradients);
                for (int i = 0; i < n; i++) {
                    double g = scale * gradients[i];
                    m[i] = beta1 * m[i] + (1 - beta1) * g;
                    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
                    slow[i] = beta3 * slow[i] + (1 - beta3) * g;
                    double mHat = m[i] / (1 - Math.pow(beta1, t));
                    double vHat = v[i] / (1 - Math.pow(beta2, t));
                    x[i] -= factor * 1e-2 * (mHat + weight * slow[i]) / (Math.sqrt(vHat) + epsilon);
                }
            }
            for (int i = 0; i < n; i++) {
                assertThat((double) model.parameters()[i])
                        .as("%s, parameter %d", kernels.name(), i)
                        .isCloseTo(x[i], within(2e-5 * (1 + weight)));
            }
        }
    }

    /** The first step is the learning rate, whatever the gradient's size. */
    @Test
    void firstStep() {
        SequenceModel model = Samples.model(Samples.lstm(0), new ScalarKernels(), 1);
        TrainState state = TrainState.start(model, 1);
        float[] before = model.parameters().clone();
        float[] gradients = new float[before.length];
        gradients[0] = 1e-3f;
        gradients[1] = -1e3f;
        Adam.DEFAULT.step(new ScalarKernels(), 1, 1, 1, 0, before.length, state, gradients);
        assertThat(model.parameters()[0] - before[0]).isCloseTo(-1e-3f, within(1e-6f));
        assertThat(model.parameters()[1] - before[1]).isCloseTo(1e-3f, within(1e-6f));
        assertThat(model.parameters()[2]).isEqualTo(before[2]);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.9, 0.999, 1e-8",
        "-1, 0.9, 0.999, 1e-8",
        "NaN, 0.9, 0.999, 1e-8",
        "Infinity, 0.9, 0.999, 1e-8",
        "1e39, 0.9, 0.999, 1e-8",
        "1e-50, 0.9, 0.999, 1e-8",
        "1e-3, 1, 0.999, 1e-8",
        "1e-3, 0.9, 1, 1e-8",
        "1e-3, 0.99999999999, 0.999, 1e-8",
        "1e-3, 0.9, 0.99999999999, 1e-8",
        "1e-3, -0.1, 0.999, 1e-8",
        "1e-3, NaN, 0.999, 1e-8",
        "1e-3, 0.9, 0.999, 0",
        "1e-3, 0.9, 0.999, NaN",
        "1e-3, 0.9, 0.999, 1e-60",
        "1e-3, 0.9, 0.999, Infinity"
    })
    void refusesWhatCannotTrain(double rate, double beta1, double beta2, double epsilon) {
        assertThatThrownBy(() -> new Adam(rate, beta1, beta2, epsilon)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "-0.1, 4", "NaN, 4", "0.99999999999, 4", "0.99, -1", "0.99, NaN", "0.99, Infinity", "0.99, 1e39"
    })
    void refusesASlowAverageThatCannotTrain(double beta3, double weight) {
        assertThatThrownBy(() -> new Adam(1e-3, 0.9, 0.999, 1e-8, beta3, weight))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1e38, 10", "1e-40, 1e-10"})
    void refusesAnEarlyRateThatCannotTrain(double rate, double factor) {
        TrainConfig config = TrainConfig.of(10).with(EarlyRate.NONE).with(new Adam(rate, 0.9, 0.999, 1e-8));
        assertThatThrownBy(() -> config.with(new EarlyRate(factor, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in single precision");
    }

    @Test
    void anEarlyRate() {
        EarlyRate early = new EarlyRate(3, 10, 20);
        assertThat(early.at(1)).isEqualTo(3);
        assertThat(early.at(10)).isEqualTo(3);
        assertThat(early.at(15)).isCloseTo(2, within(1e-12));
        assertThat(early.at(20)).isEqualTo(1);
        assertThat(early.at(1000)).isEqualTo(1);
        assertThat(new EarlyRate(3, 5, 5).at(5)).isEqualTo(3);
        assertThat(new EarlyRate(3, 5, 5).at(6)).isEqualTo(1);
        assertThat(EarlyRate.NONE.at(1)).isEqualTo(1);
        assertThat(EarlyRate.NONE.at(Long.MAX_VALUE)).isEqualTo(1);
        EarlyRate warm = new EarlyRate(3, 10, 20, 8);
        assertThat(warm.at(1)).isEqualTo(0.375);
        assertThat(warm.at(4)).isEqualTo(1.5);
        assertThat(warm.at(8)).isEqualTo(3);
        assertThat(warm.at(15)).isEqualTo(2);
        assertThat(new EarlyRate(1, 0, 0, 4).at(2)).isEqualTo(0.5);
        assertThatThrownBy(() -> new EarlyRate(1, 0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EarlyRate(2, 5, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EarlyRate(2, -1, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EarlyRate(0, 1, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EarlyRate(Double.NaN, 1, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
