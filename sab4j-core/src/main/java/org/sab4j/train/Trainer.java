package org.sab4j.train;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Carried;
import org.sab4j.model.SequenceModel;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;

/**
 * Trains a model on a task: fresh sequences each update, or epochs of a {@link FiniteTask}; Adam, clipping by global norm,
 * evaluation every so often.
 *
 * <p>The result is the same to the bit for any number of threads.
 *
 * <p>An update whose loss or gradient norm is not finite, whose gradient, as it is after clipping or normalizing, has a square beyond
 * single precision, or whose loss is more than {@link TrainConfig#EXPLODED} times the loss of the first update that was made (and of a
 * guess, {@link Targets#guess}), is skipped: parameters and moments stay, the next batch is fresh. After
 * {@link TrainConfig#mostSkipped} in a row training ends.
 *
 * <p>One call at a time; no other thread uses the model or the state meanwhile.
 */
public final class Trainer {

    private final SequenceModel model;
    private final Task task;
    private final TrainConfig config;
    private final TrainState state;
    private final Kernels kernels;
    private final @Nullable Course course;

    private final ShardedPass pass;
    private Pace pace = Pace.NONE;
    private final SequenceModel evaluated;
    private final Evaluator evaluator;

    /**
     * A trainer that goes on from a state, and keeps activations.
     *
     * @throws IllegalArgumentException as below
     * @throws IllegalStateException if sequences carry on and memories may leave
     * @throws ArithmeticException as below
     */
    public Trainer(SequenceModel model, Task task, TrainConfig config, TrainState state, ThreadTeam team) {
        this(model, task, config, state, team, false);
    }

    /**
     * A trainer that goes on from a state.
     *
     * @param recompute whether a block's activations are computed again when it is replayed, instead of kept: less memory, the same
     *     bits
     * @throws IllegalArgumentException if the state is another model's, or of another batch or place in the data; the task has not the
     *     model's inputs and outputs, or nothing to train or measure on; or sequences are to carry on, and the task is not finite
     * @throws IllegalStateException if blocks are to be recomputed and k_trunc is 0, or sequences carry on and memories may leave
     * @throws ArithmeticException if an array would have more than 2<sup>31</sup> − 1 numbers; the message says of what
     */
    public Trainer(
            SequenceModel model, Task task, TrainConfig config, TrainState state, ThreadTeam team, boolean recompute) {
        this.model = model;
        kernels = model.kernels();
        this.task = task;
        this.config = config;
        this.state = state;
        Evaluator.checkFit(model, task);
        if (!trains(state, model)) {
            throw new IllegalArgumentException(
                    "The state is another model's: TrainState.start or resume has to be given the model that is trained");
        }
        course = task instanceof FiniteTask finite ? new Course(finite, config.batch(), config.carry(), state) : null;
        if (config.carry() && course == null) {
            throw new IllegalArgumentException("Only sequences of a finite task follow on each other: " + task.name());
        }
        if (config.carry()) {
            Carried none = model.carried(config.batch(), task.steps());
            if (state.carried == null) {
                state.carried = none;
            } else if (!state.carried.isLike(none)) {
                throw new IllegalArgumentException(
                        "What the state carries over is of another batch, model or length of sequences: go on with those it was made with");
            }
        }
        if (config.adam().slowWeight() > 0) {
            state.keepSlowMoment();
        }
        pass = new ShardedPass(model, task, config, team, recompute);
        evaluated = config.averageDecay() > 0 ? model.another() : model;
        takeAverage();
        evaluator = new Evaluator(evaluated, task, team, config.shardRows(), config.carry());
    }

    @SuppressWarnings("ReferenceEquality") // the very array, not equal numbers
    private static boolean trains(TrainState state, SequenceModel model) {
        return state.parameters() == model.parameters();
    }

    /**
     * The state, which is consistent whenever the listener is called and after {@link #run}. After an exception, such as a task's whose
     * file is gone, go on from the latest that was kept.
     */
    public TrainState state() {
        return state;
    }

    /**
     * The model that evaluations measure: the average of the parameters where one is kept, else the model itself. As of the latest
     * evaluation, and of the end of {@link #run}.
     */
    public SequenceModel evaluated() {
        return evaluated;
    }

    /**
     * Trains until the task is solved, all updates are made, patience is at its end, training diverges or {@code stop} says so,
     * which is asked before each update.
     *
     * @param listener is told of every event, on the calling thread
     * @throws UnmeasurableException if an evaluation's loss is no number, and inputs or targets are why, or no step of it is scored
     */
    public TrainEvent.Reason run(Consumer<TrainEvent> listener, BooleanSupplier stop) {
        return run(listener, Pace.NONE, stop, () -> false);
    }

