package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.batch.Batch;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;
import org.sab4j.testing.ThreadBytes;

/**
 * A step allocates nothing: a pass over a long sequence no more than one over a short sequence.
 *
 * <p>With the scalar kernels, whose code has no objects in it: vectors are objects until the compiler has done away with them, and
 * when it does so is its own affair.
 */
class AllocationTest {

    private static final int SHORT = 50;
    private static final int LONG = 200;
    private static final int ROWS = 3;

    static Stream<ModelConfig> models() {
        return Stream.of(
                Samples.sab(3, 2, 5),
                Samples.config(Attention.SPARSE, ScoreKind.SALIENCE, Sparsifier.RELU, 3, 1, 5),
                Samples.lstm(0));
    }

    private static final class Shard {
        final SequenceModel model;
        final Batch batch;
        final Trace trace;
        final Loss loss;
        final LossSums sums = new LossSums();
        final float[] gradients;

        Shard(ModelConfig config, Kernels kernels, int steps, boolean vectors) {
            model = Samples.model(config, kernels, 1);
            batch = Samples.batch(config, ROWS, steps, vectors, !vectors, Scoring.EVERY, 1);
            trace = model.trace(ROWS, steps, steps, vectors, true);
            loss = model.loss(ROWS);
            gradients = new float[model.layout().size()];
        }

        void pass() {
            model.begin(trace, ROWS);
            model.forward(trace, batch, 0, 0, batch.steps(), false);
            model.loss(loss, trace, batch, 0, batch.steps(), batch.scored(), 0, sums);
            model.backward(trace, batch.steps(), gradients);
        }
    }

    /** The fewest bytes that a pass allocates, of a few tries. */
    private static long by(Shard shard, ThreadBytes bytes) throws ReflectiveOperationException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 30; i++) {
            long before = bytes.allocated();
            shard.pass();
            least = Math.min(least, bytes.allocated() - before);
        }
        return least;
    }

    @ParameterizedTest
    @MethodSource("models")
    void stepsAllocateNothing(ModelConfig config) throws ReflectiveOperationException {
        ThreadBytes bytes = new ThreadBytes();
        for (boolean vectors : new boolean[] {false, true}) {
            Shard brief = new Shard(config, new ScalarKernels(), SHORT, vectors);
            Shard extended = new Shard(config, new ScalarKernels(), LONG, vectors);
            for (int i = 0; i < 5; i++) {
                brief.pass();
                extended.pass();
            }
            long few = by(brief, bytes);
            long many = by(extended, bytes);
            // 150 more steps: less than one object each.
            assertThat(many - few)
                    .as("%d bytes for %d steps, %d for %d", few, SHORT, many, LONG)
                    .isLessThan(LONG - SHORT);
        }
    }
}
