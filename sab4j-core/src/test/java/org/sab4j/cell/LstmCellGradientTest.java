package org.sab4j.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.model.ModelConfig;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.testing.FiniteDifferences;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** The cell alone, over a few steps: against the formula, and its gradients against differences. */
class LstmCellGradientTest {

    private static final Kernels KERNELS = new ScalarKernels();
    private static final int ROWS = 2;
    private static final int STEPS = 3;

    private static final int[] SEQUENCES = {0, 1};

    /** A cell that runs over a batch, its states being its outputs; the loss is ⟨q, ĥ⟩ over all steps. */
    private static final class Run {
        final ParameterLayout layout = new ParameterLayout();
        final LstmCell cell;
        final LstmCell.Trace trace;
        final Batch batch;
        final int hidden;
        final float[] parameters;
        final float[] h; // (C + 1, R, H)
        final float[] output; // (C, R, H)
        final float[] q; // (C, R, H)

        Run(boolean vectors, long seed) {
            ModelConfig config = Samples.lstm(0);
            hidden = config.hidden();
            Random random = new Random(seed);
            cell = new LstmCell(KERNELS, KERNELS, config.inputs(), hidden, layout);
            batch = Samples.batch(config, ROWS, STEPS, vectors, true, Scoring.EVERY, seed);
            trace = cell.trace(ROWS, STEPS, vectors, true);
            parameters = Samples.uniform(random, layout.size(), 1);
            h = new float[(STEPS + 1) * ROWS * hidden];
            System.arraycopy(Samples.uniform(random, ROWS * hidden, 1), 0, h, 0, ROWS * hidden); // h_0 isn't 0 here
            output = new float[STEPS * ROWS * hidden];
            q = Samples.uniform(random, output.length, 1);
        }

        FiniteDifferences.Point forward() {
            cell.prepare(parameters);
            cell.begin(trace, ROWS);
            double loss = 0;
            int n = ROWS * hidden;
            for (int slot = 0; slot < STEPS; slot++) {
                cell.forward(trace, slot, ROWS, batch, slot, SEQUENCES, h, output);
                System.arraycopy(output, slot * n, h, (slot + 1) * n, n);
            }
            for (int i = 0; i < q.length; i++) {
                loss += (double) q[i] * output[i];
            }
            return new FiniteDifferences.Point(loss, List.of());
        }

        /** The parameters' gradients; that of h_0 is left in dh. */
        float[] backward(float[] dh) {
            float[] gradients = new float[layout.size()];
            float[] scratch = new float[Kernels.SCRATCH];
            cell.beginBackward(trace);
            cell.cut(trace, ROWS);
            int n = ROWS * hidden;
            for (int slot = STEPS - 1; slot >= 0; slot--) {
                for (int i = 0; i < n; i++) {
                    dh[i] += q[slot * n + i];
                }
                cell.backward(trace, slot, ROWS, dh, dh, false);
            }
            // In two pieces, as a replay does it.
            cell.gradients(trace, 1, STEPS, ROWS, h, gradients, scratch);
            cell.gradients(trace, 0, 1, ROWS, h, gradients, scratch);
            cell.endBackward(trace, gradients);
            return gradients;
        }
    }

    @ParameterizedTest(name = "vectors {0}, seed {1}")
    @CsvSource({"false, 1", "false, 2", "true, 1", "true, 2"})
    void gradients(boolean vectors, long seed) {
        Run run = new Run(vectors, seed);
        run.forward();
        float[] dh = new float[ROWS * run.hidden];
        float[] gradients = run.backward(dh);
        FiniteDifferences differences =
                new FiniteDifferences("LSTM, vectors " + vectors + ", seed " + seed, run::forward);
        for (View view : run.layout.views().values()) {
            differences.check(view.name(), run.parameters, view.offset(), view.count(), gradients, view.offset());
        }
        differences.check("h_0", run.h, 0, dh.length, dh, 0);
    }

    /** Where h' gets no gradient, what stands in dh is not looked at. */
    @Test
    void startOfABlock() {
        Run run = new Run(false, 3);
        run.forward();
        float[] dOutput = Samples.uniform(new Random(3), ROWS * run.hidden, 1);
        float[] dh = dOutput.clone();
        run.cell.beginBackward(run.trace);
        run.cell.cut(run.trace, ROWS);
        run.cell.backward(run.trace, 0, ROWS, dOutput, dh, true);
        assertThat(dh).isEqualTo(dOutput);
    }

    /** ĥ after two steps of one row, by the formula. */
    @ParameterizedTest(name = "vectors {0}")
    @CsvSource({"false", "true"})
    void formula(boolean vectors) {
        Run run = new Run(vectors, 4);
        run.forward();
        int hidden = run.hidden;
        int inputs = 3;
        int row = 1;
        double[] c = new double[hidden];
        double[] state = new double[hidden];
        for (int u = 0; u < hidden; u++) {
            state[u] = run.h[row * hidden + u];
        }
        for (int step = 0; step < 2; step++) {
            double[] next = new double[hidden];
            for (int u = 0; u < hidden; u++) {
                double[] z = new double[4];
                for (int gate = 0; gate < 4; gate++) {
                    int g = gate * hidden + u;
                    z[gate] = run.parameters[run.layout.view("cell.bias").offset() + g];
                    for (int i = 0; i < inputs; i++) {
                        z[gate] += input(run.batch, row, step, i)
                                * run.parameters[
                                        run.layout.view("cell.weight_ih").offset() + g * inputs + i];
                    }
                    for (int v = 0; v < hidden; v++) {
                        z[gate] += state[v]
                                * run.parameters[
                                        run.layout.view("cell.weight_hh").offset() + g * hidden + v];
                    }
                }
                c[u] = sigmoid(z[1]) * c[u] + sigmoid(z[0]) * Math.tanh(z[2]);
                next[u] = sigmoid(z[3]) * Math.tanh(c[u]);
                assertThat((double) run.output[(step * ROWS + row) * hidden + u])
                        .isCloseTo(next[u], within(1e-6));
            }
            state = next;
        }
    }

    private static double input(Batch batch, int row, int step, int i) {
        int at = row * batch.steps() + step;
        return switch (batch.inputs()) {
            case Inputs.Symbols in -> in.values()[at] == i ? 1 : 0;
            case Inputs.Vectors in -> in.values()[at * in.size() + i];
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @ParameterizedTest
    @CsvSource({"-1", "3", "1000"})
    void refusesASymbolThatIsNone(int symbol) {
        Run run = new Run(false, 5);
        run.cell.prepare(run.parameters);
        run.cell.begin(run.trace, ROWS);
        Batch batch = new Batch(2, 1, new Inputs.Symbols(new int[] {0, symbol}, 3), new Targets.Classes(new int[2]));
        assertThatThrownBy(() -> run.cell.forward(run.trace, 0, ROWS, batch, 0, SEQUENCES, run.h, run.output))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Symbol " + symbol);
    }
}
