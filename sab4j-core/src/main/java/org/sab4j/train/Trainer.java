package org.sab4j.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Carried;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Replayed;
import org.sab4j.replay.Trace;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;

/**
 * Trains a model on a task: fresh sequences each update, or epochs of a {@link FiniteTask}; Adam, clipping by global norm,
 * evaluation every so often.
 *
 * <p>A batch is cut in shards of a fixed number of rows. A thread takes a shard forward and backward with no synchronisation
 * inside; gradients are added in the order of the shards. So the result is the same to the bit for any number of threads.
 *
 * <p>An update whose loss or gradient norm is not finite, or whose loss is more than {@link TrainConfig#EXPLODED} times the
 * loss of the first update that was made, is skipped: parameters and moments stay, the next batch is fresh. After
 * {@link TrainConfig#mostSkipped} in a row training ends.
 */
public final class Trainer {

    private static final long BETWEEN_WORDS = 100_000_000; // ns

    /** Floats of a piece of the parameters that one thread sums and updates. */
    private static final int RANGE = 1 << 14;

    private final SequenceModel model;
    private final Task task;
    private final TrainConfig config;
    private final TrainState state;
    private final ThreadTeam team;
    private final Kernels kernels;
    private final @Nullable Course course;

    private final List<Trace> traces = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private final float[][] gradients; // a shard's, each in the layout of the parameters; the first becomes the sum
    private final LossSums[] sums;
    private final Replayed[] replayed;
    private final AtomicIntegerArray stepsDone; // a shard's, of twice its steps
    private Pace pace = Pace.NONE;
    private long toldAt = System.nanoTime();
    private final double[] squares; // a range's
    private final SequenceModel evaluated;
    private final Evaluator evaluator;

    /**
     * A trainer that goes on from a state.
     *
     * @param kernels those of the model
     */
    public Trainer(
            SequenceModel model, Kernels kernels, Task task, TrainConfig config, TrainState state, ThreadTeam team) {
        this(model, kernels, task, config, state, team, false);
    }

    /**
     * A trainer that goes on from a state.
     *
     * @param kernels those of the model
     * @param recompute whether a block's activations are computed again when it is replayed, instead of kept: less memory, the same
     *     bits
     */
    public Trainer(
            SequenceModel model,
            Kernels kernels,
            Task task,
            TrainConfig config,
            TrainState state,
            ThreadTeam team,
            boolean recompute) {
        this.model = model;
        this.kernels = kernels;
        this.task = task;
        this.config = config;
        this.state = state;
        this.team = team;
        course = task instanceof FiniteTask finite ? new Course(finite, config.batch(), config.carry(), state) : null;
        if (config.carry() && course == null) {
            throw new IllegalArgumentException("Only sequences of a finite task follow on each other: " + task.name());
        }
        if (config.carry() && state.carried == null) {
            state.carried = model.carried(config.batch(), task.steps());
        }
        int shards = Math.ceilDiv(config.batch(), config.shardRows());
        int rows = Math.min(config.batch(), config.shardRows());
        gradients = new float[shards][model.layout().size()];
        sums = new LossSums[shards];
        Arrays.setAll(sums, shard -> new LossSums());
        replayed = new Replayed[shards];
        stepsDone = new AtomicIntegerArray(shards);
        squares = new double[(model.layout().size() + RANGE - 1) / RANGE];
        for (int worker = 0; worker < Math.min(team.threads(), shards); worker++) {
            int room = config.carry() ? Math.multiplyExact(2, task.steps()) : task.steps(); // of the memory
            traces.add(
                    recompute
                            ? model.recomputing(rows, room, task.vectors())
                            : model.trace(rows, task.steps(), room, task.vectors(), true));
            losses.add(model.loss(rows));
        }
        evaluated = config.averageDecay() > 0 ? new SequenceModel(model.config(), kernels) : model;
        evaluator = new Evaluator(evaluated, task, team, config.shardRows(), config.carry());
    }

    /** The state, which is consistent whenever the listener is called and after {@link #run}. */
    public TrainState state() {
        return state;
    }

