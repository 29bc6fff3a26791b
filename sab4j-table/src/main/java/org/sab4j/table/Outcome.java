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
     * @param weights how much each counts in the loss, above 0; empty where all count the same
     */
    record Classes(List<String> names, List<Float> weights) implements Outcome {

        /** Copies the lists; refuses weights that no loss can be weighed by. */
        public Classes {
            names = List.copyOf(names);
            weights = List.copyOf(weights);
            if (!weights.isEmpty() && weights.size() != names.size()) {
                throw new IllegalArgumentException(names.size() + " classes have " + weights.size() + " weights");
            }
            for (int c = 0; c < weights.size(); c++) {
                float weight = weights.get(c);
                if (!(weight > 0 && Float.isFinite(weight))) {
                    throw new IllegalArgumentException("Class " + TableException.quoted(names.get(c))
                            + " must have a finite weight above 0: " + weight);
                }
            }
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

        /** Refuses a scale that there is none of. */
        public Value {
            TableEncoding.checkScale("The target", mean, deviation);
        }

        @Override
        public int outputs() {
            return 1;
        }
    }
}
