package org.sab4j.testing;

import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.head.LossSums;
import org.sab4j.model.Carried;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Replayed;
import org.sab4j.replay.Trace;

/**
 * A forward and a backward pass over a whole batch as one shard.
 *
 * @param gradients of the sum of the losses over {@code n}
 * @param replayed what the backward pass returned
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
public record Pass(Trace trace, LossSums sums, float[] gradients, Replayed replayed) {

    /** Both passes; the loss is the mean over scored steps. */
    public static Pass of(SequenceModel model, Batch batch) {
        return of(model, batch, batch.scored());
    }

    /** Both passes; the loss is the sum over scored steps, divided by n. */
    public static Pass of(SequenceModel model, Batch batch, float n) {
        return backward(model, batch, forward(model, batch, n));
    }

    /** Both passes, the backward one over all blocks and rows, those that no credit reaches, too. */
    public static Pass sweepingAll(SequenceModel model, Batch batch) {
        Pass forward = forward(model, batch, batch.scored());
        forward.trace.sweepAll(true);
        return backward(model, batch, forward);
    }

    private static Pass backward(SequenceModel model, Batch batch, Pass forward) {
        float[] gradients = new float[model.layout().size()];
        Replayed replayed =
                model.backward(forward.trace, batch.steps(), gradients).timeless();
        return new Pass(forward.trace, forward.sums, gradients, replayed);
    }

    /** Both passes as training makes them; {@code n} as above. The trace's window holds what it happens to. */
    public static Pass training(SequenceModel model, Batch batch, float n, boolean recompute) {
        return training(model, batch, n, recompute, null);
    }

    /** The same for sequences that go on, and leave what they come to. */
    public static Pass training(
            SequenceModel model, Batch batch, float n, boolean recompute, @Nullable Carried carried) {
        int rows = batch.sequences();
        boolean vectors = batch.inputs() instanceof Inputs.Vectors;
        int room = carried == null ? batch.steps() : 2 * batch.steps();
        Trace trace = recompute
                ? model.recomputing(rows, room, vectors)
                : model.trace(rows, batch.steps(), room, vectors, true);
        return training(model, trace, batch, n, carried);
    }

    /** The same in the buffers of another such pass. */
    public static Pass training(SequenceModel model, Trace trace, Batch batch, float n, @Nullable Carried carried) {
        int rows = batch.sequences();
        LossSums sums = new LossSums();
        float[] gradients = new float[model.layout().size()];
        Replayed replayed =
                model.pass(trace, model.loss(rows), batch, 0, rows, n, 0, sums, gradients, carried, done -> {});
        return new Pass(trace, sums, gradients, replayed.timeless());
    }

    /** The forward pass alone. */
    public static Pass forward(SequenceModel model, Batch batch, float n) {
        int steps = batch.steps();
        int rows = batch.sequences();
        boolean vectors = batch.inputs() instanceof Inputs.Vectors;
        Trace trace = model.trace(rows, steps, steps, vectors, true);
        LossSums sums = new LossSums();
        model.begin(trace, rows);
        model.forward(trace, batch, 0, 0, steps, true);
        model.loss(model.loss(rows), trace, batch, 0, steps, n, 0, sums);
        return new Pass(trace, sums, new float[0], Replayed.NOTHING);
    }

    /** The sum of the losses. */
    public double total() {
        return sums.loss() * sums.scored();
    }
}
