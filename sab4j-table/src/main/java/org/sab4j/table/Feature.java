package org.sab4j.table;

import java.util.List;

/**
 * A column as part of an input vector.
 *
 * <p>A value in between file and vector is one number, <i>raw</i>: a number itself (points in time are seconds since 1970), the
 * index of a word, {@link #UNKNOWN}, or NaN where there is none.
 */
public sealed interface Feature {

    /** The raw value of a word that training did not have. */
    double UNKNOWN = -1;

    /** The column. */
    String name();

    /** How many entries of the input vector are its. */
    int width();

    /**
     * Writes those entries from {@code at} on.
     *
     * @throws IllegalArgumentException if {@code raw} is the index of a word that there is not
     */
    void encode(double raw, float[] inputs, int at);

    /**
     * A number x as (x − mean) / deviation, and, where training had missing values, 1 for a missing one.
     *
     * @param time whether the column holds points in time
     * @param mean of the training part
     * @param deviation of the training part; 1 where all its values are the same
     * @param missing whether the training part had missing values
     */
    record Numeric(String name, boolean time, double mean, double deviation, boolean missing) implements Feature {

        private static final double MOST = 1e6; // so that no value, however far off, becomes infinite

        /** Refuses a scale that there is none of. */
        public Numeric {
            TableEncoding.checkScale("Column " + TableException.quoted(name), mean, deviation);
        }

        @Override
        public int width() {
            return missing ? 2 : 1;
        }

        @Override
        public void encode(double raw, float[] inputs, int at) {
            boolean none = Double.isNaN(raw);
            inputs[at] = none ? 0 : (float) Math.clamp((raw - mean) / deviation, -MOST, MOST);
            if (missing) {
                inputs[at + 1] = none ? 1 : 0;
            }
        }
    }

    /**
     * A word, by its index: 1 at its place, 0 at the others'; 0 everywhere for a word that training did not have. The last place stands for a
     * missing one, where training had such.
     *
     * @param words of the training part
     * @param missing whether the training part had missing values
     */
    record Category(String name, List<String> words, boolean missing) implements Feature {

        /** Copies the words. */
        public Category {
            words = List.copyOf(words);
        }

        @Override
        public int width() {
            return words.size() + (missing ? 1 : 0);
        }

        @Override
        public void encode(double raw, float[] inputs, int at) {
            for (int i = 0; i < width(); i++) {
                inputs[at + i] = 0;
            }
            if (Double.isNaN(raw)) {
                if (missing) {
                    inputs[at + words.size()] = 1;
                }
            } else if (raw >= words.size()) {
                throw new IllegalArgumentException("Column " + TableException.quoted(name) + " has " + words.size()
                        + " words, none of index " + raw);
            } else if (raw >= 0) {
                inputs[at + (int) raw] = 1;
            }
        }
    }
}
