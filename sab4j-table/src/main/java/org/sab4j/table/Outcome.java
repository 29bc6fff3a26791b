package org.sab4j.table;

import java.util.List;

/** What a model's outputs stand for. */
public sealed interface Outcome {

    /** The number of outputs, O. */
    int outputs();

    /**
     * One of some classes.
     *
     * @param names in the order of the outputs
     */
    record Classes(List<String> names) implements Outcome {

        /** Copies the names. */
        public Classes {
            names = List.copyOf(names);
        }

        @Override
        public int outputs() {
            return names.size();
        }
    }

    /**
     * A number; the output is (number − mean) / deviation.
     *
     * @param mean of the training part
     * @param deviation of the training part; 1 where all its values are the same
     */
    record Value(double mean, double deviation) implements Outcome {
        @Override
        public int outputs() {
            return 1;
        }
    }
}
