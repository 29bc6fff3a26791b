package org.sab4j.reproduce;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.sab4j.sweep.TrialRecord;

/**
 * A row over its seeds, at one length. Accuracies are in percent.
 *
 * @param row the row
 * @param length at which the models are measured
 * @param values the task's first measure, by seed, of those trials that have a model
 */
record Summary(Results.Row row, int length, List<Double> values) {

    /** How a row stands to its target. */
    enum Verdict {
        /** The mean over the seeds reaches it. */
        MET("met"),
        /** A seed reaches it, the mean does not. */
        BEST_ONLY("best seed only"),
        /** No seed reaches it. */
        MISSED("missed"),
        /** There is nothing to compare. */
        NONE("");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Summary of(Results.Row row, int length) {
        return new Summary(
                row,
                length,
                row.trials().stream()
                        .map(trial -> value(trial.record(), length, row.measure()))
                        .filter(value -> !Double.isNaN(value))
                        .toList());
    }

    private static double value(TrialRecord record, int length, String measure) {
        for (TrialRecord.Test test : record.tests()) {
            if (test.length() == length && test.update() == record.bestUpdate()) {
                Double value = measure.equals("loss")
                        ? Double.valueOf(test.loss())
                        : test.measures().get(measure);
                return value == null ? Double.NaN : isAccuracy(measure) ? 100 * value : value;
            }
        }
        return Double.NaN;
    }

    private static boolean isAccuracy(String measure) {
        return measure.equals("accuracy");
    }

    boolean isAccuracy() {
        return isAccuracy(row.measure());
    }

    double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** The standard deviation over the seeds; NaN for fewer than two. */
    double deviation() {
        double mean = mean();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1));
    }

    double best() {
        DoubleStream all = values.stream().mapToDouble(Double::doubleValue);
        return (isAccuracy() ? all.max() : all.min()).orElse(Double.NaN);
    }

    /** The mean of another measure, such as {@code ceLast}; {@code loss} is over all steps. */
    double mean(String measure) {
        return row.trials().stream()
                .mapToDouble(trial -> value(trial.record(), length, measure))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** The mean over those trials of what a record says. */
    double meanOf(ToDoubleFunction<TrialRecord> number) {
        return row.trials().stream()
                .filter(trial -> !Double.isNaN(value(trial.record(), length, row.measure())))
                .mapToDouble(trial -> number.applyAsDouble(trial.record()))
                .average()
                .orElse(Double.NaN);
    }

    /** What the paper prints for the first measure, or for this length. */
    @Nullable
    Figure paper() {
        String text = row.paper().get(row.measure());
        text = text == null ? row.paper().get(String.valueOf(length)) : text;
        return text == null ? null : new Figure(text);
    }

    Verdict verdict() {
        return values.isEmpty() || !hasTarget()
                ? Verdict.NONE
                : reaches(mean()) ? Verdict.MET : reaches(best()) ? Verdict.BEST_ONLY : Verdict.MISSED;
    }

    /** Whether there is a figure to compare with. */
    boolean hasTarget() {
        return row.target() != null || paper() != null;
    }

    /** Whether a value is as good as the target, or as the paper's figure, which stands for all that is rounded to it. */
    private boolean reaches(double value) {
        Double target = row.target();
        Figure paper = paper();
        if (target == null && paper != null) {
            target = isAccuracy() ? paper.least() : paper.most();
        }
        return target != null && (isAccuracy() ? value >= target : value <= target);
    }

    /** The update at which an evaluation first reached the target, of each seed of which one did. */
    List<Double> reachedAt() {
        return row.trials().stream()
                .map(trial -> trial.reachedAt(value -> reaches(isAccuracy() ? 100 * value : value)))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
    }

    /** How many trials ended so. */
    long count(TrialRecord.End end) {
        return row.trials().stream()
                .filter(trial -> trial.record().ended() == end)
                .count();
    }
}
