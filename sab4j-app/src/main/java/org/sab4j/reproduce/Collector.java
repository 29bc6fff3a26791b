package org.sab4j.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.ConfigFile;
import org.sab4j.run.Metrics;
import org.sab4j.run.Resolver;
import org.sab4j.run.RunConfig;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.run.Settings;
import org.sab4j.sweep.Plan;
import org.sab4j.sweep.Sweep;
import org.sab4j.sweep.Trial;
import org.sab4j.sweep.TrialRecord;

/** From a sweep's run folders to {@link Results}. It only reads, and may do so while trials are running. */
public final class Collector {

    private final Study study;
    private final Path folder;
    private final List<String> notes = new ArrayList<>();

    /** A row before it is known which settings all rows share. */
    private record Found(Plan.Row row, RunConfig config, List<Results.Trial> trials) {}

    private Collector(Study study, Path folder) {
        this.study = study;
        this.folder = folder;
    }

    /** The results of a study: all its rows, with all seeds that are over, whatever part of it was run last. */
    public static Results collect(Study study, Path folder, boolean quick, String command) throws RunException {
        return new Collector(study, folder).collect(study.name(), study.plan(), quick, command);
    }

    /** The results of a sweep that has no figures to be compared with. */
    public static Results collect(String name, Plan plan, Path folder, boolean quick, String command)
            throws RunException {
        return new Collector(Study.NONE, folder).collect(name, plan, quick, command);
    }

