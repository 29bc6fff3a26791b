package org.sab4j.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.sab4j.report.Explanation;
import org.sab4j.report.Explanation.Credit;
import org.sab4j.report.Explanation.Output;
import org.sab4j.report.Explanation.Share;
import org.sab4j.report.Look;

/** An explanation as a compact picture of characters: the sequence from left to right, bars where it was looked back at. */
final class ExplanationPicture {

    private static final String BARS = " ▁▂▃▄▅▆▇█";
    private static final int MARGIN = 22;
    /** Digits behind the point, beyond which a number gets an exponent. */
    private static final int MOST_DIGITS = 9;

    private static final int LEAST_WIDTH = 20;
    private static final int MOST_LINES = 24;
    private static final int MOST_NAMED = 3;

    private final Explanation explanation;
    private final boolean every;
    private final int width; // of the sequence
    private final StringBuilder out = new StringBuilder();

    private ExplanationPicture(Explanation explanation, int columns, boolean every) {
        this.explanation = explanation;
        this.every = every;
        width = Math.max(LEAST_WIDTH, columns - MARGIN - 1);
    }

    /**
     * The picture for a terminal that is so many characters wide.
     *
     * @param every whether the credit of every output that was followed is shown; otherwise that of the last alone
     */
    static String of(Explanation explanation, int columns, boolean every) {
        ExplanationPicture picture = new ExplanationPicture(explanation, columns, every);
        explanation.sequences().forEach(picture::sequence);
        return picture.out.toString();
    }

    private void sequence(Explanation.Sequence sequence) {
        line(
                "%s, %s steps; the model of update %s",
                plain(sequence.name()), TextProgress.count(sequence.steps()), TextProgress.count(explanation.update()));
        out.append('\n');
        row("", axis(sequence.steps()));
        inputs(sequence);
        out.append('\n');
        if (explanation.attends()) {
            reminded(sequence);
        } else {
            line("This model has no memory: credit goes back through its blocks alone.");
        }
        int from = every ? 0 : Math.max(0, sequence.credits().size() - 1);
        for (Credit credit : sequence.credits().subList(from, sequence.credits().size())) {
            credit(sequence, credit);
        }
        out.append('\n');
    }

