package org.sab4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.live.LiveServer;
import org.sab4j.run.ConfigFile;
import org.sab4j.run.Layer;
import org.sab4j.run.Run;
import org.sab4j.run.RunDirectory;
import org.sab4j.run.RunException;
import org.sab4j.run.SettingsException;
import org.sab4j.run.Shell;
import org.sab4j.run.TaskKind;
import org.sab4j.train.Pace;
import org.sab4j.train.TrainEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab train}. */
@Command(
        name = "train",
        description = {
            "Trains a model on a task, in a folder of its own.",
            "",
            "The folder gets config.yaml (all settings), metrics.jsonl, attention.jsonl, model.safetensors (the best so"
                    + " far), checkpoint.safetensors and, at the end, report.html. Ctrl-C stops, and --resume goes on, to the same bits.",
            "",
            "A default is followed by what tasks, models, scores and sparsifiers have in its place; of several that hold the later wins."
        },
        sortOptions = false,
        abbreviateSynopsis = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sab train copy",
            "  sab train copy --length 200 --k-trunc 10 --k-top 10 --run runs/long",
            "  sab train adding --model lstm",
            "  sab train --resume runs/copy",
            "  sab train copy --config runs/copy/config.yaml --seed 2"
        })
final class TrainCommand implements Callable<Integer> {

    private static final Path RUNS = Path.of("runs");
    private static final String LATEST = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "TASK",
            completionCandidates = Tasks.class,
            description = "What to learn: ${COMPLETION-CANDIDATES}.")
    private @Nullable String task;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "The run's folder. Default: runs/TASK (runs/TASK-lstm and runs/TASK-self-attention for those models), or with"
                            + " -2, … behind it if that is there.")
    private @Nullable String run;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = LATEST,
            paramLabel = "DIR",
            description = "Go on with the run in DIR; without DIR with that of --run, or the task's latest.")
    private @Nullable String resume;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A YAML file of settings, named as the options are (k-trunc: 5); run and resume may stand there, too. Options win over it.")
    private @Nullable String config;

    @Option(names = "--json", description = "Print one JSON object a line on standard output, and nothing else there.")
    private boolean json;

    @Option(names = "--live", description = "Serve the live view of the run while it trains.")
    private boolean live;

    @Option(
            names = "--tensorboard",
            description = "Write a TensorBoard event file into the run's folder, too, at the end.")
    private boolean tensorBoard;

    @Mixin
    private ViewOptions view = new ViewOptions();

    TrainCommand() {}

    /** The tasks, for completion. */
    static final class Tasks extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Tasks() {
            addAll(TaskKind.names());
        }
    }

    @Override
    public Integer call() throws RunException, IOException {
        Layer file = config == null ? new Layer() : ConfigFile.read(path(config));
        takeFolder(file);
        checkTask();
        if (live) {
            view.check();
        }
        try (Run prepared = prepare(file);
                Interrupts interrupts = Interrupts.watch()) { // before, a signal ends the command at once
            prepared.notes().forEach(Main::say);
            Progress progress =
                    json ? new JsonProgress() : Terminal.isLive() ? new LiveProgress() : new PlainProgress();
            progress.begin(prepared);
            BooleanSupplier stop = () -> interrupts.requested() || (json && JsonProgress.isLost());
            long start = System.nanoTime();
            TrainEvent.Reason reason;
            try (LiveServer server = live(prepared)) {
                if (server != null) {
                    Main.say("live view at " + view.address(server));
                }
                Pace pace = (update, evaluating, share) -> {
                    progress.within(update, evaluating, share);
                    return !stop.getAsBoolean();
                };
                reason = prepared.train(progress, pace, stop, () -> false);
            }
            progress.end(prepared, reason, (System.nanoTime() - start) / 1e9);
            Reports.end(prepared.directory().path(), prepared.experiment().task(), tensorBoard);
            return switch (reason) {
                case SOLVED, UPDATES, PATIENCE -> ExitCode.DONE;
                case DIVERGED -> ExitCode.DIVERGED;
                case STOPPED -> interrupts.requested() ? ExitCode.SIGNALLED + interrupts.signal() : unread(prepared);
            };
        }
    }

    /** The folder of the run, where the file of settings names it and the command line does not. */
    private void takeFolder(Layer file) {
        String folder = file.remove("run");
        String old = file.remove("resume");
        boolean named = resume != null && !resume.equals(LATEST);
        if (resume == null && "true".equals(old)) {
            resume = LATEST;
        } else if (resume == null && run == null && !"false".equals(old)) {
            resume = old;
        }
        if (run == null && !named) {
            run = folder;
        }
    }

    private static int unread(Run run) {
        Main.say(JsonProgress.LOST + ": stopped at update "
                + TextProgress.count(run.experiment().state().update()) + "; "
                + Shell.sab("train", "--resume", run.directory().path()) + " goes on");
        return ExitCode.FAILED;
    }

    private @Nullable LiveServer live(Run run) throws RunException {
        return live ? view.start(run.directory().path(), run.experiment().kernels()) : null;
    }

    private void checkTask() {
        if (!live && view.given()) {
            throw new ParameterException(spec.commandLine(), "--port, --host and --token are of use with --live alone");
        }
        if (task == null && resume != null && new Tasks().contains(resume) && !Files.exists(path(resume))) {
            task = resume; // sab train --resume copy
            resume = LATEST;
        }
        if (task != null && !new Tasks().contains(task)) {
            throw new ParameterException(
                    spec.commandLine(), "There is no task '" + task + "': there are " + String.join(", ", new Tasks()));
        }
        if (run != null && resume != null && !resume.equals(LATEST)) {
            throw new ParameterException(
                    spec.commandLine(), "--resume DIR and --run DIR both name a folder: give one of them");
        }
    }

    private Run prepare(Layer file) throws RunException, IOException {
        List<Layer> layers = new ArrayList<>(List.of(file));
        Layer options = SettingOptions.given(spec);
        if (task != null) {
            options.option("task", task);
        }
        layers.add(options);
        var kernels = KernelProviders.kernels();
        return resume == null
                ? Run.start(layers, run == null ? null : path(run), RUNS, kernels)
                : Run.resume(layers, resumed(file), kernels);
    }

    private Path resumed(Layer file) throws RunException {
        if (resume != null && !resume.equals(LATEST)) {
            return path(resume);
        } else if (run != null) {
            return path(run);
        }
        String learnt = task != null ? task : file.text("task");
        if (learnt == null || !new Tasks().contains(learnt)) {
            throw new SettingsException(List.of("which run? --resume DIR names its folder"));
        }
        Object option = spec.findOption("--model").getValue();
        Object given = option != null ? option : file.text("model");
        String model = given == null ? "sab" : String.valueOf(given).toLowerCase(Locale.ROOT);
        String name = model.equals("sab") ? learnt : learnt + "-" + model;
        Path latest = RunDirectory.latest(RUNS, name);
        if (latest == null) {
            throw new RunException("there is no run " + RUNS.resolve(name) + ": sab train " + learnt + " starts one");
        }
        return latest;
    }

    private Path path(String text) {
        return Arguments.path(spec, text);
    }
}
