package org.sab4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.sab4j.batch.Batch;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.replay.Trace;
import org.sab4j.task.Task;

/**
 * Measures a model on unseen sequences, always the same for a seed.
 *
 * <p>Memory is bounded: a few steps of a trace, the memories of {@code threads × shardRows} sequences, and a group of sequences.
 */
public final class Evaluator {

    private static final int SLOTS = 32;
    /** The most sequences drawn at a time, and the most steps of all of them. */
    private static final int GROUP = 256;

    private static final long GROUP_STEPS = 1L << 24;

    /** The stream of the sequences by which training chooses the best model. */
    public static final String EVALUATION = "evaluation";
    /** The stream of sequences that have had no part in training or in that choice. */
    public static final String TEST = "test";

    private final SequenceModel model;
    private final Task task;
    private final ThreadTeam team;
    private final int shardRows;
    private final List<Trace> traces = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();

    /** An evaluation of a model on a task. */
    public Evaluator(SequenceModel model, Task task, ThreadTeam team, int shardRows) {
        this.model = model;
        this.task = task;
        this.team = team;
        this.shardRows = Math.min(shardRows, GROUP);
        int slots = Math.min(SLOTS, task.steps());
        for (int worker = 0; worker < team.threads(); worker++) {
            traces.add(model.trace(this.shardRows, slots, task.steps(), task.vectors(), false));
            losses.add(model.loss(this.shardRows));
        }
    }

    /** The losses of that many sequences of the stream {@link #EVALUATION} of a seed. */
    public LossSums evaluate(int sequences, long seed) {
        return evaluate(sequences, seed, EVALUATION, done -> {});
    }

    /**
     * The losses of that many sequences of a stream of a seed.
     *
     * @param name the stream
     * @param progress is told how many sequences are done, after each group of them, on the calling thread
     */
    public LossSums evaluate(int sequences, long seed, String name, IntConsumer progress) {
        RandomStream stream = RandomStream.of(seed, name);
        int group = (int) Math.clamp(GROUP_STEPS / task.steps(), 1L, GROUP);
        LossSums total = new LossSums();
        for (int first = 0; first < sequences; first += group) {
            Batch batch = task.batch(Math.min(group, sequences - first), stream);
            int shards = (batch.sequences() + shardRows - 1) / shardRows;
            LossSums[] sums = new LossSums[shards];
            team.run(shards, (worker, shard) -> {
                sums[shard] = new LossSums();
                shard(batch, shard * shardRows, traces.get(worker), losses.get(worker), sums[shard]);
            });
            for (LossSums shard : sums) {
                total.add(shard);
            }
            progress.accept(first + batch.sequences());
        }
        return total;
    }

    private void shard(Batch batch, int first, Trace trace, Loss loss, LossSums sums) {
        int rows = Math.min(shardRows, batch.sequences() - first);
        model.begin(trace, rows);
        for (int from = 0; from < batch.steps(); from += trace.slots) {
            int to = Math.min(batch.steps(), from + trace.slots);
            model.forward(trace, batch, first, from, to, false);
            model.loss(loss, trace, batch, first, from, to, 1, task.reportFrom(), sums);
            model.carry(trace, to - from);
        }
    }
}
