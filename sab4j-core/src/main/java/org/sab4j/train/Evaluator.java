package org.sab4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.model.Carried;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.replay.Trace;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;

/**
 * Measures a model on unseen sequences, always the same for a seed: those of a part of a {@link FiniteTask}, or those of a
 * stream of random numbers.
 *
 * <p>Memory is bounded: a few steps of a trace, the memories of some sequences a thread, and a group of sequences; of very long ones,
 * these are few. One call at a time.
 */
public final class Evaluator {

    private static final int SLOTS = 32;
    /** The most sequences drawn at a time, and the most inputs of all of them. */
    private static final int GROUP = 256;

    /** The most streams in which sequences come that follow on each other, and the fewest sequences of one, if there are several. */
    private static final int STREAMS = 64;

    private static final int LEAST_OF_A_STREAM = 16;

    private static final long GROUP_INPUTS = 1L << 24;
    /** The most floats of a thread's memories and their keys. */
    private static final long MEMORIES = 1L << 26;

    private final SequenceModel model;
    private final Task task;
    private final ThreadTeam team;
    private final int shardRows;
    private final boolean carry;
    private final List<Trace> traces = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();

    /**
     * An evaluation of a model on a task.
     *
     * @param shardRows the most sequences that a thread takes at a time
     */
    public Evaluator(SequenceModel model, Task task, ThreadTeam team, int shardRows) {
        this(model, task, team, shardRows, false);
    }

    /**
     * An evaluation of a model on a task.
     *
     * @param shardRows the most sequences that a thread takes at a time
     * @param carry whether each sequence of a finite task begins with the state and the memories with which the one before it has
     *     ended, see {@link TrainConfig#carry}. They are cut into streams, up to 64, of 16 sequences and more, each of which begins with
     *     nothing
     */
    public Evaluator(SequenceModel model, Task task, ThreadTeam team, int shardRows, boolean carry) {
        if (shardRows < 1) {
            throw new IllegalArgumentException("shardRows must be at least 1: " + shardRows);
        }
        checkFit(model, task);
        this.carry = carry;
        this.model = model;
        this.task = task;
        this.team = team;
        int slots = Math.min(SLOTS, task.steps());
        int room = carry ? Math.multiplyExact(2, task.steps()) : task.steps(); // of the memory
        this.shardRows = Math.min(shardRows, rows(model.config(), room));
        int workers = Math.min(team.threads(), Math.ceilDiv(GROUP, this.shardRows));
        for (int worker = 0; worker < workers; worker++) {
            traces.add(model.trace(this.shardRows, slots, room, task.vectors(), false));
            losses.add(model.loss(this.shardRows));
        }
    }