    /** The model that evaluations measure: the average of the parameters where one is kept, else the model itself. */
    public SequenceModel evaluated() {
        return evaluated;
    }

    /**
     * Trains until the task is solved, all updates are made, patience is at its end, training diverges or {@code stop} says so,
     * which is asked before each update.
     *
     * @param listener is told of every event, on the calling thread
     */
    public TrainEvent.Reason run(Consumer<TrainEvent> listener, BooleanSupplier stop) {
        return run(listener, Pace.NONE, stop);
    }

    /** The same, and {@code newPace} is told how far an update or an evaluation is. */
    public TrainEvent.Reason run(Consumer<TrainEvent> listener, Pace newPace, BooleanSupplier stop) {
        pace = newPace;
        while (true) {
            if (evaluationDue()) {
                evaluate(listener);
            }
            if (state.solved && config.stopWhenSolved()) {
                return finish(TrainEvent.Reason.SOLVED, listener);
            }
            if (state.skippedInRow >= config.mostSkipped()) {
                return finish(TrainEvent.Reason.DIVERGED, listener);
            }
            if (state.update >= config.updates()) {
                return finish(TrainEvent.Reason.UPDATES, listener);
            }
            if (config.patience() > 0 && state.sinceBest >= config.patience()) {
                return finish(TrainEvent.Reason.PATIENCE, listener);
            }
            if (stop.getAsBoolean()) {
                return finish(TrainEvent.Reason.STOPPED, listener);
            }
            listener.accept(update());
        }
    }

    /** By the state alone, so that a run that ended between an update and its evaluation goes on with the evaluation. */
    private boolean evaluationDue() {
        return state.update > state.evaluatedAt
                && (state.update % config.evaluateEvery() == 0 || state.update >= config.updates());
    }

    private TrainEvent.Reason finish(TrainEvent.Reason reason, Consumer<TrainEvent> listener) {
        listener.accept(new TrainEvent.Finished(state.update, reason));
        return reason;
    }

    /** One update, or the attempt. */
    TrainEvent update() {
        long start = System.nanoTime();
        Carried carried = config.carry() ? state.carried : null;
        if (carried != null && course != null && course.begins()) {
            carried.clear();
        }
        Batch batch = course != null ? course.next() : task.batch(config.batch(), state.data);
        int shards = Math.ceilDiv(batch.sequences(), config.shardRows());
        LossSums total = gradients(batch, shards, carried);
        if (carried != null) {
            carried.advance();
        }
        double norm = Math.sqrt(sumGradients(shards));
        state.update++;
        double loss = total.loss();
        String trouble = trouble(loss, norm);
        if (trouble != null) {
            if (carried != null) {
                carried.clear(); // what is there may be no numbers
            }
            state.skipped++;
            state.skippedInRow++;
            return new TrainEvent.Skipped(state.update, loss, norm, trouble, state.skippedInRow);
        }
        state.skippedInRow = 0;
        if (Double.isNaN(state.firstLoss)) {
            state.firstLoss = loss;
        }
        step(norm);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        state.milliseconds += milliseconds;
        return new TrainEvent.Updated(
                state.update,
                loss,
                task.measures(total),
                norm,
                config.adam().learningRate() * config.earlyRate().at(state.update),
                Arrays.stream(replayed, 0, shards).reduce(Replayed.NOTHING, Replayed::plus),
                milliseconds);
    }

    /** Notes a shard's progress; the calling thread, which is the first worker, says now and then how far all are. */
    private void tell(int worker, int shard, int shards, int done, int steps) {
        stepsDone.set(shard, done);
        if (worker == 0 && System.nanoTime() - toldAt >= BETWEEN_WORDS) {
            long all = 0;
            for (int i = 0; i < shards; i++) {
                all += stepsDone.get(i);
            }
            pace.at(state.update + 1, false, all / (2.0 * steps * shards));
            toldAt = System.nanoTime();
        }
    }

