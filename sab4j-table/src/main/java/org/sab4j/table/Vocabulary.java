package org.sab4j.table;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The words of a column in the whole table, numbered from the most frequent on. Of these a model learns those of the training
 * part: of very many the {@link #MOST} most frequent there.
 */
final class Vocabulary {

    /** The most words of a column that are told apart. */
    static final int MOST = 1000;

    private final Rows rows;
    private final int feature;
    private final List<String> words; // empty where there are more than MOST: those stay in the database
    private final int size;

    /** Looks for the words of a feature. */
    Vocabulary(Rows rows, int feature) throws TableException {
        this.rows = rows;
        this.feature = feature;
        List<String> found = rows.words("f" + feature, MOST + 1);
        boolean many = found.size() > MOST;
        words = many ? List.of() : found;
        size = many ? rows.numberWords(feature) : found.size();
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** How a value becomes its word's number. */
    FeatureReader reader() {
        return size > MOST ? FeatureReader.byNumber() : FeatureReader.of(Rows.Kind.CATEGORY, words);
    }

    /**
     * The words that a model learns, in their order.
     *
     * @param counts how often each word is in the training part, by its number
     * @param places written: where each stands among those that are learnt, or {@link Feature#UNKNOWN}
     * @param notes is told where words are left out: a sentence
     */
    List<String> learn(long[] counts, int[] places, Consumer<String> notes) throws TableException {
        List<Integer> there = IntStream.range(0, size)
                .filter(word -> counts[word] > 0)
                .boxed()
                .toList();
        if (there.size() > MOST) {
            notes.accept(String.format(
                    java.util.Locale.ROOT,
                    "column %s has %,d different words in the training part: the %,d most frequent are told apart, the others count as not known (--without leaves the column out)",
                    TableException.quoted(
                            rows.selection().features().get(feature).name()),
                    there.size(),
                    MOST));
            there = there.stream()
                    .sorted(Comparator.comparingLong(word -> -counts[word])) // stable
                    .limit(MOST)
                    .toList();
        }
        Map<Integer, String> texts = texts(there);
        List<Integer> learnt =
                there.stream().sorted(Comparator.comparing(texts::get)).toList();
        Arrays.fill(places, (int) Feature.UNKNOWN);
        for (int place = 0; place < learnt.size(); place++) {
            places[learnt.get(place)] = place;
        }
        return learnt.stream().map(texts::get).toList();
    }

    private Map<Integer, String> texts(List<Integer> numbers) throws TableException {
        if (size > MOST) {
            return rows.numberedWords(feature, numbers);
        }
        Map<Integer, String> texts = new HashMap<>();
        numbers.forEach(number -> texts.put(number, words.get(number)));
        return texts;
    }
}
