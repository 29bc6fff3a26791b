package org.sab4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.run.Limits;
import org.sab4j.run.Metrics;
import org.sab4j.run.OpenTask;
import org.sab4j.run.RunException;
import org.sab4j.run.Settings;
import org.sab4j.run.TaskOptions;
import org.sab4j.run.TrainedModel;
import org.sab4j.run.Transfer;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;
import org.sab4j.train.ThreadTeam;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab eval}. */
@Command(
        name = "eval",
        description = "Measures a run's best model on sequences that had no part in training it or choosing it.",
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  sab eval runs/copy --length 100,200,300,400,2000,5000")
final class EvalCommand implements Callable<Integer> {

    private static final int DRAWN = 2048; // sequences of a task that draws them

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The run's folder, or a model.safetensors.")
    private String run = "";

    @Option(
            names = "--length",
            split = ",",
            paramLabel = "T",
            description =
                    "Of copy and adding, the lengths. Default: that of the training, and 2, 3 and 4 times as long.")
    private @Nullable List<String> lengths;

    @Option(
            names = "--part",
            paramLabel = "PART",
            description = "Of a task with data, training, validation or test. Default: test.")
    private @Nullable Part chosen;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description =
                    "Of a task with data, other data to measure on, all of them; of images, where they lie now. Default: those of the training.")
    private @Nullable String data;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            description =
                    "Unseen sequences at each length, or of the part: evenly spaced ones, with --carry the first. Default: "
                            + DRAWN + "; of a part all.")
    private @Nullable String sequences;

    @Option(names = "--threads", paramLabel = "N", description = "Threads. Default: all cores.")
    private String threads = String.valueOf(Runtime.getRuntime().availableProcessors());

    @Option(names = "--json", description = "Print one JSON object a line on standard output, and nothing else there.")
    private boolean json;

    private boolean infinite; // whether a loss that was measured is

    EvalCommand() {}

    @Override
    public Integer call() throws RunException, IOException {
        int count = sequences == null ? 0 : Arguments.number(spec, "--sequences", sequences, 1, Limits.SEQUENCES);
        int workers = Arguments.number(spec, "--threads", threads, 1, Limits.THREADS);
        SequencedSet<Integer> wanted = new LinkedHashSet<>();
        if (lengths != null) {
            for (String length : lengths.isEmpty() ? List.of("") : lengths) { // of commas alone
                wanted.add(Arguments.number(spec, "--length", length, 1, Limits.LENGTH));
            }
        }
        TrainedModel trained = TrainedModel.read(Arguments.path(spec, run), KernelProviders.kernels());
        try (ThreadTeam team = new ThreadTeam(workers)) {
            if (trained.options() instanceof TaskOptions.Scalable scalable) {
                if (data != null) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "The task " + Settings.text(trained.task()) + " has no data: leave --data out");
                }
                transfer(trained, scalable, wanted, count == 0 ? DRAWN : count, team);
            } else if (wanted.isEmpty()) {
                measure(trained, count == 0 ? Integer.MAX_VALUE : count, team);
            } else {
                throw new ParameterException(
                        spec.commandLine(),
                        "The task " + Settings.text(trained.task()) + " has no --length to choose: leave it out");
            }
        }
        if (infinite) {
            throw RunException.notFinite(trained.file() + ": what the model says");
        }
        return ExitCode.DONE;
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private Part part() {
        return chosen == null ? Part.TEST : chosen;
    }

    /** On sequences of several lengths. */
    private void transfer(
            TrainedModel trained,
            TaskOptions.Scalable scalable,
            SequencedSet<Integer> wanted,
            int count,
            ThreadTeam team)
            throws RunException {
        for (int factor = 1; factor <= 4 && lengths == null; factor++) {
            wanted.add((int) Math.min(Limits.LENGTH, (long) factor * scalable.length()));
        }
        for (int length : wanted) {
            if (length < scalable.least()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--length must be at least " + scalable.least() + " for the task "
                                + Settings.text(trained.task()) + ": " + length);
            }
        }
        say(
                trained,
                Settings.text(trained.task()) + ", trained at T = " + TextProgress.count(scalable.length()),
                TextProgress.count(count) + " sequences at each length"
                        + (chosen == null ? "" : ", drawn as for " + name(part())));
        for (int length : wanted) {
            Task task = scalable.at(length).open().task();
            String text = TextProgress.count(length);
            Transfer.Result result = at(trained, task, count, "T = " + text, team);
            show("T", text, "length", length, count, result, length == wanted.getFirst());
        }
    }

    /** On a part of the data. */
    private void measure(TrainedModel trained, int most, ThreadTeam team) throws RunException, IOException {
        Part part = part();
        if (data != null && part != Part.TEST && !trained.options().otherDataHaveParts()) {
            throw new ParameterException(
                    spec.commandLine(), "Other data are all of them the test part: leave out either --part or --data");
        }
        Path other = data == null ? null : Arguments.path(spec, data);
        String name = name(part);
        try (OpenTask opened = trained.open(other)) {
            opened.notes().forEach(Main::say);
            int all = opened.task() instanceof FiniteTask finite ? finite.sequences(part) : most;
            int count = Math.min(most, all);
            if (count == 0) {
                throw new RunException("the data have no " + name + " part: choose another with --part");
            }
            say(
                    trained,
                    opened.summary(),
                    TextProgress.count(count) + " of " + TextProgress.count(all) + " " + OpenTask.unit(opened.task())
                            + " of "
                            + (other == null || trained.options().otherDataHaveParts()
                                    ? "the " + name + " part"
                                    : String.valueOf(other.getFileName())));
            Transfer.Result result = at(trained, opened.task(), count, name, team);
            show("part", name, "part", name, count, result, true);
        }
    }

    private void say(TrainedModel trained, String what, String where) {
        if (!json) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s, best at update %s; %s%n%n",
                    trained.file(),
                    what,
                    TextProgress.count(trained.update()),
                    where);
        }
    }

    private Transfer.Result at(TrainedModel trained, Task task, int count, String what, ThreadTeam team)
            throws RunException {
        Terminal terminal = new Terminal();
        boolean live = Terminal.isLive() && !json;
        String text = what + ": ";
        if (live) {
            terminal.show(text + "…");
        }
        try {
            return Transfer.on(trained, task, part(), count, team, done -> {
                if (live) {
                    terminal.show(text + TextProgress.count(done) + "/" + TextProgress.count(count) + " sequences");
                }
            });
        } finally {
            terminal.clear();
        }
    }

    private void show(
            String title, String text, String key, Object value, int count, Transfer.Result result, boolean first) {
        infinite |= !Double.isFinite(result.loss());
        if (json) {
            SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("kind", "eval");
            line.put(key, value);
            line.put("sequences", count);
            line.put("loss", Metrics.finite(result.loss()));
            result.measures().forEach((name, measure) -> line.put(name, Metrics.finite(measure)));
            line.put("seconds", Metrics.rounded(result.seconds()));
            JsonProgress.print(line);
            return;
        }
        if (first) {
            System.out.println(header(title, result));
        }
        System.out.println(row(text, result));
    }

    private static String header(String title, Transfer.Result result) {
        StringBuilder header = new StringBuilder(String.format(Locale.ROOT, "%10s", title));
        result.measures().keySet().forEach(name -> header.append(String.format(Locale.ROOT, " %11s", name)));
        return header.append(String.format(Locale.ROOT, " %11s %9s", "loss", "seconds"))
                .toString();
    }

    private static String row(String text, Transfer.Result result) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%10s", text));
        result.measures()
                .forEach((name, value) ->
                        row.append(String.format(Locale.ROOT, " %11s", TextProgress.measure(name, value))));
        return row.append(String.format(Locale.ROOT, " %11.3g %9.1f", result.loss(), result.seconds()))
                .toString();
    }
}
