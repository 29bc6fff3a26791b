package org.sab4j.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The words that a model does not know, while rows go by. */
final class UnknownWords {

    private final List<Feature> features;
    private final long[] counts;
    private final @Nullable String[] examples;

    /** None yet. */
    UnknownWords(TableEncoding encoding) {
        features = encoding.features();
        counts = new long[features.size()];
        examples = new String[features.size()];
    }

    /**
     * Takes the next row.
     *
     * @param words the word of a column, by its index
     * @return the columns that have such in this row
     */
    List<String> add(double[] raw, IntFunction<@Nullable String> words) {
        List<String> columns = List.of(); // of nearly all rows
        for (int i = 0; i < counts.length; i++) {
            if (features.get(i) instanceof Feature.Category && raw[i] == Feature.UNKNOWN) {
                columns = columns.isEmpty() ? new ArrayList<>() : columns;
                columns.add(features.get(i).name());
                if (counts[i]++ == 0) {
                    examples[i] = words.apply(i);
                }
            }
        }
        return columns;
    }

    /** A sentence for each column that has such. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            String example = examples[i];
            if (example != null) {
                notes.add(String.format(
                        Locale.ROOT,
                        "column %s has %,d %s that the model does not know, %s %s",
                        TableException.quoted(features.get(i).name()),
                        counts[i],
                        counts[i] == 1 ? "value" : "values",
                        counts[i] == 1 ? "it is" : "the first is",
                        TableException.quoted(example)));
            }
        }
        return notes;
    }
}