    /** Forward and backward for all shards; leaves a gradient for each. */
    private LossSums gradients(Batch batch, int shards, @Nullable Carried carried) {
        float weight = batch.weight();
        for (int shard = 0; shard < shards; shard++) {
            stepsDone.set(shard, 0);
        }
        team.run(shards, (worker, shard) -> {
            int first = shard * config.shardRows();
            int rows = Math.min(config.shardRows(), batch.sequences() - first);
            Arrays.fill(gradients[shard], 0f);
            sums[shard].clear();
            replayed[shard] = model.pass(
                    traces.get(worker),
                    losses.get(worker),
                    batch,
                    first,
                    rows,
                    weight,
                    task.reportFrom(),
                    sums[shard],
                    gradients[shard],
                    carried,
                    done -> tell(worker, shard, shards, done, batch.steps()));
        });
        LossSums total = new LossSums();
        for (int shard = 0; shard < shards; shard++) {
            total.add(sums[shard]);
        }
        return total;
    }

    /** Adds all shards' gradients to the first's, in order, and returns the sum of squares. */
    private double sumGradients(int shards) {
        int size = gradients[0].length;
        team.run(squares.length, (worker, range) -> {
            int from = range * RANGE;
            int n = Math.min(RANGE, size - from);
            for (int shard = 1; shard < shards; shard++) {
                kernels.add(n, gradients[0], from, gradients[shard], from, gradients[0], from);
            }
            squares[range] = kernels.sumOfSquares(n, gradients[0], from);
        });
        return Arrays.stream(squares).sum();
    }

    private @Nullable String trouble(double loss, double norm) {
        if (!Double.isFinite(loss)) {
            return "the loss is " + loss;
        }
        if (!Double.isFinite(norm)) {
            return "the gradient's norm is " + norm;
        }
        if (config.clipNorm() == 0
                && norm * norm > Float.MAX_VALUE) { // Adam's second moment would be infinite, for good
            return "the gradient's norm is " + norm + ", whose square passes single precision";
        }
        if (loss > TrainConfig.EXPLODED * state.firstLoss) {
            return "the loss is more than " + TrainConfig.EXPLODED + " times that of the first update";
        }
        return null;
    }

    private void step(double norm) {
        state.applied++;
        double scale = config.clipNorm() > 0 && norm > config.clipNorm() ? config.clipNorm() / norm : 1;
        // A young average follows closely, so that it does not carry the initial parameters along.
        double decay = Math.min(config.averageDecay(), (1.0 + state.applied) / (10.0 + state.applied));
        double factor = config.earlyRate().at(state.update);
        int size = gradients[0].length;
        team.run(squares.length, (worker, range) -> {
            int from = range * RANGE;
            int to = Math.min(size, from + RANGE);
            config.adam().step(kernels, state.applied, factor, scale, from, to, state, gradients[0]);
            if (config.averageDecay() > 0) {
                kernels.scale(to - from, (float) decay, state.average, from);
                kernels.axpy(to - from, (float) (1 - decay), state.parameters(), from, state.average, from);
            }
        });
        model.prepare();
    }

    private void evaluate(Consumer<TrainEvent> listener) {
        long start = System.nanoTime();
        if (evaluated != model) {
            System.arraycopy(state.average, 0, evaluated.parameters(), 0, state.average.length);
            evaluated.prepare();
        }
        int sequences = config.evaluationSequences();
        int all =
                task instanceof FiniteTask finite ? Math.min(sequences, finite.sequences(Part.VALIDATION)) : sequences;
        LossSums total = evaluator.evaluate(
                Part.VALIDATION,
                sequences,
                state.seed,
                done -> pace.at(state.update, true, (double) done / Math.max(1, all)));
        double merit = task.merit(total);
        boolean best = merit > state.bestMerit;
        if (best) {
            state.bestMerit = merit;
            state.bestUpdate = state.update;
        }
        state.sinceBest = best ? 0 : state.sinceBest + 1;
        state.evaluatedAt = state.update;
        state.solved = task.solved(total);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        listener.accept(new TrainEvent.Evaluated(state.update, total.loss(), task.measures(total), best, milliseconds));
    }
}
