package org.sab4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.task.Task;

/** A model in training, with all that it says. */
final class Session implements AutoCloseable {

    static final Kernels KERNELS = KernelProviders.kernels();
    static final int BATCH = 10;
    /** So that a batch makes four shards, the last of one row. */
    static final int SHARD = 3;

    final Task task;
    final SequenceModel model;
    final TrainState state;
    final ThreadTeam team;
    final Trainer trainer;
    final List<TrainEvent> events = new ArrayList<>();

    Session(Task task, TrainConfig config, TrainState state, SequenceModel model, int threads) {
        this.task = task;
        this.state = state;
        this.model = model;
        team = new ThreadTeam(threads);
        trainer = new Trainer(model, task, config, state, team);
    }

    /** A new model of H hidden units on the task. */
    static Session start(Task task, int hidden, TrainConfig config, int threads) {
        SequenceModel model = model(task, hidden);
        new Initialization(0, 1, 0, 0, 1, 0).apply(model, RandomStream.of(7, "init"));
        return new Session(task, config, TrainState.start(model, 7), model, threads);
    }

    static SequenceModel model(Task task, int hidden) {
        return new SequenceModel(ModelConfig.sab(task.inputs(), hidden, task.outputs()), KERNELS);
    }

    /** Batches of 10 in shards of 3, evaluations of 23 sequences. */
    static TrainConfig config(long updates, long evaluateEvery, double clipNorm, double averageDecay, int mostSkipped) {
        return new TrainConfig(
                BATCH,
                updates,
                evaluateEvery,
                23,
                new Adam(0.01, 0.9, 0.999, 1e-8),
                clipNorm,
                averageDecay,
                SHARD,
                mostSkipped);
    }

    TrainEvent.Reason run() {
        return run(() -> false);
    }

    TrainEvent.Reason run(BooleanSupplier stop) {
        return trainer.run(events::add, stop);
    }

    /** Of one kind, in order. */
    <E extends TrainEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** All events, without the time that they took. */
    List<TrainEvent> timeless() {
        return events.stream().map(Session::timeless).toList();
    }

    private static TrainEvent timeless(TrainEvent event) {
        return switch (event) {
            case TrainEvent.Updated e ->
                new TrainEvent.Updated(
                        e.update(),
                        e.loss(),
                        e.measures(),
                        e.gradientNorm(),
                        e.learningRate(),
                        e.replayed().timeless(),
                        0);
            case TrainEvent.Evaluated e -> new TrainEvent.Evaluated(e.update(), e.loss(), e.measures(), e.best(), 0);
            case TrainEvent.Skipped e -> e;
            case TrainEvent.Finished e -> e;
        };
    }

    @Override
    public void close() {
        team.close();
    }
}
