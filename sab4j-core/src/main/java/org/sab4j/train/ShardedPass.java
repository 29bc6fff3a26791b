package org.sab4j.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Carried;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Replayed;
import org.sab4j.replay.Trace;
import org.sab4j.task.Task;

/**
 * Forward and backward over a batch.
 *
 * <p>A batch is cut in shards of a fixed number of rows. A thread takes a shard forward and backward with no synchronisation
 * inside, but for the products of large models, see {@link ThreadTeam#products}; gradients are added in the order of the shards. So the
 * result is the same to the bit for any number of threads.
 */
final class ShardedPass {

    private static final long BETWEEN_WORDS = 100_000_000; // ns

    /** Floats of a piece of the parameters that one thread takes at a time. */
    private static final int RANGE = 1 << 14;

    private final SequenceModel model;
    private final Kernels kernels;
    private final ThreadTeam team;
    private final int shardRows;
    private final int reportFrom;

    private final List<Trace> traces = new ArrayList<>(); // a thread's
    private final List<Loss> losses = new ArrayList<>();
    private final float[][] gradients; // a shard's, each in the layout of the parameters; the first becomes the sum
    private final LossSums[] sums;
    private final Replayed[] replayed;
    private final AtomicIntegerArray stepsDone; // a shard's, of twice its steps
    private final double[] squares; // a range's
    private int shards; // of the latest batch
    private long toldAt = System.nanoTime();

    /**
     * Makes room for a task's batches.
     *
     * @param recompute whether a block's activations are computed again when it is replayed, instead of kept
     */
    ShardedPass(SequenceModel model, Task task, TrainConfig config, ThreadTeam team, boolean recompute) {
        this.model = model;
        kernels = model.kernels();
        this.team = team;
        shardRows = config.shardRows();
        reportFrom = task.reportFrom();
        int most = Math.ceilDiv(config.batch(), shardRows);
        int rows = Math.min(config.batch(), shardRows);
        gradients = new float[most][model.layout().size()];
        sums = new LossSums[most];
        Arrays.setAll(sums, shard -> new LossSums());
        replayed = new Replayed[most];
        stepsDone = new AtomicIntegerArray(most);
        squares = new double[Math.ceilDiv(model.layout().size(), RANGE)];
        int room = config.carry() ? Math.multiplyExact(2, task.steps()) : task.steps(); // of the memory
        for (int worker = 0; worker < Math.min(team.threads(), most); worker++) {
            traces.add(
                    recompute
                            ? model.recomputing(rows, room, task.vectors())
                            : model.trace(rows, task.steps(), room, task.vectors(), true));
            losses.add(model.loss(rows));
        }
    }

    /**
     * Forward and backward for all shards; leaves a gradient for each.
     *
     * @param carried what sequences begin with; null for nothing
     * @param progress is told now and then, on the calling thread, which share is done
     */
    LossSums run(Batch batch, @Nullable Carried carried, DoubleConsumer progress) {
        shards = Math.ceilDiv(batch.sequences(), shardRows);
        float weight = batch.weight();
        for (int shard = 0; shard < shards; shard++) {
            stepsDone.set(shard, 0);
        }
        team.run(shards, (worker, shard) -> {
            int first = shard * shardRows;
            int rows = Math.min(shardRows, batch.sequences() - first);
            Arrays.fill(gradients[shard], 0f);
            sums[shard].clear();
            replayed[shard] = model.pass(
                    traces.get(worker),
                    losses.get(worker),
                    batch,
                    first,
                    rows,
                    weight,
                    reportFrom,
                    sums[shard],
                    gradients[shard],
                    carried,
                    done -> tell(worker, shard, done, batch.steps(), progress));
        });
        LossSums total = new LossSums();
        for (int shard = 0; shard < shards; shard++) {
            total.add(sums[shard]);
        }
        return total;
    }

    /** Notes a shard's progress; the calling thread, which is the first worker, says now and then how far all are. */
    private void tell(int worker, int shard, int done, int steps, DoubleConsumer progress) {
        stepsDone.set(shard, done);
        if (worker == 0 && System.nanoTime() - toldAt >= BETWEEN_WORDS) {
            long all = 0;
            for (int i = 0; i < shards; i++) {
                all += stepsDone.get(i);
            }
            progress.accept(all / (2.0 * steps * shards));
            toldAt = System.nanoTime();
        }
    }

    /** Adds all shards' gradients to the first's, in order, and returns the sum of squares. */
    double sumGradients() {
        forEachRange((from, to) -> {
            for (int shard = 1; shard < shards; shard++) {
                kernels.add(to - from, gradients[0], from, gradients[shard], from, gradients[0], from);
            }
            squares[from / RANGE] = kernels.sumOfSquares(to - from, gradients[0], from);
        });
        return Arrays.stream(squares).sum();
    }

    /** Has the model take changed parameters over. */
    void prepare() {
        team.run(1, (worker, piece) -> model.prepare());
    }

    /** The whole batch's gradient, after {@link #sumGradients}. */
    float[] gradient() {
        return gradients[0];
    }

    /** What the latest batch's backward pass replayed. */
    Replayed replayed() {
        return Arrays.stream(replayed, 0, shards).reduce(Replayed.NOTHING, Replayed::plus);
    }

    /** Has the threads take all pieces of the parameters. */
    void forEachRange(RangeAction action) {
        int size = gradients[0].length;
        team.run(squares.length, (worker, range) -> {
            int from = range * RANGE;
            action.take(from, Math.min(size, from + RANGE));
        });
    }

    /** What is done to a piece of the parameters. */
    @FunctionalInterface
    interface RangeAction {
        /** Works on parameters {@code from} … {@code to} − 1. */
        void take(int from, int to);
    }
}