    private Results collect(String name, Plan plan, boolean quick, String command) throws RunException {
        List<Found> found = new ArrayList<>();
        for (Plan.Row row : plan.rows()) {
            found.add(find(row, plan));
        }
        List<String> order = Paper.rows(study.name());
        found.sort(Comparator.comparingInt(one -> {
            String known = order.stream()
                    .filter(key ->
                            one.row().name().equals(key) || one.row().name().startsWith(key + "-"))
                    .findFirst()
                    .orElse(null);
            return known == null ? order.size() : order.indexOf(known);
        }));
        List<SequencedMap<String, Object>> settings = settings(found);
        SequencedMap<String, Object> shared = shared(settings);
        List<Results.Row> rows = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            settings.get(i).keySet().removeAll(shared.keySet());
            rows.add(row(found.get(i), settings.get(i), plan, found));
        }
        return new Results(
                Results.FORMAT, name, plan.title(), quick, command, shared, study.states(), rows, List.copyOf(notes));
    }

    private Found find(Plan.Row row, Plan plan) throws RunException {
        List<Results.Trial> trials = new ArrayList<>();
        RunConfig first = null;
        for (Path path : folders(row.name())) {
            RunConfig config = Resolver.resolve(List.of(ConfigFile.read(new RunFolder(path).config())));
            if (first == null) {
                first = config;
            }
            List<String> differences = differences(settings(first), settings(config));
            if (!differences.isEmpty()) {
                notes.add(path.getFileName() + " was trained with other settings than the seeds before it: "
                        + String.join(", ", differences));
            }
            Optional<TrialRecord> record = TrialRecord.read(path);
            if (record.isPresent()) {
                TrialRecord measured = record.get().with(plan.tests(), config.length());
                trials.add(new Results.Trial(config.seed(), measured, evaluations(path, config)));
            }
        }
        trials.sort(Comparator.comparingLong(Results.Trial::seed));
        noteMinutes(row.name(), trials);
        return new Found(row, first != null ? first : planned(row, plan), trials);
    }

    /** A trial that its minutes ended had fewer of them than one that trained for much longer; the update they end in takes some, too. */
    private void noteMinutes(String row, List<Results.Trial> trials) {
        double longest = trials.stream()
                .mapToDouble(trial -> trial.record().minutes())
                .max()
                .orElse(0);
        trials.stream()
                .filter(trial -> trial.record().ended() == TrialRecord.End.MINUTES
                        && trial.record().minutes() < longest / 2)
                .forEach(trial -> notes.add(String.format(
                        Locale.ROOT,
                        "%s ended when its %.1f minutes were over, while another seed had %.1f",
                        Trial.name(row, trial.seed()),
                        trial.record().minutes(),
                        longest)));
    }

    private RunConfig planned(Plan.Row row, Plan plan) throws RunException {
        Plan one = new Plan(plan.title(), List.of(row), List.of(plan.seeds().getFirst()), plan.minutes(), plan.tests());
        return Sweep.planned(one, folder, 0).getFirst().config();
    }

    /** The run folders of a row, whatever their seeds. */
    private List<Path> folders(String row) throws RunException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Pattern names = Pattern.compile(Pattern.quote(Trial.name(row, 0).replaceFirst("0$", "")) + "-?[0-9]+");
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path ->
                            names.matcher(String.valueOf(path.getFileName())).matches() && new RunFolder(path).isRun())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw RunException.unreadable(folder, e);
        }
    }

    private static List<List<Double>> evaluations(Path path, RunConfig config) throws RunException {
        String measure = config.task().measure();
        List<List<Double>> points = new ArrayList<>();
        for (Metrics.Evaluation evaluation : Metrics.evaluations(new RunFolder(path).metrics())) {
            Double value = evaluation.measures().get(measure);
            if (value != null) {
                points.add(List.of((double) evaluation.update(), rounded(value)));
            }
        }
        return points;
    }

    private static double rounded(double value) {
        return value == 0 || !Double.isFinite(value)
                ? value
                : new java.math.BigDecimal(value)
                        .round(new java.math.MathContext(5))
                        .doubleValue();
    }

    /** What decides on results, and the budget, without the seed. */
    private static SequencedMap<String, Object> settings(RunConfig config) {
        SequencedMap<String, Object> settings = Settings.decisive(Settings.values(config));
        settings.remove("seed");
        return settings;
    }

    /** The rows' settings; of epochs and patience, which earlier results don't have, those alone that set a bound to a row. */
    private static List<SequencedMap<String, Object>> settings(List<Found> found) {
        List<SequencedMap<String, Object>> all =
                found.stream().map(one -> settings(one.config())).toList();
        if (found.stream().allMatch(one -> one.config().epochs() == 0)) {
            all.forEach(settings -> settings.remove("epochs"));
        }
        if (found.stream().allMatch(one -> one.config().patience() == 0)) {
            all.forEach(settings -> settings.remove("patience"));
        }
        return all;
    }

    private static List<String> differences(SequencedMap<String, Object> one, SequencedMap<String, Object> other) {
        Set<String> keys = new LinkedHashSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys.stream()
                .filter(key -> !key.equals(Results.ROUNDING) && !Objects.equals(one.get(key), other.get(key)))
                .map(key ->
                        key + " " + other.getOrDefault(key, "none") + " in place of " + one.getOrDefault(key, "none"))
                .toList();
    }

    /** What is the same in all rows in which it plays a part, where it's more than one. */
    private static SequencedMap<String, Object> shared(List<SequencedMap<String, Object>> rows) {
        SequencedMap<String, Object> shared = new LinkedHashMap<>();
        rows.forEach(row -> row.forEach(shared::putIfAbsent));
        shared.entrySet().removeIf(entry -> {
            String key = entry.getKey();
            long having = rows.stream().filter(row -> row.containsKey(key)).count();
            return (having == 1 && rows.size() > 1)
                    || !rows.stream()
                            .allMatch(row -> row.containsKey(key)
                                    ? Objects.equals(row.get(key), entry.getValue())
                                    : Settings.isIdle(key, row));
        });
        return shared;
    }

    private Results.Row row(Found one, SequencedMap<String, Object> own, Plan plan, List<Found> all) {
        String label = Label.of(one.config());
        Set<String> alike = new LinkedHashSet<>();
        all.stream()
                .filter(other -> Label.of(other.config()).equals(label)
                        && other.config().task() == one.config().task()
                        && other.config().length() == one.config().length())
                .forEach(other -> alike.add(other.row().name()));
        SequencedMap<String, String> paper = new LinkedHashMap<>();
        Paper.figures(study.name(), one.row().name()).forEach((measure, figure) -> paper.put(measure, figure.text()));
        return new Results.Row(
                one.row().name(),
                alike.size() > 1 || study.name().isEmpty()
                        ? label + " (" + one.row().name() + ")"
                        : label,
                Settings.text(one.config().task()),
                one.config().task().measure(),
                one.config().length(),
                plan.tests().lengths(one.config().length()),
                own,
                paper,
                target(one.row().name()),
                one.trials());
    }

    private @Nullable Double target(String row) {
        return study.targets().get(row);
    }
}
