package org.sab4j.train;

import org.sab4j.batch.Batch;
import org.sab4j.random.RandomStream;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;

/**
 * The order in which a finite task's training sequences come: epochs, each of them shuffled (Fisher &amp; Yates) by the training's
 * stream of random numbers. The last batch of an epoch has what is left.
 *
 * <p>Where states are carried over the sequences come in their order instead, in as many streams as a batch has sequences: each
 * stream is a piece of the whole, and its next sequence follows on the last.
 *
 * <p>Where it stands is in the {@link TrainState}: the stream as it was when the epoch began, from which its order is drawn again,
 * and how many sequences, or batches of streams, have been taken.
 */
public final class Course {

    private final FiniteTask task;
    private final TrainState state;
    private final int batch;
    private final boolean streams;
    private final int[] order;
    private boolean drawn;

    Course(FiniteTask task, int batch, boolean streams, TrainState state) {
        this.task = task;
        this.batch = batch;
        this.state = state;
        this.streams = streams;
        order = new int[task.sequences(Part.TRAINING)];
        if (order.length == 0) {
            throw new IllegalArgumentException("The task " + task.name() + " has no sequences to train on");
        }
        if (task.sequences(Part.VALIDATION) == 0) {
            throw new IllegalArgumentException(
                    "The task " + task.name() + " has no sequences for validation, by which the best model is found");
        }
        if (state.position < 0 || state.position > end()) {
            throw new IllegalArgumentException("The state stands at sequence " + state.position + " of an epoch of "
                    + end() + (streams ? " batches" : "") + ": it belongs to other data, or to sequences that carry "
                    + (streams ? "nothing" : "something") + " over");
        }
    }

    /** The updates of an epoch. */
    public static long updatesPerEpoch(FiniteTask task, int batch) {
        return Math.ceilDiv(task.sequences(Part.TRAINING), batch);
    }

    /** Whether the next batch is the first of an epoch. */
    boolean begins() {
        return state.position == 0 || state.position == end();
    }

    private int end() {
        return streams ? Math.ceilDiv(order.length, batch) : order.length;
    }

    /** The indices of the sequences that are at the same place of their streams: those of a piece's {@code place}-th. */
    static int[] streams(int sequences, int streams, int place) {
        int piece = Math.ceilDiv(sequences, streams);
        int count = Math.ceilDiv(sequences - place, piece);
        int[] indices = new int[count];
        for (int stream = 0; stream < count; stream++) {
            indices[stream] = stream * piece + place;
        }
        return indices;
    }

    /** The next batch of the epoch; the first of the next one where it is over. */
    Batch next() {
        if (streams) {
            if (state.position == end()) {
                state.position = 0;
            }
            Batch next = batch(streams(order.length, batch, state.position));
            state.position++;
            return next;
        }
        if (state.position == order.length) {
            state.position = 0;
            drawn = false;
        }
        if (state.position == 0) {
            state.epochStart = state.data.state();
            draw(state.data);
        } else if (!drawn) {
            draw(RandomStream.resume(state.data.name(), state.epochStart));
        }
        int count = Math.min(batch, order.length - state.position);
        int[] indices = new int[count];
        System.arraycopy(order, state.position, indices, 0, count);
        Batch next = batch(indices);
        state.position += count;
        return next;
    }

    private Batch batch(int[] indices) {
        Batch made = task.batch(Part.TRAINING, indices);
        Evaluator.checkBatch(made, task, indices.length);
        return made;
    }

    private void draw(RandomStream stream) {
        for (int i = 0; i < order.length; i++) {
            int j = stream.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        drawn = true;
    }
}
