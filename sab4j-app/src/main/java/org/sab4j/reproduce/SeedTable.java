package org.sab4j.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.sab4j.sweep.TrialRecord;

/** How each trial went: what a mean over seeds hides. */
final class SeedTable {

    private static final String REACHED = "Under a figure: the update at which an evaluation first reached it.";
    private static final String FALL =
            " Largest fall: the most that an evaluation was below the best one before it, in points of accuracy.";

    private static final List<Double> ACCURACIES = List.of(50.0, 90.0, 99.0, 99.9);
    private static final List<Double> ERRORS = List.of(1e-2, 1e-3, 1e-4, 1e-5);

    private SeedTable() {}

    /** What its columns mean. */
    static String legend(List<Results.Row> rows) {
        return REACHED + (rows.stream().anyMatch(SeedTable::isAccuracy) ? FALL : "");
    }

    /** Of rows that share a task. */
    static TextTable of(List<Results.Row> rows) {
        boolean accuracy = isAccuracy(rows.getFirst());
        List<String> head = new ArrayList<>(
                List.of("model", "seed", "ended", "measured", "best at", "updates", "minutes", "skipped"));
        for (double mark : accuracy ? ACCURACIES : ERRORS) {
            head.add(
                    accuracy
                            ? String.format(Locale.ROOT, mark < 99.5 ? "%.0f %%" : "%.1f %%", mark)
                            : String.format(Locale.ROOT, "%.0e", mark));
        }
        if (accuracy) {
            head.add("largest fall");
        }
        head.add("commit");
        List<List<String>> lines = new ArrayList<>();
        for (Results.Row row : rows) {
            row.trials().forEach(trial -> lines.add(line(row, trial)));
        }
        return new TextTable(head, 1, lines);
    }

    private static List<String> line(Results.Row row, Results.Trial trial) {
        TrialRecord record = trial.record();
        Summary alone = Summary.of(row.with(List.of(trial)), row.lengths().getFirst());
        List<String> line = new ArrayList<>(List.of(
                row.label(),
                String.valueOf(trial.seed()),
                record.ended().toString(),
                ResultsTable.value(alone, alone.mean()),
                ResultsTable.count(record.bestUpdate()),
                ResultsTable.count(record.updates()),
                ResultsTable.number(record.minutes(), "%.1f"),
                ResultsTable.count(record.skipped())));
        boolean accuracy = isAccuracy(row);
        for (double mark : accuracy ? ACCURACIES : ERRORS) {
            OptionalDouble at = trial.reachedAt(value -> accuracy ? 100 * value >= mark : value <= mark);
            line.add(ResultsTable.number(at.orElse(Double.NaN), "%,.0f"));
        }
        if (accuracy) {
            line.add(ResultsTable.number(largestFall(trial), "%.1f"));
        }
        line.add(ResultsTable.commit(record, "–"));
        return line;
    }

    private static boolean isAccuracy(Results.Row row) {
        return row.measure().equals("accuracy");
    }

    private static double largestFall(Results.Trial trial) {
        double best = 0;
        double fall = 0;
        for (List<Double> point : trial.evaluations()) {
            best = Math.max(best, point.get(1));
            fall = Math.max(fall, best - point.get(1));
        }
        return trial.evaluations().isEmpty() ? Double.NaN : 100 * fall;
    }
}
