package org.sab4j.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.sweep.TrialRecord;

/** The tables of {@link Results}: paper beside measured. */
public final class ResultsTable {

    private static final String NOTHING = "–";

    private final Results results;

    /** A part of it: one task and length of training, over the seeds and seed by seed. */
    record Part(String heading, TextTable table, TextTable bySeed) {}

    /** The tables of results. */
    public ResultsTable(Results results) {
        this.results = results;
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder(results.title().isEmpty() ? results.name() : results.title());
        text.append('\n');
        if (results.quick()) {
            text.append("The quick version: it shows that all works, and is no comparison.\n");
        }
        for (Part part : parts()) {
            text.append('\n')
                    .append(part.heading())
                    .append('\n')
                    .append(part.table().text());
        }
        text.append('\n').append(String.join("\n", legend())).append('\n');
        results.notes().forEach(note -> text.append(note).append('\n'));
        return text.toString();
    }

    /** All settings for a terminal, with whose they are. */
    public String settings() {
        StringBuilder text = new StringBuilder();
        String form = "%-24s %-16s %s%n";
        text.append("common to all trials to which they apply\n");
        results.settings()
                .forEach((key, value) ->
                        text.append(String.format(Locale.ROOT, form, "  " + key, value, whose(key, value))));
        for (Results.Row row : results.rows()) {
            text.append('\n')
                    .append(row.name())
                    .append(": ")
                    .append(row.label())
                    .append('\n');
            row.settings()
                    .forEach((key, value) ->
                            text.append(String.format(Locale.ROOT, form, "  " + key, value, whose(key, value))));
        }
        return text.toString();
    }

    private String whose(String key, Object value) {
        return results.isStated(key, value) ? "the paper's" : "ours";
    }

    /** What the columns mean: sentences. */
    List<String> legend() {
        List<String> legend = new ArrayList<>(
                List.of("Measured: mean ± standard deviation over the seeds, and the best seed, on unseen sequences."));
        if (results.rows().stream().anyMatch(row -> row.lengths().size() == 1)) {
            legend.add("Updates and minutes: of training, the mean.");
        }
        if (results.rows().stream()
                .flatMap(row -> row.trials().stream())
                .anyMatch(trial -> trial.record().ended() == TrialRecord.End.FAILED)) {
            legend.add("What failed before it had a model counts for nothing but in the number of seeds.");
        }
        if (compared() && !results.quick()) {
            legend.add(
                    "Reached: how many seeds' evaluations reached the target, and after how many updates on average.");
            legend.add("The target is the paper's figure where none is named.");
        }
        return legend;
    }

    /** Whether there are figures to be compared with. */
    private boolean compared() {
        return results.rows().stream().anyMatch(row -> !row.paper().isEmpty());
    }

    List<Part> parts() {
        SequencedMap<String, List<Results.Row>> parts = new LinkedHashMap<>();
        for (Results.Row row : results.rows()) {
            String heading = row.task() + (row.length() > 0 ? ", trained at T = " + count(row.length()) : "");
            parts.computeIfAbsent(heading, key -> new ArrayList<>()).add(row);
        }
        List<Part> tables = new ArrayList<>();
        parts.forEach((heading, rows) -> tables.add(new Part(heading, table(rows), SeedTable.of(rows))));
        return tables;
    }

    private TextTable table(List<Results.Row> rows) {
        if (rows.getFirst().lengths().size() > 1) {
            return byLength(rows);
        }
        return rows.getFirst().task().equals("copy") ? copying(rows) : other(rows);
    }

    private TextTable copying(List<Results.Row> rows) {
        List<List<String>> lines = new ArrayList<>();
        boolean compared = compared();
        for (Results.Row row : rows) {
            Summary summary = Summary.of(row, row.lengths().getFirst());
            List<String> line = new ArrayList<>(List.of(row.label()));
            if (compared) {
                line.add(paper(row, "accuracy"));
                line.add(paper(row, "ce-last"));
                line.add(paper(row, "ce"));
            }
            line.add(spread(summary));
            line.add(value(summary, summary.best()));
            line.add(number(summary.mean("ceLast"), "%.3g"));
            line.add(number(summary.mean("loss"), "%.2g"));
            addWork(line, summary);
            lines.add(line);
        }
        List<String> head = new ArrayList<>(List.of("model"));
        if (compared) {
            head.addAll(List.of("paper: acc. %", "CE10", "CE"));
        }
        head.addAll(List.of("measured: acc. %", "best", "CE10", "CE"));
        addWorkHead(head);
        return new TextTable(head, 1, lines);
    }

