package org.sab4j.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.train.Pace;
import org.sab4j.train.ThreadTeam;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;
import org.sab4j.train.Trainer;

/** A task, a model, a trainer and their state, wired as a configuration says. */
public final class Experiment implements AutoCloseable {

    private final RunConfig config;
    private final OpenTask task;
    private final SequenceModel model;
    private final ThreadTeam team;
    private final Trainer trainer;

    private Experiment(RunConfig config, OpenTask task, SequenceModel model, ThreadTeam team, TrainState state) {
        this.config = config;
        this.task = task;
        this.model = model;
        this.team = team;
        trainer = new Trainer(model, task.task(), config.trainConfig(task.task()), state, team, config.recompute());
    }

    /**
     * Reads the task's data and allocates all that training takes.
     *
     * @param checkpoint where to go on; null for a start
     * @throws RunException if the memory does not suffice
     */
    static Experiment of(RunConfig config, Kernels kernels, @Nullable Checkpoint checkpoint)
            throws RunException, FormatException {
        OpenTask task = config.options().open();
        boolean done = false;
        try {
            List<String> problems = config.problems(task.task());
            if (!problems.isEmpty()) {
                throw new SettingsException(problems);
            }
            if (checkpoint != null) {
                checkpoint.checkData(task);
            }
            Experiment experiment = of(config, kernels, checkpoint, task);
            done = true;
            return experiment;
        } finally {
            if (!done) {
                task.close();
            }
        }
    }

    private static Experiment of(RunConfig config, Kernels kernels, @Nullable Checkpoint checkpoint, OpenTask task)
            throws RunException, FormatException {
        ThreadTeam team = new ThreadTeam(config.threads());
        boolean done = false;
        try {
            ModelConfig sizes = config.modelConfig(task.task());
            SequenceModel model = new SequenceModel(sizes, kernels, team.products(kernels, sizes.hidden()));
            TrainState state;
            if (checkpoint == null) {
                config.initialization().apply(model, RandomStream.of(config.seed(), "init"));
                state = TrainState.start(model, config.seed());
            } else {
                state = TrainState.resume(model, checkpoint.file());
            }
            Experiment experiment = new Experiment(config, task, model, team, state);
            done = true;
            return experiment;
        } catch (ArithmeticException | NegativeArraySizeException e) {
            throw new RunException("this takes arrays of more than 2,147,483,647 numbers, which Java does not have: "
                    + smaller(config, "--shard-rows"));
        } catch (OutOfMemoryError e) {
            throw RunException.memory("this takes", smaller(config, "--threads"));
        } finally {
            if (!done) {
                team.close();
            }
        }
    }

    /**
     * What makes training take less.
     *
     * @param other an option that is lowered, too
     */
    static String smaller(RunConfig config, String other) {
        List<String> options = new ArrayList<>(List.of("--hidden", "--batch"));
        String more = config.kTrunc() > 0 && !config.recompute() ? ", or try --recompute" : "";
        switch (config.options()) {
            case TaskOptions.Scalable _, CharsOptions _ -> options.add("--length");
            case TableTaskOptions table when table.window() > 0 -> options.add("--window");
            case TableTaskOptions _ -> more = ", or cut sequences with --window" + more;
            default -> {} // they are as long as they are
        }
        return "lower " + String.join(", ", options) + " or " + other + more;
    }

    /** Its settings. */
    public RunConfig config() {
        return config;
    }

    /** What is learnt. */
    public OpenTask task() {
        return task;
    }

    /** The updates of an epoch; 0 for a task that has none. */
    public long updatesPerEpoch() {
        return config.updatesPerEpoch(task.task());
    }

    /** When training stops at the latest. */
    public long lastUpdate() {
        return config.lastUpdate(task.task());
    }

    /** What it computes with. */
    public Kernels kernels() {
        return model.kernels();
    }

    /** The number of floats that are trained. */
    public int parameters() {
        return model.layout().size();
    }

    /** What training has come to. */
    public TrainState state() {
        return trainer.state();
    }

    /**
     * Trains, and keeps metrics, models and checkpoints in the folder.
     *
     * @param listener is told of every event after it has been kept
     * @param pace is told how far an update or an evaluation is, which it may end
     * @param stop asked after each update
     * @param spent whether to end with an evaluation; asked after each update
     * @param betweenCheckpoints ns, where no number of updates is set
     */
    TrainEvent.Reason run(
            RunDirectory directory,
            boolean resumed,
            Consumer<TrainEvent> listener,
            Pace pace,
            BooleanSupplier stop,
            BooleanSupplier spent,
            long betweenCheckpoints)
            throws RunException, IOException {
        try (Metrics metrics = Metrics.open(directory.folder().metrics(), config.logEvery());
                AttentionLog attention = attention(directory)) {
            Recorder recorder = new Recorder(this, directory, metrics, attention, !resumed, betweenCheckpoints);
            return trainer.run(
                    event -> {
                        recorder.accept(event);
                        listener.accept(event);
                    },
                    pace,
                    () -> {
                        recorder.betweenUpdates();
                        return stop.getAsBoolean();
                    },
                    spent);
        } catch (Recorder.Failure e) {
            throw new RunException(e.reason().getMessage() + "; "
                    + Shell.sab("train", "--resume", directory.path())
                    + " goes on from the last checkpoint once that is fixed");
        } catch (ArithmeticException e) { // sizes are multiplied exactly
            throw new RunException("a batch has more than 2,147,483,647 numbers (" + e.getMessage()
                    + "): lower --batch, or the length of sequences");
        } catch (OutOfMemoryError e) {
            throw RunException.memory(
                    "this takes",
                    "lower --batch or --threads; " + Shell.sab("train", "--resume", directory.path())
                            + " goes on from the last checkpoint");
        }
    }

    private @Nullable AttentionLog attention(RunDirectory directory) throws RunException {
        return model.config().attends()
                ? AttentionLog.open(directory.folder().attention(), task.task(), config.seed())
                : null;
    }

    /** The model that evaluations measure. */
    SequenceModel evaluated() {
        return trainer.evaluated();
    }

    @Override
    public void close() {
        team.close();
        task.close();
    }
}
