package org.sab4j.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sab4j.table.TableFile.Column;

/**
 * The columns of a file that are used, and what for.
 *
 * @param sequence tells sequences apart; null if there is one
 * @param order sorts a sequence's rows; null for the file's order
 * @param target what is to be predicted; null where it is not known
 * @param features what is seen
 */
record Selection(
        @Nullable Column sequence,
        @Nullable Column order,
        @Nullable Column target,
        List<Column> features) {

    private static final int MOST_NAMES = 20; // in a sentence
    private static final int LEAST_ALIKE = 3; // letters

    /**
     * The columns that the user means, to train on.
     *
     * @param notes is told which can't be used
     */
    static Selection of(TableFile file, List<Column> columns, TableOptions options, Consumer<String> notes)
            throws TableException {
        Column sequence = findIfNamed(file, columns, options.sequence());
        Column order = findIfNamed(file, columns, options.order());
        if (options.target().isEmpty()) {
            throw new TableException(
                    file.path(), "needs a target: --target COL names the column to predict; it has " + names(columns));
        }
        Column target = find(file, columns, options.target());
        List<Column> without = new ArrayList<>();
        for (String name : options.without()) {
            Column left = find(file, columns, name);
            if (left.equals(target) || left.equals(sequence)) {
                notes.accept("--without names " + TableException.quoted(name) + ", which is the "
                        + (left.equals(target) ? "target" : "sequence") + ": that changes nothing");
            }
            without.add(left);
        }
        List<Column> features = new ArrayList<>();
        for (String name : options.features()) {
            Column feature = find(file, columns, name);
            boolean own = feature.equals(target) && options.goal() != Goal.FORECAST;
            if (feature.equals(sequence) || own) {
                throw new TableException("--features names " + TableException.quoted(name) + ", which is the "
                        + (own ? "target" : "sequence") + ": leave it out");
            } else if (features.contains(feature)) {
                notes.accept("--features names " + TableException.quoted(name) + " twice, and so it is seen twice");
            }
            features.add(feature);
        }
        if (options.features().isEmpty()) {
            features.addAll(columns);
            features.remove(sequence);
            features.remove(order);
            features.remove(target);
            List<Column> useless = new ArrayList<>(features);
            useless.removeIf(column -> column.type() != TableFile.ValueType.OTHER || without.contains(column));
            if (!useless.isEmpty()) {
                features.removeAll(useless);
                notes.accept("left out, since no numbers, words or times: " + names(useless));
            }
        }
        features.removeAll(without);
        if (options.goal() == Goal.FORECAST && !features.contains(target)) {
            features.addFirst(target); // what a series was tells most of what it will be
        }
        for (String name : options.categorical()) {
            if (!features.contains(find(file, columns, name))) {
                notes.accept("--categorical names " + TableException.quoted(name)
                        + ", which is no column to predict from: that changes nothing");
            }
        }
        Selection selection = new Selection(sequence, order, target, features);
        selection.check(file, ": leave it out (--without)");
        return selection;
    }

    /** The columns that a trained model needs. */
    static Selection of(TableFile file, List<Column> columns, TableEncoding encoding) throws TableException {
        List<Column> features = new ArrayList<>();
        for (Feature feature : encoding.features()) {
            features.add(find(file, columns, feature.name()));
        }
        Column target = columns.stream() // with which predictions are compared, where it is there
                .filter(column -> column.name().equals(encoding.target()))
                .findFirst()
                .orElse(null);
        Selection selection = new Selection(
                findIfNamed(file, columns, encoding.sequence()),
                findIfNamed(file, columns, encoding.order()),
                target,
                features);
        selection.check(file, ", and the model was trained on such: write it as it was then");
        return selection;
    }

    private void check(TableFile file, String remedy) throws TableException {
        if (features.isEmpty()) {
            throw new TableException(
                    file.path(), "has no column to predict from, beside sequence, order and target: add one");
        }
        boolean same = sequence != null && (sequence.equals(order) || sequence.equals(target));
        if (same || (order != null && order.equals(target))) {
            throw new TableException("--sequence, --order and --target must name three different columns");
        }
        for (Column column : features) {
            if (column.type() == TableFile.ValueType.OTHER) {
                throw new TableException(
                        file.path(),
                        "column " + TableException.quoted(column.name()) + " holds neither numbers, words nor times"
                                + remedy);
            }
        }
    }

    /** The column of that name; null for an empty name. */
    private static @Nullable Column findIfNamed(TableFile file, List<Column> columns, String name)
            throws TableException {
        return name.isEmpty() ? null : find(file, columns, name);
    }

    private static Column find(TableFile file, List<Column> columns, String name) throws TableException {
        for (Column column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        String nearest = columns.stream()
                .map(Column::name)
                .filter(other -> isLike(simple(other), simple(name)))
                .findFirst()
                .map(other -> "did you mean " + TableException.quoted(other) + "?")
                .orElse("it has " + names(columns));
        throw new TableException(file.path(), "has no column " + TableException.quoted(name) + ": " + nearest);
    }

    private static boolean isLike(String a, String b) {
        return a.equals(b) || (Math.min(a.length(), b.length()) >= LEAST_ALIKE && (a.startsWith(b) || b.startsWith(a)));
    }

    private static String simple(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    private static String names(List<Column> columns) {
        return columns.stream()
                        .limit(MOST_NAMES)
                        .map(column -> TableException.quoted(column.name()))
                        .collect(Collectors.joining(", "))
                + (columns.size() > MOST_NAMES ? " and " + (columns.size() - MOST_NAMES) + " more" : "");
    }
}