    /** Refuses a task without steps, and one whose inputs or outputs are not the model's. */
    static void checkFit(SequenceModel model, Task task) {
        ModelConfig config = model.config();
        if (task.steps() < 1) {
            throw new IllegalArgumentException(
                    "The task " + task.name() + " has " + task.steps() + " steps: at least 1");
        }
        if (task.reportFrom() < 0 || task.reportFrom() >= task.steps()) {
            throw new IllegalArgumentException("The task " + task.name() + " reports on steps from " + task.reportFrom()
                    + ", from 0, and has " + task.steps());
        }
        if (task.inputs() != config.inputs() || task.outputs() != config.outputs()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "The task %s has %d inputs and %d outputs, the model %d and %d",
                    task.name(),
                    task.inputs(),
                    task.outputs(),
                    config.inputs(),
                    config.outputs()));
        }
    }

    /** As many as the bound on memories allows: by the length alone, so that sums keep their bits. */
    private static int rows(ModelConfig config, int steps) {
        return (int) Math.clamp(MEMORIES / config.memoryFloats(steps), 1L, GROUP);
    }

    /** The losses of at most that many sequences for validation. */
    public LossSums evaluate(int sequences, long seed) {
        return evaluate(Part.VALIDATION, sequences, seed, done -> {});
    }

    /**
     * The losses of at most that many sequences of a part: of a finite task's evenly spaced ones, but with {@code carry} the first, where
     * each goes on from the one before.
     *
     * @param seed that of the training, which decides what a task draws that is not finite
     * @param progress is told now and then about how many sequences are done, on the calling thread; what it throws ends the evaluation
     * @throws UnmeasurableException if the loss is no number, and inputs or targets are why, or no step is scored
     */
    public LossSums evaluate(Part part, int sequences, long seed, IntConsumer progress) {
        int all = task instanceof FiniteTask finite ? Math.min(sequences, finite.sequences(part)) : sequences;
        LossSums total = carry && task instanceof FiniteTask finite
                ? streams(finite, part, all, progress)
                : drawn(part, all, seed, progress);
        if (total.scored() == 0 && all > 0) {
            throw new UnmeasurableException(unmeasurable(part) + ": none of their steps is scored");
        }
        return total;
    }

    private String unmeasurable(Part part) {
        return "Nothing can be measured on the " + part.name().toLowerCase(Locale.ROOT) + " sequences of the task "
                + task.name();
    }

    private LossSums drawn(Part part, int all, long seed, IntConsumer progress) {
        RandomStream stream = RandomStream.of(seed, stream(part));
        long inputs = (long) task.steps() * (task.vectors() ? task.inputs() : 1);
        int group = (int) Math.clamp(GROUP_INPUTS / inputs, 1L, GROUP);
        LossSums total = new LossSums();
        for (int first = 0; first < all; first += group) {
            int count = Math.min(group, all - first);
            Batch batch = task instanceof FiniteTask finite
                    ? finite.batch(part, indices(finite, part, first, count, all))
                    : task.batch(count, stream);
            checkBatch(batch, task, count);
            int before = first;
            add(batch, null, total, part, some -> progress.accept(before + some));
            progress.accept(first + batch.sequences());
        }
        return total;
    }

    /** Of a part that isn't gone through as a whole, sequences from all over: it may be in an order. */
    private static int[] indices(FiniteTask task, Part part, int first, int count, int all) {
        long size = task.sequences(part);
        return IntStream.range(first, first + count)
                .map(i -> (int) (i * size / all))
                .toArray();
    }

    private LossSums streams(FiniteTask finite, Part part, int sequences, IntConsumer progress) {
        LossSums total = new LossSums();
        int streams = Math.clamp(sequences / LEAST_OF_A_STREAM, 1, STREAMS);
        Carried carried = model.carried(streams, task.steps());
        int done = 0;
        for (int place = 0; done < sequences; place++) {
            int[] indices = Course.streams(sequences, streams, place);
            Batch batch = finite.batch(part, indices);
            checkBatch(batch, finite, indices.length);
            int before = done;
            add(batch, carried, total, part, some -> progress.accept(before + some));
            carried.advance();
            done += batch.sequences();
            progress.accept(done);
        }
        return total;
    }

    /** Refuses a batch that a task has made longer, or of other sequences, than it was asked for. */
    static void checkBatch(Batch batch, Task task, int sequences) {
        if (batch.sequences() != sequences || batch.steps() < 1 || batch.steps() > task.steps()) {
            throw new IllegalArgumentException("The task " + task.name() + " has made a batch of " + batch.sequences()
                    + " sequences of " + batch.steps() + " steps, and was asked for " + sequences + " of at most "
                    + task.steps());
        }
    }

    private void add(Batch batch, @Nullable Carried carried, LossSums total, Part part, IntConsumer progress) {
        int shards = Math.ceilDiv(batch.sequences(), shardRows);
        LossSums[] sums = new LossSums[shards];
        progress.accept(0);
        team.run(shards, (worker, shard) -> {
            if (worker == 0 && shard > 0) {
                progress.accept(shard * shardRows);
            }
            sums[shard] = new LossSums();
            shard(batch, shard * shardRows, carried, traces.get(worker), losses.get(worker), sums[shard]);
        });
        boolean measured = true;
        for (LossSums shard : sums) {
            total.add(shard);
            measured &= shard.scored() == 0 || Double.isFinite(shard.loss());
        }
        if (!measured) {
            batch.unusable().ifPresent(why -> {
                throw new UnmeasurableException(unmeasurable(part) + ": of a batch of them, " + why);
            });
        }
    }

    /** The stream of random numbers from which a part of a task that is not finite is drawn: no part has another's sequences. */
    public static String stream(Part part) {
        return switch (part) {
            case TRAINING -> "data";
            case VALIDATION -> "evaluation";
            case TEST -> "test";
        };
    }

    private void shard(Batch batch, int first, @Nullable Carried carried, Trace trace, Loss loss, LossSums sums) {
        int rows = Math.min(shardRows, batch.sequences() - first);
        if (carried == null) {
            model.begin(trace, rows);
        } else {
            model.begin(trace, rows, carried, first);
        }
        for (int from = 0; from < batch.steps(); from += trace.slots) {
            int to = Math.min(batch.steps(), from + trace.slots);
            model.forward(trace, batch, first, from, to, false);
            model.loss(loss, trace, batch, from, to, 1, task.reportFrom(), sums);
            if (carried != null && to == batch.steps()) {
                model.leave(trace, to - from, carried, first);
            }
            model.carry(trace, to - from);
        }
    }
}
