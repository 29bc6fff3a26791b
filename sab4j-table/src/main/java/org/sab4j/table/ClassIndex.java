package org.sab4j.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which class a word of the target is. Where all classes are numbers, {@code 1} and {@code 1.0} are the same. */
final class ClassIndex {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");
    /** Beyond it not every whole number is one of double precision. */
    private static final double MOST = 1L << 53;

    private final Map<String, Integer> words;
    private final Map<Double, Integer> numbers = new HashMap<>(); // empty where a class is none

    /** An index of classes by their place. */
    ClassIndex(List<String> classes) {
        words = FeatureReader.index(classes);
        if (areNumbers(classes)) {
            words.forEach((word, place) -> numbers.put(number(word).orElseThrow(), place));
        }
    }

    /** Whether all words are numbers, and none a code as {@code 007} or too large to be told from the next. */
    static boolean areNumbers(List<String> words) {
        return words.stream().allMatch(word -> Math.abs(number(word).orElse(Double.NaN)) <= MOST);
    }

    /** A finite number without leading zeros, −0 as 0. */
    static OptionalDouble number(String word) {
        if (!NUMBER.matcher(word).matches()) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(word);
        return Double.isFinite(value) ? OptionalDouble.of(value + 0.0) : OptionalDouble.empty();
    }

    /** The place of a word's class; null for a word that is none. */
    @Nullable
    Integer place(String word) {
        Integer place = words.get(word);
        if (place != null || numbers.isEmpty()) {
            return place;
        }
        OptionalDouble number = number(word);
        return number.isPresent() ? numbers.get(number.getAsDouble()) : null;
    }

    /**
     * Whether a prediction is right, in SQL: 1 or 0, and NULL where the target is none of the classes.
     *
     * @param predicted a column of words
     * @param target a column
     */
    static String isRight(List<String> classes, String predicted, String target) {
        boolean numbers = areNumbers(classes);
        // As text first: a number of single precision is written as its class is; and 007 is none.
        String type = numbers ? "try_cast(CAST(%s AS VARCHAR) AS DOUBLE)" : "CAST(%s AS VARCHAR)";
        String found = String.format(type, target);
        if (numbers) {
            found = "CASE WHEN regexp_full_match(CAST(" + target + " AS VARCHAR), '" + NUMBER + "') THEN " + found
                    + " END";
        }
        String known = classes.stream()
                .map(word -> numbers ? String.format(type, Engine.text(word)) : Engine.text(word))
                .collect(Collectors.joining(", "));
        return "CASE WHEN " + found + " IN (" + known + ") THEN CAST(" + String.format(type, predicted) + " = " + found
                + " AS INTEGER) END";
    }
}
