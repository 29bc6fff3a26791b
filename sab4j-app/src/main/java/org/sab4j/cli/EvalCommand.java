package org.sab4j.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.run.Metrics;
import org.sab4j.run.RunException;
import org.sab4j.run.Settings;
import org.sab4j.run.TrainedModel;
import org.sab4j.run.Transfer;
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
        description = "Measures a run's best model on unseen sequences, also longer ones than it was trained on.",
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  sab eval runs/copy --length 100,200,300,400,2000,5000")
final class EvalCommand implements Callable<Integer> {

    private static final int MOST_LENGTH = 1_000_000;
    private static final int MOST_SEQUENCES = 10_000_000;
    private static final int MOST_THREADS = 1024;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The run's folder, or a model.safetensors.")
    private String run = "";

    @Option(
            names = "--length",
            split = ",",
            paramLabel = "T",
            description = "The task's lengths. Default: that of the training, and 2, 3 and 4 times as long.")
    private @Nullable List<String> lengths;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            description = "Unseen sequences at each length. Default: ${DEFAULT-VALUE}.")
    private String sequences = "2048";

    @Option(names = "--threads", paramLabel = "N", description = "Threads. Default: all cores.")
    private String threads = String.valueOf(Runtime.getRuntime().availableProcessors());

    @Option(names = "--json", description = "Print one JSON object a line on standard output, and nothing else there.")
    private boolean json;

    EvalCommand() {}

    @Override
    public Integer call() throws RunException, IOException {
        int count = Arguments.number(spec, "--sequences", sequences, 1, MOST_SEQUENCES);
        int workers = Arguments.number(spec, "--threads", threads, 1, MOST_THREADS);
        List<Integer> wanted = new ArrayList<>();
        for (String length : lengths == null ? List.<String>of() : lengths) {
            wanted.add(Arguments.number(spec, "--length", length, 1, MOST_LENGTH));
        }
        TrainedModel trained = TrainedModel.read(Arguments.path(spec, run), KernelProviders.kernels());
        if (wanted.isEmpty()) {
            for (int factor = 1; factor <= 4; factor++) {
                wanted.add((int) Math.min(MOST_LENGTH, (long) factor * trained.length()));
            }
        }
        int least = trained.task().least();
        for (int length : wanted) {
            if (length < least) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--length must be at least " + least + " for the task " + Settings.text(trained.task()) + ": "
                                + length);
            }
        }
        measure(trained, wanted, count, workers);
        return ExitCode.DONE;
    }

    private void measure(TrainedModel trained, List<Integer> wanted, int count, int workers) throws RunException {
        if (!json) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s, trained at T = %s, best at update %s; %s sequences at each length%n%n",
                    trained.file(),
                    Settings.text(trained.task()),
                    TextProgress.count(trained.length()),
                    TextProgress.count(trained.update()),
                    TextProgress.count(count));
        }
        boolean first = true;
        try (ThreadTeam team = new ThreadTeam(workers)) {
            for (int length : wanted) {
                Transfer.Result result = at(trained, length, count, team);
                if (json) {
                    print(result);
                } else {
                    if (first) {
                        System.out.println(header(result));
                    }
                    System.out.println(row(result));
                }
                first = false;
            }
        }
    }

    private Transfer.Result at(TrainedModel trained, int length, int count, ThreadTeam team) throws RunException {
        Terminal terminal = new Terminal();
        boolean live = Terminal.isLive() && !json;
        String text = "T = " + TextProgress.count(length) + ": ";
        if (live) {
            terminal.show(text + "…");
        }
        try {
            return Transfer.at(trained, length, count, team, done -> {
                if (live) {
                    terminal.show(text + TextProgress.count(done) + "/" + TextProgress.count(count) + " sequences");
                }
            });
        } finally {
            terminal.clear();
        }
    }

    private static String header(Transfer.Result result) {
        StringBuilder header = new StringBuilder(String.format(Locale.ROOT, "%9s", "T"));
        result.measures().keySet().forEach(name -> header.append(String.format(Locale.ROOT, " %11s", name)));
        return header.append(String.format(Locale.ROOT, " %11s %9s", "loss", "seconds"))
                .toString();
    }

    private static String row(Transfer.Result result) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%,9d", result.length()));
        result.measures()
                .forEach((name, value) ->
                        row.append(String.format(Locale.ROOT, " %11s", TextProgress.measure(name, value))));
        return row.append(String.format(Locale.ROOT, " %11.3g %9.1f", result.loss(), result.seconds()))
                .toString();
    }

    private static void print(Transfer.Result result) {
        SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("kind", "eval");
        line.put("length", result.length());
        line.put("sequences", result.sequences());
        line.put("loss", Metrics.finite(result.loss()));
        result.measures().forEach((name, value) -> line.put(name, Metrics.finite(value)));
        line.put("seconds", Math.round(result.seconds() * 1000) / 1000.0);
        JsonProgress.print(line);
    }
}
