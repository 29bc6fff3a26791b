package org.sab4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.Kernels;
import org.sab4j.train.Pace;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;

/** A run that is ready to train: its experiment, and its folder, held. */
public final class Run implements AutoCloseable {

    private final Experiment experiment;
    private final RunDirectory directory;
    private final boolean resumed;
    private final TrainEvent.@Nullable Reason over;
    private final List<String> notes;

    private Run(
            Experiment experiment,
            RunDirectory directory,
            boolean resumed,
            TrainEvent.@Nullable Reason over,
            List<String> notes) {
        this.experiment = experiment;
        this.directory = directory;
        this.resumed = resumed;
        this.over = over;
        this.notes = List.copyOf(notes);
    }

    /**
     * A new run.
     *
     * @param layers what was given, the lowest first; of the last, the user is told what plays no part
     * @param path its folder; null for one in {@code runs} that is called after the task
     */
    public static Run start(List<Layer> layers, @Nullable Path path, Path runs, Kernels kernels)
            throws RunException, IOException {
        RunConfig config = Resolver.resolve(layers);
        if (path != null) {
            RunDirectory.checkFresh(path);
        }
        @Nullable Experiment experiment = Experiment.of(config, kernels, null);
        RunDirectory directory = null;
        try {
            directory = path == null
                    ? RunDirectory.next(runs, name(config))
                    : RunDirectory.fresh(path, RunDirectory.ANOTHER);
            directory.writeConfig(ConfigFile.text(config, Version.madeBy(kernels)));
            List<String> notes = new ArrayList<>(experiment.task().notes());
            notes.addAll(
                    Notes.of(config, experiment.task().task(), layers.getLast().keys()));
            Run run = new Run(experiment, directory, false, null, notes);
            directory = null;
            experiment = null;
            return run;
        } finally {
            close(experiment, directory);
        }
    }

    /** The folder's name for a run: the task, and the model where it isn't {@code sab}. */
    static String name(RunConfig config) {
        String task = Settings.text(config.task());
        return config.model() == ModelKind.SAB ? task : task + "-" + Settings.text(config.model());
    }

    /**
     * Lays out a run that begins when it is first resumed: from then on its settings are fixed, whatever the defaults become.
     *
     * @param path its folder, new or empty
     */
    public static void layOut(RunConfig config, Path path, Kernels kernels) throws RunException {
        try (RunDirectory directory =
                RunDirectory.fresh(path, "shorter names for the trials, or another folder (--dir), may help")) {
            directory.writeConfig(ConfigFile.text(config, Version.madeBy(kernels)));
        }
    }

    /**
     * A run that goes on.
     *
     * @param layers what was given now, the lowest first; it covers the run's own settings
     */
    public static Run resume(List<Layer> layers, Path path, Kernels kernels) throws RunException, IOException {
        return resume(
                layers,
                path,
                kernels,
                layers.isEmpty() ? Set.of() : layers.getLast().keys(),
                false);
    }

    /**
     * A run that was laid out, and begins now or goes on.
     *
     * @param now covers the run's own settings
     * @param given the settings with which it was laid out, but for defaults: when it begins, the user is told what plays no part
     */
    public static Run laidOut(Layer now, Set<String> given, Path path, Kernels kernels)
            throws RunException, IOException {
        return resume(List.of(now), path, kernels, given, true);
    }

    /** {@code given}: of these the user is told what plays no part, of a run that was laid out when it begins. */
    private static Run resume(List<Layer> layers, Path path, Kernels kernels, Set<String> given, boolean laidOut)
            throws RunException, IOException {
        RunDirectory directory = RunDirectory.existing(path);
        Experiment experiment = null;
        try {
            List<Layer> all = new ArrayList<>(layers);
            Layer own = ConfigFile.read(directory.folder().config());
            if (!own.keys().contains("task")) {
                throw new RunException(
                        directory.folder().config()
                                + " names no task, so it is not the file the run began with: put that back, or start a new run");
            }
            RunConfig began = alone(own, directory);
            all.addFirst(own);
            RunConfig config = Resolver.resolve(all);
            boolean sameBudget = budget(config).equals(budget(began));
            Checkpoint checkpoint = checkpoint(directory);
            List<String> notes = new ArrayList<>();
            TrainEvent.Reason over = null;
            if (checkpoint != null) {
                checkpoint.checkSettings(config);
            }
            try {
                experiment = Experiment.of(config, kernels, checkpoint);
            } catch (RunException e) {
                throw Moved.of(e, config.task(), config.options(), path);
            }
            notes.addAll(experiment.task().notes());
            if (!laidOut) {
                notes.addAll(Notes.idle(config, given));
            } else if (checkpoint == null) {
                notes.addAll(Notes.of(config, experiment.task().task(), given));
            }
            if (checkpoint != null) {
                over = over(checkpoint.ended(), config, experiment);
                note(checkpoint, experiment.state(), directory, Version.of(kernels), notes);
            }
            boolean endedByBudget =
                    checkpoint != null && checkpoint.ended() == TrainEvent.Reason.STOPPED && !sameBudget;
            if (over == null) {
                cut(directory, experiment.state().update(), notes);
            }
            if (over == null || endedByBudget) {
                directory.writeConfig(ConfigFile.text(config, Version.madeBy(kernels)));
            } else if (Moved.any(config, own)) { // nothing else of what was given now has played a part
                RunConfig moved = Resolver.resolve(List.of(own, Settings.placesThere(config)));
                directory.writeConfig(ConfigFile.text(moved, Version.madeBy(kernels)));
            }
            Run run = new Run(experiment, directory, checkpoint != null, over, notes);
            directory = null;
            experiment = null;
            return run;
        } finally {
            close(experiment, directory);
        }
    }

