package org.sab4j.reproduce;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sab4j.sweep.TrialRecord;

/** The tables of {@link Results}: paper beside measured. */
public final class ResultsTable {

    static final String NOTHING = "–";

    private final Results results;

    /** A part of it: one task and length of training, over the seeds and seed by seed. */
    record Part(String heading, TextTable table, TextTable bySeed) {}

    /** A column: its head, and what stands in it. */
    private record Column(String head, Function<Summary, String> cell) {}

    /** The tables of results. */
    public ResultsTable(Results results) {
        this.results = results;
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder(results.heading());
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
        return results.whose(key, value).toString();
    }

    /** What the columns mean: sentences. */
    List<String> legend() {
        List<String> legend = new ArrayList<>(
                List.of("Measured: mean ± standard deviation over the seeds, and the best seed, on unseen sequences."));
        if (oneLength()) {
            legend.add("Updates and minutes: of training, the mean.");
        }
        if (results.rows().stream()
                .flatMap(row -> row.trials().stream())
                .anyMatch(trial -> trial.record().ended() == TrialRecord.End.FAILED)) {
            legend.add("What failed before it had a model counts for nothing but in the number of seeds.");
        }
        if (compared() && !results.quick()) {
            if (oneLength()) {
                legend.add(
                        "Reached: how many seeds' evaluations reached the target, and after how many updates on average.");
            }
            legend.add("The target is the paper's figure where none is named: what would be rounded to it meets it.");
            if (measures().contains("accuracy")) {
                legend.add("Of copying accuracy alone is judged.");
            }
            if (measures().contains("mse")) {
                legend.add(
                        "Where the paper has the error of adding its column says \"CE\"; it is taken for the mean squared error.");
            }
        }
        return legend;
    }

    private boolean oneLength() {
        return results.rows().stream().anyMatch(row -> row.lengths().size() == 1);
    }

    private Set<String> measures() {
        return results.rows().stream().map(Results.Row::measure).collect(Collectors.toSet());
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
        List<Column> columns = columns(rows.getFirst());
        return new TextTable(
                columns.stream().map(Column::head).toList(),
                1,
                rows.stream()
                        .map(row -> Summary.of(row, row.lengths().getFirst()))
                        .map(summary -> columns.stream()
                                .map(column -> column.cell().apply(summary))
                                .toList())
                        .toList());
    }

    /** Of rows of one length: of copying with the cross entropies that the paper has. */
    private List<Column> columns(Results.Row first) {
        boolean copying = first.task().equals("copy");
        String measure = title(first.measure());
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("model", summary -> summary.row().label()));
        if (compared()) {
            columns.add(new Column("paper: " + measure, summary -> paper(summary.row(), first.measure())));
            if (copying) {
                columns.add(new Column("CE10", summary -> paper(summary.row(), "ce-last")));
                columns.add(new Column("CE", summary -> paper(summary.row(), "ce")));
            }
        }
        columns.add(new Column("measured: " + measure, ResultsTable::spread));
        columns.add(new Column("best", summary -> value(summary, summary.best())));
        if (copying) {
            columns.add(new Column("CE10", summary -> number(summary.mean("ceLast"), "%.3g")));
            columns.add(new Column("CE", summary -> number(summary.mean("loss"), "%.2g")));
        }
        columns.add(new Column("seeds", summary -> seeds(summary, "")));
        columns.add(new Column("updates", summary -> number(summary.meanOf(TrialRecord::updates), "%,.0f")));
        columns.add(new Column("minutes", summary -> number(summary.meanOf(TrialRecord::minutes), "%.1f")));
        if (compared() && !results.quick()) {
            columns.add(new Column("reached", ResultsTable::reached));
            columns.add(new Column("target", ResultsTable::verdict));
        }
        return columns;
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

    private static List<String> line(String label, String what, List<Summary> all, Function<Summary, String> cell) {
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
            case "bpc" -> "bits per character";
            default -> measure;
        };
    }

    /** What made a trial, as short as commits are written. */
    static String commit(TrialRecord record, String none) {
        String commit = record.madeBy().getOrDefault("commit", none);
        return commit.equals(none) ? none : commit.substring(0, Math.min(7, commit.length()));
    }

    static String number(double value, String format) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, format, value);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