    private TextTable other(List<Results.Row> rows) {
        String measure = title(rows.getFirst().measure());
        List<List<String>> lines = new ArrayList<>();
        boolean compared = compared();
        for (Results.Row row : rows) {
            Summary summary = Summary.of(row, row.lengths().getFirst());
            List<String> line = new ArrayList<>(List.of(row.label()));
            if (compared) {
                line.add(paper(row, row.measure()));
            }
            line.add(spread(summary));
            line.add(value(summary, summary.best()));
            addWork(line, summary);
            lines.add(line);
        }
        List<String> head = new ArrayList<>(List.of("model"));
        if (compared) {
            head.add("paper: " + measure);
        }
        head.addAll(List.of("measured: " + measure, "best"));
        addWorkHead(head);
        return new TextTable(head, 1, lines);
    }

    private void addWorkHead(List<String> head) {
        head.addAll(List.of("seeds", "updates", "minutes"));
        if (compared() && !results.quick()) {
            head.addAll(List.of("reached", "target"));
        }
    }

    private void addWork(List<String> line, Summary summary) {
        line.add(seeds(summary, ""));
        line.add(number(summary.meanOf(TrialRecord::updates), "%,.0f"));
        line.add(number(summary.meanOf(TrialRecord::minutes), "%.1f"));
        if (compared() && !results.quick()) {
            line.add(reached(summary));
            line.add(verdict(summary));
        }
    }

    private static String verdict(Summary summary) {
        Double target = summary.row().target();
        String text = summary.verdict().toString();
        return target == null || text.isEmpty() ? text : text + String.format(Locale.ROOT, " (%s)", plain(target));
    }

    private static String plain(double target) {
        return target == Math.rint(target) ? String.valueOf((long) target) : String.valueOf(target);
    }

    private TextTable byLength(List<Results.Row> rows) {
        List<Integer> lengths = rows.getFirst().lengths();
        List<String> head = new ArrayList<>(List.of("model", unit(rows.getFirst())));
        lengths.forEach(length -> head.add("T = " + count(length)));
        List<List<String>> lines = new ArrayList<>();
        for (Results.Row row : rows) {
            List<Summary> all =
                    lengths.stream().map(length -> Summary.of(row, length)).toList();
            if (compared()) {
                lines.add(line(row.label(), "paper", all, summary -> {
                    Figure figure = summary.paper();
                    return figure == null ? NOTHING : figure.text();
                }));
            }
            lines.add(line(
                    compared() ? "" : row.label(),
                    "measured, " + seeds(all.getFirst(), " seeds"),
                    all,
                    ResultsTable::spread));
            lines.add(line("", "best", all, summary -> value(summary, summary.best())));
            if (!results.quick() && !row.paper().isEmpty()) {
                lines.add(line("", "target", all, summary -> summary.verdict().toString()));
            }
        }
        return new TextTable(head, 2, lines);
    }

    private static List<String> line(
            String label, String what, List<Summary> all, java.util.function.Function<Summary, String> cell) {
        List<String> line = new ArrayList<>(List.of(label, what));
        all.forEach(summary -> line.add(cell.apply(summary)));
        return line;
    }

    private static String unit(Results.Row row) {
        return row.measure().equals("accuracy") ? "accuracy %" : row.measure();
    }

    private static String paper(Results.Row row, String measure) {
        @Nullable String text = row.paper().get(measure);
        return text == null ? NOTHING : text;
    }

    private static String seeds(Summary summary, String unit) {
        int seeds = summary.row().trials().size();
        StringBuilder text = new StringBuilder(count(seeds) + (seeds == 1 ? unit.replaceAll("s$", "") : unit));
        for (TrialRecord.End end : List.of(TrialRecord.End.DIVERGED, TrialRecord.End.FAILED)) {
            long count = summary.count(end);
            if (count > 0) {
                text.append(", ").append(count).append(' ').append(end);
            }
        }
        return text.toString();
    }

    private static String reached(Summary summary) {
        List<Double> updates = summary.reachedAt();
        int seeds = summary.row().trials().size();
        if (seeds == 0) {
            return NOTHING;
        }
        String share = updates.size() + "/" + seeds;
        return updates.isEmpty()
                ? share
                : share + " at "
                        + number(
                                updates.stream()
                                        .mapToDouble(Double::doubleValue)
                                        .average()
                                        .orElse(Double.NaN),
                                "%,.0f");
    }

    private static String spread(Summary summary) {
        String mean = value(summary, summary.mean());
        return Double.isNaN(summary.deviation()) ? mean : mean + " ± " + value(summary, summary.deviation());
    }

    static String value(Summary summary, double value) {
        return number(
                value,
                switch (summary.row().measure()) {
                    case "accuracy" -> "%.2f";
                    case "mse" -> "%.2e";
                    default -> "%.4g";
                });
    }

    private static String title(String measure) {
        return switch (measure) {
            case "accuracy" -> "acc. %";
            case "mse" -> "MSE";
            case "bitsPerCharacter" -> "bits per character";
            default -> measure;
        };
    }

    static String number(double value, String format) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, format, value);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