    /** What a run's own settings say, without what was given now. */
    private static RunConfig alone(Layer own, RunDirectory directory) throws RunException {
        try {
            return Resolver.resolve(List.of(own));
        } catch (SettingsException e) {
            throw new RunException(directory.folder().config() + " can't be used (" + String.join("; ", e.sentences())
                    + "): put it back as it was when the run began, or start a new run");
        }
    }

    private static void close(@Nullable Experiment experiment, @Nullable RunDirectory directory) throws RunException {
        if (experiment != null) {
            experiment.close();
        }
        if (directory != null) {
            directory.close();
        }
    }

    /** Leaves what was written up to the checkpoint; what came after it will be written again. */
    private static void cut(RunDirectory directory, long update, List<String> notes) throws RunException {
        for (Path file :
                List.of(directory.folder().metrics(), directory.folder().attention())) {
            String damage = JsonLines.cut(file, update);
            if (damage != null) {
                notes.add(damage);
            }
        }
    }

    /** What may end a run that was stopped, without an update more. */
    private static Map<String, String> budget(RunConfig config) {
        Map<String, String> budget = new HashMap<>(Settings.texts(config));
        budget.keySet().retainAll(Settings.BUDGET);
        return budget;
    }

    /** The folder's checkpoint; null if the run was killed before its first. */
    private static @Nullable Checkpoint checkpoint(RunDirectory directory) throws RunException, IOException {
        if (Files.exists(directory.folder().checkpoint())) {
            try {
                return Checkpoint.read(directory.folder().checkpoint());
            } catch (FormatException e) {
                throw new RunException(e.getMessage() + "; " + directory.withoutCheckpoint());
            }
        }
        boolean began = Files.exists(directory.folder().model())
                || (Files.exists(directory.folder().metrics())
                        && Files.size(directory.folder().metrics()) > 0);
        if (began) {
            throw new RunException(directory.folder().checkpoint() + " is gone; " + directory.withoutCheckpoint());
        }
        return null;
    }

    /** Why there is nothing left to do; null if there is. */
    private static TrainEvent.@Nullable Reason over(
            TrainEvent.@Nullable Reason ended, RunConfig config, Experiment experiment) {
        TrainState state = experiment.state();
        if (ended == TrainEvent.Reason.PATIENCE && config.patience() > 0 && state.sinceBest() >= config.patience()) {
            return ended;
        }
        if (ended == TrainEvent.Reason.SOLVED || ended == TrainEvent.Reason.DIVERGED) {
            return ended;
        }
        // Stopped between evaluations, and then given no more updates, it still has to be evaluated.
        return state.update() >= experiment.lastUpdate() && state.isEvaluated() ? TrainEvent.Reason.UPDATES : null;
    }

    private static void note(
            Checkpoint checkpoint, TrainState state, RunDirectory directory, String kernels, List<String> notes) {
        if (!checkpoint.kernels().equals(kernels)) {
            notes.add("the run was begun with other kernels (" + Settings.shown(checkpoint.kernels()) + "; now "
                    + kernels + "): it goes on, but not to the same bits");
        }
        if (state.bestUpdate() > 0) {
            String again = "there will be one again when an evaluation is the best so far";
            try {
                if (Files.exists(directory.folder().model())) {
                    RunFile.MODEL.check(Safetensors.read(directory.folder().model()));
                } else {
                    notes.add(directory.folder().model() + " is gone: " + again);
                }
            } catch (FormatException e) {
                notes.add(e.getMessage() + "; " + again);
            }
        }
    }

    /** What is trained, and how. */
    public Experiment experiment() {
        return experiment;
    }

    /** Its folder. */
    public RunDirectory directory() {
        return directory;
    }

    /** Whether it goes on from a checkpoint. */
    public boolean resumed() {
        return resumed;
    }

    /** Why there is nothing left to train; null if there is. */
    public TrainEvent.@Nullable Reason over() {
        return over;
    }

    /** The task's first measure of the best model; empty if there is none. */
    public OptionalDouble best() {
        try {
            Safetensors file = Safetensors.read(directory.folder().model());
            return OptionalDouble.of(
                    Double.parseDouble(file.text(experiment.config().task().measure())));
        } catch (FormatException | NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** What the user should know before it goes on: sentences. */
    public List<String> notes() {
        return notes;
    }

    /**
     * Trains, and keeps metrics, models and checkpoints in the folder.
     *
     * @param listener is told of every event after it has been kept
     * @param stop asked after each update
     */
    public TrainEvent.Reason train(Consumer<TrainEvent> listener, BooleanSupplier stop)
            throws RunException, IOException {
        return train(listener, Pace.NONE, stop, () -> false);
    }

    /**
     * The same, and {@code pace} is told how far an update or an evaluation is, which it may end.
     *
     * @param spent whether a budget that is no setting is used up; asked after each update. If so, it is evaluated, and ends
     */
    public TrainEvent.Reason train(
            Consumer<TrainEvent> listener, Pace pace, BooleanSupplier stop, BooleanSupplier spent)
            throws RunException, IOException {
        return over != null
                ? over
                : experiment.run(directory, resumed, listener, pace, stop, spent, Recorder.BETWEEN_CHECKPOINTS);
    }

    @Override
    public void close() {
        experiment.close();
        directory.close();
    }
}
