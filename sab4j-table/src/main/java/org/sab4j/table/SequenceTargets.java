package org.sab4j.table;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The targets of sequences whose rows go by: the first of each, and which have several. */
final class SequenceTargets {

    private final TableFile file;
    private final @Nullable List<String> classes;
    private double[] values = new double[1024];
    private int sequences;
    private boolean varied; // whether the latest sequence has two different ones
    private boolean settled; // whether it has had a row with a target
    private int varying; // sequences that have
    private long variedRow; // the first row that has another than the rows before
    private String variation = "";
    private long strangeRows;
    private long strangeSequences;

    /**
     * None yet.
     *
     * @param classes that a target's index stands for; null if targets are numbers
     */
    SequenceTargets(TableFile file, @Nullable List<String> classes) {
        this.file = file;
        this.classes = classes;
    }

    /** Takes the next row. */
    void add(SortedRows row) {
        if (row.first()) {
            if (sequences == values.length) {
                values = Arrays.copyOf(values, 2 * sequences);
            }
            values[sequences++] = Double.NaN;
            varied = false;
            settled = false;
        }
        strangeRows += row.stranger() ? 1 : 0;
        double target = row.target(); // NaN for a stranger, too
        if (Double.isNaN(target) && !row.stranger()) {
            return;
        }
        double first = values[sequences - 1];
        if (!settled) {
            settled = true;
            values[sequences - 1] = target;
            strangeSequences += row.stranger() ? 1 : 0;
        } else if (first != target && !(Double.isNaN(first) && Double.isNaN(target)) && !varied) {
            varied = true;
            if (varying++ == 0) {
                variedRow = row.row();
                variation = "sequence " + TableException.quoted(row.sequence()) + " has two targets, " + named(first)
                        + " and " + named(target);
            }
        }
    }

    private String named(double target) {
        return Double.isNaN(target)
                ? "one that the model does not know"
                : TableException.quoted(classes == null ? String.valueOf(target) : classes.get((int) target));
    }

    /** A target a sequence: that of the first row that has one; NaN where none has, or the model does not know it. */
    double[] values() {
        return Arrays.copyOf(values, sequences);
    }

    /** That of the sequence whose rows came last. */
    double latest() {
        return values[sequences - 1];
    }

    /** Whether a sequence has several. */
    boolean vary() {
        return varying > 0;
    }

    /** The sentence that refuses sequences with several. */
    TableException refusal() {
        return new TableException(
                file.path(),
                file.place(variedRow) + ": " + variation + ": mend it, or leave --target-per sequence out");
    }

    /** Why each step has a target of its own. */
    String reason() {
        String more = varying == 1
                ? ""
                : String.format(Locale.ROOT, ", and %,d more of %,d sequences several", varying - 1, sequences);
        return "each step has a target of its own, since " + variation + " (" + file.place(variedRow) + ")" + more
                + " (should each sequence have one: --target-per sequence)";
    }

    /** What to say of sequences with several to a model that knows of one; empty if there is none. */
    Optional<String> several() {
        String more = varying == 1 ? "" : String.format(Locale.ROOT, ", and %,d more several", varying - 1);
        return vary()
                ? Optional.of(variation + " (" + file.place(variedRow) + ")" + more
                        + ", of which the first in its order counts")
                : Optional.empty();
    }

    /** What to say of targets that a model does not know; empty if there is none. */
    Optional<String> strangers(boolean perStep) {
        long count = perStep ? strangeRows : strangeSequences;
        String noun = perStep ? "row" : "sequence";
        return count == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%,d %s a target that the model does not know, which is not measured",
                        count,
                        count == 1 ? noun + " has" : noun + "s have"));
    }
}
