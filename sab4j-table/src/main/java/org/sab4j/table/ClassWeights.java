package org.sab4j.table;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How much each class counts in the loss. */
final class ClassWeights {

    /** All the same. */
    static final float[] NONE = {};

    private ClassWeights() {}

    /** Refuses a text that asks for no weights, whatever the classes are. */
    static void check(String text) throws TableException {
        if (!text.equals("none") && !text.equals("balanced")) {
            for (String part : parts(text)) {
                if (part.contains("=")) { // for one without the complaint names a class
                    weight(part);
                }
            }
        }
    }

    private static List<String> parts(String text) throws TableException {
        try {
            return TableOptions.names(text);
        } catch (IllegalArgumentException e) {
            throw new TableException("--class-weights " + e.getMessage() + ": " + TableException.quoted(text));
        }
    }

    /**
     * The weights that a text asks for, see {@link TableOptions#classWeights}.
     *
     * @param counts how often each class is a target in the training part
     */
    static float[] of(String text, List<String> classes, long[] counts) throws TableException {
        return switch (text) {
            case "none" -> NONE.clone();
            case "balanced" -> balanced(counts);
            default -> given(text, classes);
        };
    }

    static List<Float> list(float[] weights) {
        return IntStream.range(0, weights.length).mapToObj(c -> weights[c]).toList();
    }

    static float[] array(List<Float> weights) {
        float[] array = new float[weights.size()];
        for (int c = 0; c < array.length; c++) {
            array[c] = weights.get(c);
        }
        return array;
    }

    /** n / (C n_c): all classes count the same in sum. */
    private static float[] balanced(long[] counts) {
        long there = Arrays.stream(counts).filter(count -> count > 0).count();
        long all = Arrays.stream(counts).sum();
        float[] weights = new float[counts.length];
        for (int c = 0; c < weights.length; c++) {
            weights[c] = counts[c] == 0 ? 1 : (float) ((double) all / there / counts[c]);
        }
        return weights;
    }

    private static float[] given(String text, List<String> classes) throws TableException {
        float[] weights = new float[classes.size()];
        Arrays.fill(weights, 1);
        ClassIndex index = new ClassIndex(classes);
        Set<Integer> weighed = new HashSet<>();
        for (String part : parts(text)) {
            int equals = part.lastIndexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals).strip();
            Integer place = index.place(name);
            if (equals < 0 || place == null) {
                throw new TableException("--class-weights must be none, balanced, or weights such as "
                        + example(classes.getFirst()) + ": " + TableException.quoted(part)
                        + (equals < 0
                                ? ""
                                : " names no class; there are "
                                        + classes.stream().limit(20).collect(Collectors.joining(", "))));
            }
            if (!weighed.add(place)) {
                throw new TableException("--class-weights has two weights for " + TableException.quoted(name));
            }
            weights[place] = weight(part);
        }
        return weights;
    }

    /** A weight of a class as one writes it: as a whole in quotes where the name has a comma or quotes. */
    private static String example(String name) {
        String weight = name + "=2";
        return weight.contains(",") || weight.contains("\"") ? '"' + weight.replace("\"", "\"\"") + '"' : weight;
    }

    private static float weight(String part) throws TableException {
        String text = part.substring(part.lastIndexOf('=') + 1);
        try {
            float weight = Float.parseFloat(text.strip());
            if (weight > 0 && Float.isFinite(weight)) {
                return weight;
            }
        } catch (NumberFormatException e) {
            // The same complaint.
        }
        throw new TableException("--class-weights takes numbers above 0: " + TableException.quoted(text));
    }
}