    /**
     * The same, and {@code newPace} is told how far an update or an evaluation is, which it may end.
     *
     * @param spent whether a budget is used up of which the configuration does not know, such as one of time; asked before each update.
     *     If so, what was trained since the latest evaluation is evaluated, and training is stopped
     */
    public TrainEvent.Reason run(
            Consumer<TrainEvent> listener, Pace newPace, BooleanSupplier stop, BooleanSupplier spent) {
        pace = newPace;
        while (true) {
            if (evaluationDue() && !evaluate(listener)) {
                return finish(TrainEvent.Reason.STOPPED, listener);
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
            boolean enough = spent.getAsBoolean();
            if (enough && !state.isEvaluated() && evaluate(listener)) {
                continue; // it may have solved the task
            }
            if (enough || stop.getAsBoolean()) {
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
        takeAverage();
        listener.accept(new TrainEvent.Finished(state.update, reason));
        return reason;
    }

    private void takeAverage() {
        if (evaluated != model) {
            System.arraycopy(state.average, 0, evaluated.parameters(), 0, state.average.length);
            evaluated.prepare();
        }
    }

    /** One update, or the attempt. */
    TrainEvent update() {
        long start = System.nanoTime();
        Carried carried = config.carry() ? state.carried : null;
        if (carried != null && course != null && course.begins()) {
            carried.clear();
        }
        Batch batch = course != null ? course.next() : drawn();
        LossSums total = pass.run(batch, carried, share -> pace.at(state.update + 1, false, share));
        if (carried != null) {
            carried.advance();
        }
        double norm = Math.sqrt(pass.sumGradients());
        state.update++;
        double loss = total.loss();
        String trouble = trouble(loss, norm, batch);
        if (trouble != null) {
            if (carried != null) {
                carried.clear(); // what is there may be no numbers
            }
            state.skipped++;
            state.skippedInRow++;
            count(start);
            return new TrainEvent.Skipped(state.update, loss, norm, trouble, state.skippedInRow);
        }
        state.skippedInRow = 0;
        if (Double.isNaN(state.firstLoss)) {
            state.firstLoss = loss;
        }
        step(norm);
        return new TrainEvent.Updated(
                state.update,
                loss,
                task.measures(total),
                norm,
                config.adam().learningRate() * config.earlyRate().at(state.update),
                pass.replayed(),
                count(start));
    }

    /** Counts the milliseconds of an update that began at that time of the system's, and returns them. */
    private double count(long start) {
        double milliseconds = (System.nanoTime() - start) / 1e6;
        state.milliseconds += milliseconds;
        return milliseconds;
    }

    private Batch drawn() {
        Batch batch = task.batch(config.batch(), state.data);
        Evaluator.checkBatch(batch, task, config.batch());
        return batch;
    }

    private @Nullable String trouble(double loss, double norm, Batch batch) {
        if (!Double.isFinite(loss)) {
            return "the loss is " + loss + why(batch);
        }
        if (!Double.isFinite(norm)) {
            return "the gradient's norm is " + norm + why(batch);
        }
        double taken = norm * scale(norm);
        if (taken * taken > Float.MAX_VALUE) { // Adam's second moment would be infinite, for good
            return "the gradient's norm is " + norm + ", whose square passes single precision";
        }
        double guess = batch.targets().guess(task.outputs());
        double usual = Math.max(state.firstLoss, guess);
        if (usual > 0 && loss > TrainConfig.EXPLODED * usual) {
            return "the loss is more than " + TrainConfig.EXPLODED + " times that of "
                    + (guess > state.firstLoss ? "a guess" : "the first update");
        }
        return null;
    }

    private static String why(Batch batch) {
        return batch.unusable().map(why -> ": " + why).orElse("");
    }

    /** What a gradient of that norm is multiplied by. */
    private double scale(double norm) {
        if (config.normalize()) {
            return 1 / Math.max(norm, TrainConfig.LEAST_NORM);
        }
        return config.clipNorm() > 0 && norm > config.clipNorm() ? config.clipNorm() / norm : 1;
    }

    private void step(double norm) {
        state.applied++;
        double scale = scale(norm);
        // A young average follows closely, so that it does not carry the initial parameters along.
        float decay = (float) Math.min(config.averageDecay(), (1.0 + state.applied) / (10.0 + state.applied));
        double factor = config.earlyRate().at(state.update);
        pass.forEachRange((from, to) -> {
            config.adam().step(kernels, state.applied, factor, scale, from, to, state, pass.gradient());
            if (config.averageDecay() == 0) {
                System.arraycopy(state.parameters(), from, state.average, from, to - from);
            } else {
                kernels.scale(to - from, decay, state.average, from);
                kernels.axpy(to - from, 1 - decay, state.parameters(), from, state.average, from);
            }
        });
        pass.prepare();
    }

    /** Thrown where an evaluation is to go no further. */
    private static final class Left extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Left() {
            super("the evaluation is left undone", null, false, false);
        }
    }

    /** Whether it was made to the end. */
    private boolean evaluate(Consumer<TrainEvent> listener) {
        long start = System.nanoTime();
        takeAverage();
        int sequences = config.evaluationSequences();
        int all =
                task instanceof FiniteTask finite ? Math.min(sequences, finite.sequences(Part.VALIDATION)) : sequences;
        LossSums total;
        try {
            total = evaluator.evaluate(Part.VALIDATION, sequences, state.seed, done -> {
                if (!pace.at(state.update, true, (double) done / Math.max(1, all)) && done < all) {
                    throw new Left();
                }
            });
        } catch (Left e) {
            return false;
        }
        double merit = task.merit(total);
        boolean best = merit > state.bestMerit;
        if (best) {
            state.bestMerit = merit;
            state.bestUpdate = state.update;
        }
        boolean regular = state.update % config.evaluateEvery() == 0; // one where a budget ends costs no patience
        state.sinceBest = best ? 0 : state.sinceBest + (regular ? 1 : 0);
        state.evaluatedAt = state.update;
        state.solved = task.solved(total);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        listener.accept(new TrainEvent.Evaluated(state.update, total.loss(), task.measures(total), best, milliseconds));
        return true;
    }
}