    private void inputs(Explanation.Sequence sequence) {
        int steps = sequence.steps();
        if (!sequence.symbols().isEmpty()) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < columns(steps); column++) {
                text.append(symbol(sequence, first(column, steps), first(column + 1, steps)));
            }
            row("input", text.toString());
            return;
        }
        Look look = explanation.look();
        for (int feature = 0; feature < Math.min(MOST_LINES, look.features().size()); feature++) {
            float[] values = new float[steps];
            for (int step = 0; step < steps; step++) {
                values[step] = sequence.values().get(step).get(feature);
            }
            row(shortened(plain(look.features().get(feature).name())), bars(values, true));
        }
        if (look.features().size() > MOST_LINES) {
            row("", "and " + (look.features().size() - MOST_LINES) + " more features");
        }
    }

    /** Of the steps of a column the symbol that is rarest in the sequence: blanks hide nothing. */
    private String symbol(Explanation.Sequence sequence, int from, int to) {
        int rarest = sequence.symbols().get(from);
        long least = Long.MAX_VALUE;
        for (int step = from; step < to; step++) {
            int symbol = sequence.symbols().get(step);
            long count = to - from == 1
                    ? 0
                    : sequence.symbols().stream()
                            .filter(other -> other == symbol)
                            .count();
            if (count < least) {
                least = count;
                rarest = symbol;
            }
        }
        String name = explanation.look().symbol(rarest);
        return name.isEmpty() || Character.isISOControl(name.charAt(0)) || Character.isWhitespace(name.charAt(0))
                ? " "
                : name.substring(0, name.offsetByCodePoints(0, 1));
    }

    private void reminded(Explanation.Sequence sequence) {
        List<Output> outputs = sequence.outputs();
        int from = Math.max(0, outputs.size() - MOST_LINES);
        line("reminded of");
        for (Output output : outputs.subList(from, outputs.size())) {
            List<Share> shares = sequence.reminders().get(output.step() - 1);
            row(output.step() + said(output), bars(values(shares, sequence.steps()), false));
            if (!shares.isEmpty()) {
                row(
                        "",
                        named(shares, "%.2f")
                                + rest("nothing", explanation.nothing(shares))
                                + rest("others, not drawn", explanation.others(shares)));
            }
        }
        if (from > 0) {
            row("", "and " + from + " earlier outputs (--json has all)");
        }
    }

    private static String rest(String name, OptionalDouble share) {
        return share.isEmpty() ? "" : String.format(Locale.ROOT, "   %s: %.2f", name, share.getAsDouble());
    }

    private String said(Output output) {
        String said = name(output.said(), output.probability() != null);
        return " "
                + (output.target().isEmpty() || output.target().equals(output.said())
                        ? said
                        : said + " not " + name(output.target(), output.probability() != null));
    }

    private String name(List<Float> values, boolean isClass) {
        return isClass
                ? plain(explanation.look().nameOfClass(values.getFirst().intValue()))
                : values.stream().map(this::number).collect(Collectors.joining(" "));
    }

    /** An output in its own unit, with digits down to a hundredth of its deviation. */
    private String number(float value) {
        Look.Quantity number = explanation.look().number();
        if (number == null) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        int size = (int) Math.floor(Math.log10(number.deviation()));
        int digits = Math.max(0, 2 - size);
        if (digits > MOST_DIGITS) {
            double own = Math.abs(number.value(value));
            int significant = own == 0 ? 2 : Math.clamp((int) Math.floor(Math.log10(own)) - size + 2, 2, 15);
            return String.format(Locale.ROOT, "%." + significant + "e", number.value(value));
        }
        return String.format(Locale.ROOT, "%." + digits + "f", number.value(value));
    }

    /** A name out of a file, fit for a terminal. */
    private static String plain(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private static String shortened(String name) {
        int most = MARGIN - 3;
        return name.codePointCount(0, name.length()) <= most
                ? name
                : name.substring(0, name.offsetByCodePoints(0, most - 1)) + "…";
    }

    private void credit(Explanation.Sequence sequence, Credit credit) {
        out.append('\n');
        line("credit from step %s (gradient of its outputs: %.2g)", TextProgress.count(credit.output()), credit.size());
        row(explanation.attends() ? "mental updates" : "", bars(values(credit.with(), sequence.steps()), false));
        row("", named(largest(credit.with()), "%.2g"));
        if (explanation.attends()) {
            row(
                    explanation.directCredit() ? "direct credit" : "without",
                    bars(values(credit.without(), sequence.steps()), false));
            row("", named(largest(credit.without()), "%.2g"));
        }
    }

    private static List<Share> largest(List<Share> shares) {
        return shares.stream()
                .sorted((a, b) -> Float.compare(b.share(), a.share()))
                .toList();
    }

    private static String named(List<Share> shares, String format) {
        String text = shares.stream()
                .limit(MOST_NAMED)
                .map(share -> share.step() + ": " + String.format(Locale.ROOT, format, share.share()))
                .collect(Collectors.joining("   "));
        return "step " + text + (shares.size() > MOST_NAMED ? "   …" : "");
    }

    private static float[] values(List<Share> shares, int steps) {
        float[] values = new float[steps];
        shares.forEach(share -> values[share.step() - 1] = share.share());
        return values;
    }

    private int columns(int steps) {
        return Math.min(width, steps);
    }

    private int first(int column, int steps) {
        return (int) ((long) column * steps / columns(steps));
    }

    /** The largest value of a column's steps, from 0, or from the least where values may be below 0, to the largest. */
    private String bars(float[] values, boolean free) {
        float least = 0;
        float most = 0;
        for (float v : values) {
            least = free ? Math.min(least, v) : 0;
            most = Math.max(most, v);
        }
        StringBuilder bars = new StringBuilder();
        for (int column = 0; column < columns(values.length); column++) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int step = first(column, values.length); step < first(column + 1, values.length); step++) {
                largest = Math.max(largest, values[step]);
            }
            double share = most > least ? (largest - least) / (most - least) : 0;
            bars.append(BARS.charAt((int) Math.ceil(share * (BARS.length() - 1))));
        }
        return bars.toString();
    }

    private String axis(int steps) {
        String last = String.valueOf(steps);
        return "1" + "─".repeat(Math.max(1, columns(steps) - 1 - last.length())) + last;
    }

    /** A name that is too long for the margin stands on a line of its own, so that all pictures begin at one column. */
    private void row(String name, String text) {
        if (name.length() > MARGIN - 3) {
            out.append("  ").append(name).append(System.lineSeparator());
            row("", text);
            return;
        }
        out.append(String.format(Locale.ROOT, "  %-" + (MARGIN - 3) + "s %s%n", name, text));
    }

    private void line(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format + "%n", arguments));
    }
}
