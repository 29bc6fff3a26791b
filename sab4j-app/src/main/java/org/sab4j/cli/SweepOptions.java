package org.sab4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.Limits;
import org.sab4j.run.Settings;
import org.sab4j.run.SettingsException;
import org.sab4j.sweep.Plan;
import org.sab4j.sweep.Trial;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** How a sweep is carried out: options of the commands that carry one out. */
final class SweepOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "The sweep's folder, which goes on if it is there. Default: runs/NAME, with --quick runs/NAME-quick.")
    private @Nullable String dir;

    @Option(names = "--quick", description = "The small version that the file gives, to see that all works.")
    private boolean quick;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Trials at once. Default: as many as there are cores for their threads.")
    private @Nullable String parallel;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of a trial. Default: what the sweep file says, or 1.")
    private @Nullable String threads;

    @Option(names = "--only", split = ",", paramLabel = "TRIAL", description = "Only these trials, in this order.")
    private @Nullable List<String> only;

    @Option(names = "--seeds", split = ",", paramLabel = "SEED", description = "These seeds in place of the file's.")
    private @Nullable List<String> seeds;

    @Option(
            names = "--hours",
            paramLabel = "H",
            description = "Stop after so long, when an evaluation that is running is made; the same command goes on.")
    private @Nullable String hours;

    @Option(names = "--retry", description = "Try failed trials again.")
    private boolean retry;

    @Option(names = "--json", description = "Print one JSON object a line on standard output, and nothing else there.")
    private boolean json;

    private final long begun = System.nanoTime();

    SweepOptions() {}

    boolean quick() {
        return quick;
    }

    boolean retry() {
        return retry;
    }

    boolean json() {
        return json;
    }

    boolean hasFolder() {
        return dir != null;
    }

    /** The folder of a sweep of that name. */
    Path folder(String name) {
        return dir == null ? Path.of("runs", quick ? name + "-quick" : name) : path(dir);
    }

    /** A path that somebody has given. */
    Path path(String text) {
        return Arguments.path(spec, text);
    }

    /** Threads of a trial; 0 where nothing is said. */
    int threads() {
        return threads == null ? 0 : Arguments.number(spec, "--threads", threads, 1, Limits.THREADS);
    }

    /** How many trials run at once; 0 where nothing is said. */
    int parallel() {
        return parallel == null ? 0 : Arguments.number(spec, "--parallel", parallel, 1, Limits.THREADS);
    }

    /** As many of some trials as there are cores for their threads. */
    static int fitting(List<Trial> trials) {
        int most = trials.stream()
                .mapToInt(trial -> trial.config().threads())
                .max()
                .orElse(1);
        return Math.max(1, Runtime.getRuntime().availableProcessors() / most);
    }

    /** Whether the time that was given is over, since the command began. */
    BooleanSupplier over() {
        double limit = seconds();
        return () -> (System.nanoTime() - begun) / 1e9 > limit;
    }

    /** Options that were given and are for training alone. */
    List<String> ofTraining() {
        ParseResult given = spec.commandLine().getParseResult();
        return Stream.of("--only", "--seeds", "--parallel", "--threads", "--hours", "--retry")
                .filter(given::hasMatchedOption)
                .toList();
    }

    /** Seconds; infinite where no limit was given. */
    private double seconds() {
        if (hours == null) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            double value = Settings.parsed(hours);
            if (value > 0) {
                return value * 3600;
            }
        } catch (NumberFormatException e) {
            // The same complaint.
        }
        throw complaint("--hours must be a number above 0: '" + hours + "'");
    }

    /** The plan as far as it was asked for. */
    Plan asked(Plan plan) throws SettingsException {
        if (only != null && (only.isEmpty() || only.stream().anyMatch(String::isBlank))) { // commas alone are none
            throw complaint("--only must be names of trials, such as "
                    + plan.names().findFirst().orElse("sab"));
        }
        Plan asked = only == null ? plan : plan.only(only);
        if (seeds == null) {
            return asked;
        }
        List<Long> numbers = new ArrayList<>();
        for (String seed : seeds.isEmpty() ? List.of("") : seeds) { // of commas alone
            if (!seed.matches("-?[0-9]{1,18}") || numbers.contains(Long.valueOf(seed))) {
                throw complaint("--seeds must be different whole numbers, such as 1,2,3: '" + seed + "'");
            }
            numbers.add(Long.valueOf(seed));
        }
        return asked.withSeeds(numbers);
    }

    private ParameterException complaint(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
