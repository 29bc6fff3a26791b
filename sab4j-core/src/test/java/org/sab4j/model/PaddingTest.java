package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Samples;

/** Sequences of different lengths in one batch: padding changes nothing. */
class PaddingTest {

    private static final int[] LENGTHS = {9, 1, 14, 6, 3, 14, 11};
    private static final int STEPS = 14;

    static Stream<ModelConfig> models() {
        return Stream.of(
                        Samples.sab(3, 2, 5),
                        Samples.config(Attention.SPARSE, ScoreKind.MLP, Sparsifier.RELU, 2, 1, 4),
                        Samples.config(Attention.SPARSE, ScoreKind.SALIENCE, Sparsifier.SOFTMAX, 3, 2, 5),
                        Samples.config(Attention.DENSE, ScoreKind.MLP, Sparsifier.SOFTMAX, 0, 1, 0),
                        Samples.lstm(4))
                .flatMap(config -> Stream.of(config, Samples.sized(config, 37, 21)));
    }

    /** The sequences with these inputs behind their ends. */
    private static Batch padded(ModelConfig config, boolean vectors, long padding) {
        Random random = new Random(5);
        Random behind = new Random(padding);
        int cells = LENGTHS.length * STEPS;
        int width = vectors ? config.inputs() : 1;
        float[] x = new float[cells * width];
        int[] targets = new int[cells];
        for (int cell = 0; cell < cells; cell++) {
            boolean inside = cell % STEPS < LENGTHS[cell / STEPS];
            for (int i = 0; i < width; i++) {
                float real = vectors ? random.nextFloat() : random.nextInt(config.inputs());
                float other = vectors ? 1000 * behind.nextFloat() : behind.nextInt(config.inputs());
                x[cell * width + i] = inside ? real : other;
            }
            int target = random.nextInt(config.outputs());
            targets[cell] = inside ? target : Targets.NONE;
        }
        Inputs inputs = vectors
                ? new Inputs.Vectors(x, config.inputs())
                : new Inputs.Symbols(
                        IntStream.range(0, cells).map(i -> (int) x[i]).toArray(), config.inputs());
        return new Batch(LENGTHS.length, STEPS, inputs, new Targets.Classes(targets));
    }

    /** One sequence without its padding. */
    private static Batch alone(Batch batch, int row) {
        Batch whole = batch.sequence(row);
        int length = LENGTHS[row];
        Inputs inputs = switch (whole.inputs()) {
            case Inputs.Symbols in -> new Inputs.Symbols(Arrays.copyOf(in.values(), length), in.size());
            case Inputs.Vectors in -> new Inputs.Vectors(Arrays.copyOf(in.values(), length * in.size()), in.size());
        };
        int[] targets = ((Targets.Classes) whole.targets()).values();
        return new Batch(1, length, inputs, new Targets.Classes(Arrays.copyOf(targets, length)));
    }

    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Result(float[][] outputs, double[] losses, float[] gradients) {}

    /** Outputs of the scored steps, losses a sequence, gradients of the sum of all losses. */
    private static Result pass(SequenceModel model, Batch batch, int[] lengths) {
        int rows = batch.sequences();
        int steps = batch.steps();
        int outputs = model.config().outputs();
        Trace trace = model.trace(rows, steps, steps, batch.inputs() instanceof Inputs.Vectors, true);
        model.begin(trace, rows);
        model.forward(trace, batch, 0, 0, steps, false);
        model.loss(model.loss(rows), trace, batch, 0, steps, 1, 0, new LossSums());
        float[][] y = new float[rows][];
        double[] losses = new double[rows];
        for (int row = 0; row < rows; row++) {
            y[row] = new float[lengths[row] * outputs];
            for (int step = 0; step < lengths[row]; step++) {
                System.arraycopy(trace.window.y, (step * rows + row) * outputs, y[row], step * outputs, outputs);
            }
            losses[row] = loss(model, y[row], batch.sequence(row), lengths[row]);
        }
        float[] gradients = new float[model.layout().size()];
        model.backward(trace, steps, gradients);
        return new Result(y, losses, gradients);
    }

    private static double loss(SequenceModel model, float[] y, Batch batch, int length) {
        LossSums sums = new LossSums();
        for (int step = 0; step < length; step++) {
            int at = step * model.config().outputs();
            model.loss(1).step(batch, step, new int[] {0}, 1, y, at, new float[y.length], at, 1, true, sums);
        }
        return sums.loss();
    }

    @ParameterizedTest
    @MethodSource("models")
    void changesNothing(ModelConfig config) {
        for (Kernels kernels : new Kernels[] {new ScalarKernels(), KernelProviders.kernels()}) {
            for (boolean vectors : new boolean[] {false, true}) {
                SequenceModel model = Samples.model(config, kernels, 3);
                Batch batch = padded(config, vectors, 1);
                Result together = pass(model, batch, LENGTHS);
                Result otherwise = pass(model, padded(config, vectors, 2), LENGTHS);
                assertThat(otherwise.losses).isEqualTo(together.losses);
                assertThat(otherwise.gradients).isEqualTo(together.gradients);
                double[] sum = new double[together.gradients.length];
                for (int row = 0; row < LENGTHS.length; row++) {
                    Result one = pass(model, alone(batch, row), new int[] {LENGTHS[row]});
                    assertThat(together.outputs[row]).isEqualTo(one.outputs[0]);
                    assertThat(together.losses[row]).isEqualTo(one.losses[0]);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += one.gradients[i];
                    }
                }
                for (int i = 0; i < sum.length; i++) {
                    assertThat((double) together.gradients[i])
                            .isCloseTo(sum[i], within(1e-3 + 1e-4 * Math.abs(sum[i])));
                }
            }
        }
    }
}
