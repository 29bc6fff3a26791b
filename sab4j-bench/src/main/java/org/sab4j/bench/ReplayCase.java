package org.sab4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sab4j.batch.Batch;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Attention;
import org.sab4j.model.Initialization;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.replay.Replayed;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.AddingTask;

/**
 * What a replay costs that follows the credit, beside one that sweeps over all blocks and rows: one shard of sequences of the
 * adding task, whose loss is at the last step, forward and backward by turns.
 *
 * @param retrieval {@code concentrated}: all steps are reminded of the same memories; {@code scattered}: each of its own
 * @param steps T
 * @param replayed of the sparse replay
 * @param forward milliseconds
 * @param sparse milliseconds of a backward pass that follows the credit
 * @param full milliseconds of one that sweeps over everything
 * @param recomputed milliseconds of one that follows the credit and computes activations again
 */
public record ReplayCase(
        String retrieval, int steps, Replayed replayed, Spread forward, Spread sparse, Spread full, Spread recomputed) {

    private static final int ROWS = 16;
    private static final int HIDDEN = 128;

    /** k_trunc 16, k_att 16, k_top 2. */
    static ReplayCase measure(Kernels kernels, boolean concentrated, int steps, int rounds) {
        AddingTask task = new AddingTask(steps);
        // Scores that don't depend on the query choose the same memories at each step.
        ScoreKind score = concentrated ? ScoreKind.SALIENCE : ScoreKind.MLP;
        ModelConfig config = new ModelConfig(
                2,
                HIDDEN,
                HIDDEN,
                1,
                Attention.SPARSE,
                score,
                Sparsifier.SOFTMAX,
                2,
                16,
                16,
                MentalUpdates.ON,
                1e-7f,
                1f);
        SequenceModel model = new SequenceModel(config, kernels);
        new Initialization(1, 1, 0, 0, 0, 0).apply(model, RandomStream.of(1, "init"));
        if (!concentrated) { // queries that tell more than the memories do, so that each step chooses its own
            var w2 = model.layout().view("attention.w2");
            kernels.scale(w2.count(), 8f, model.parameters(), w2.offset());
            model.prepare();
        }
        Batch batch = task.batch(ROWS, RandomStream.of(1, "data"));
        Pass kept = new Pass(model, batch, model.trace(ROWS, steps, steps, true, true));
        Pass recomputing = new Pass(model, batch, model.recomputing(ROWS, steps, true));
        List<double[]> times = new ArrayList<>();
        for (int round = -2; round < rounds; round++) { // two to warm up
            double[] sparse = kept.run(false);
            double[] full = kept.run(true);
            double[] recomputed = recomputing.run(false);
            if (round >= 0) {
                times.add(new double[] {Math.min(sparse[0], full[0]), sparse[1], full[1], recomputed[1]});
            }
        }
        kept.run(false);
        return new ReplayCase(
                concentrated ? "concentrated" : "scattered",
                steps,
                kept.replayed.timeless(),
                spread(times, 0),
                spread(times, 1),
                spread(times, 2),
                spread(times, 3));
    }

    private static Spread spread(List<double[]> times, int which) {
        return Spread.of(times.stream().mapToDouble(time -> time[which]).toArray());
    }

    private static final class Pass {
        final SequenceModel model;
        final Batch batch;
        final Trace trace;
        final Loss loss;
        final float[] gradients;
        Replayed replayed = Replayed.NOTHING;

        Pass(SequenceModel model, Batch batch, Trace trace) {
            this.model = model;
            this.batch = batch;
            this.trace = trace;
            loss = model.loss(ROWS);
            gradients = new float[model.layout().size()];
        }

        /** Milliseconds of the forward pass and of the backward pass. */
        double[] run(boolean full) {
            trace.sweepAll(full);
            Arrays.fill(gradients, 0f);
            long start = System.nanoTime();
            replayed =
                    model.pass(trace, loss, batch, 0, ROWS, batch.weight(), 0, new LossSums(), gradients, done -> {});
            double all = (System.nanoTime() - start) / 1e6;
            double backward = replayed.nanoseconds() / 1e6;
            return new double[] {all - backward, backward};
        }
    }
}
