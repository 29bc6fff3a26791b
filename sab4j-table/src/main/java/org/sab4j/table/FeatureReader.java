package org.sab4j.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a feature's raw value is read.
 *
 * @param kind what its values are
 * @param words a category's words by their index; empty for others
 * @param numbered whether the database reads a category's words, as the numbers that {@link Rows#numberWords} gave them
 */
record FeatureReader(Rows.Kind kind, Map<String, Integer> words, boolean numbered) {

    /** Of words in their order. */
    static FeatureReader of(Rows.Kind kind, List<String> words) {
        return new FeatureReader(kind, index(words), false);
    }

    /** Of a category whose words have numbers. */
    static FeatureReader byNumber() {
        return new FeatureReader(Rows.Kind.CATEGORY, Map.of(), true);
    }

    /** Of a feature whose words are known. */
    static FeatureReader of(Feature feature) {
        return switch (feature) {
            case Feature.Numeric number -> of(number.time() ? Rows.Kind.TIME : Rows.Kind.NUMBER, List.of());
            case Feature.Category category -> of(Rows.Kind.CATEGORY, category.words());
        };
    }

    /** The place of each word. */
    static Map<String, Integer> index(List<String> words) {
        Map<String, Integer> index = new HashMap<>();
        for (String word : words) {
            index.put(word, index.size());
        }
        return index;
    }

    /** Whether a value is read as a text, whose raw value {@link #raw} knows. */
    boolean text() {
        return kind == Rows.Kind.CATEGORY && !numbered;
    }

    /** The raw value of a word. */
    double raw(String word) {
        Integer index = words.get(word);
        return index == null ? Feature.UNKNOWN : index;
    }
}
