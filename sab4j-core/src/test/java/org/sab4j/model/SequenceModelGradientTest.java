package org.sab4j.model;

import static org.sab4j.model.Attention.DENSE;
import static org.sab4j.model.Attention.NONE;
import static org.sab4j.model.Attention.SPARSE;
import static org.sab4j.model.ScoreKind.MLP;
import static org.sab4j.model.ScoreKind.SALIENCE;
import static org.sab4j.retrieval.Sparsifier.NULL_SOFTMAX;
import static org.sab4j.retrieval.Sparsifier.RELU;
import static org.sab4j.retrieval.Sparsifier.SOFTMAX;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.batch.Batch;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.testing.FiniteDifferences;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** Every parameter of whole models against differences. Nothing is cut here: a cut makes the gradient another one. */
class SequenceModelGradientTest {

    private static final Kernels KERNELS = new ScalarKernels();
    private static final int SEQUENCES = 2;
    private static final int STEPS = 7;

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(Samples.lstm(0), false, true, Scoring.EVERY, 1L),
                Arguments.of(Samples.lstm(0), true, false, Scoring.LAST, 2L),
                Arguments.of(Samples.config(SPARSE, MLP, SOFTMAX, 2, 1, 0), false, true, Scoring.EVERY, 3L),
                Arguments.of(Samples.config(SPARSE, MLP, SOFTMAX, 2, 2, 0), true, true, Scoring.LAST, 4L),
                Arguments.of(Samples.config(SPARSE, MLP, RELU, 2, 1, 0), false, true, Scoring.TAIL, 5L),
                Arguments.of(Samples.config(SPARSE, MLP, RELU, 1, 1, 0), true, false, Scoring.EVERY, 6L),
                Arguments.of(Samples.config(SPARSE, MLP, RELU, 5, 2, 0), false, false, Scoring.LAST, 7L),
                Arguments.of(Samples.config(SPARSE, SALIENCE, SOFTMAX, 2, 1, 0), false, true, Scoring.EVERY, 8L),
                Arguments.of(Samples.config(SPARSE, MLP, NULL_SOFTMAX, 2, 1, 0), false, true, Scoring.EVERY, 16L),
                Arguments.of(Samples.config(SPARSE, SALIENCE, RELU, 2, 1, 0), true, true, Scoring.TAIL, 9L),
                Arguments.of(
                        Samples.varied(Samples.config(SPARSE, MLP, SOFTMAX, 3, 1, 0), MentalUpdates.ON, 2),
                        true,
                        true,
                        Scoring.TAIL,
                        10L),
                Arguments.of(
                        Samples.varied(Samples.config(SPARSE, SALIENCE, RELU, 3, 1, 0), MentalUpdates.ON, 0.5f),
                        false,
                        true,
                        Scoring.EVERY,
                        11L),
                Arguments.of(Samples.config(DENSE, MLP, SOFTMAX, 0, 1, 0), false, true, Scoring.TAIL, 12L),
                Arguments.of(Samples.config(DENSE, SALIENCE, SOFTMAX, 0, 3, 0), true, false, Scoring.EVERY, 13L),
                // A block as long as the sequence cuts nothing either.
                Arguments.of(Samples.config(NONE, MLP, SOFTMAX, 0, 1, STEPS), false, true, Scoring.TAIL, 14L),
                Arguments.of(Samples.config(SPARSE, MLP, SOFTMAX, 2, 1, STEPS), false, true, Scoring.TAIL, 15L));
    }

    @ParameterizedTest(name = "{0}, vectors {1}, classes {2}, {3}, seed {4}")
    @MethodSource("models")
    void gradients(ModelConfig config, boolean vectors, boolean classes, Scoring scoring, long seed) {
        SequenceModel model = Samples.model(config, KERNELS, seed);
        Batch batch = Samples.batch(config, SEQUENCES, STEPS, vectors, classes, scoring, seed);
        Pass pass = Pass.of(model, batch, 1);
        FiniteDifferences differences = new FiniteDifferences(config + ", seed " + seed, () -> {
            model.prepare();
            Pass forward = Pass.forward(model, batch, 1);
            return new FiniteDifferences.Point(forward.total(), FiniteDifferences.choice(forward.trace()));
        });
        for (View view : model.layout().views().values()) {
            differences.check(
                    view.name(), model.parameters(), view.offset(), view.count(), pass.gradients(), view.offset());
        }
        differences.checkedAtLeast(0.5);
    }
}
