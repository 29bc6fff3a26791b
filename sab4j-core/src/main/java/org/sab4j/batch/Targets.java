package org.sab4j.batch;

import java.util.Optional;

/** What the outputs of B sequences of T steps should be. The arrays are the caller's and are not copied. */
public sealed interface Targets {

    /** The target of a step that is not scored. */
    int NONE = -100;

    /** See {@link #unusable}. */
    String NOTHING_SCORED = "no step of the batch is scored";

    /** Whether the loss counts this step of this sequence, at {@code sequence * T + step}. */
    boolean scored(int at);

    /** How much the loss of that step counts, at {@code sequence * T + step}: 1 unless classes are weighted, 0 where not scored. */
    default float weight(int at) {
        return scored(at) ? 1 : 0;
    }

    /** The mean loss of saying the same at each scored step: of all {@code outputs} classes being as likely, or of all numbers being 0. */
    double guess(int outputs);

    /** Refuses what is no class. */
    static void checkClass(int target, int classes) {
        if (target < 0 || target >= classes) {
            throw new IllegalArgumentException("Target " + target + " is not one of 0 … " + (classes - 1));
        }
    }

    /** Why no loss can come of them; empty if nothing speaks against it. */
    Optional<String> unusable();

    /**
     * Refuses targets that are not for so many outputs.
     *
     * @throws IllegalArgumentException with the numbers
     */
    void checkWidth(int outputs);

    /**
     * A class at each step; the loss is the cross-entropy, weighted by the target's class: Σ w_y CE / Σ w_y.
     *
     * @param values (B, T), each 0 … O − 1 or {@link #NONE}
     * @param weights (O) the classes' weights, each a number above 0; empty if all count the same
     */
    @SuppressWarnings("ArrayRecordComponent") // a large array, held and never compared
    record Classes(int[] values, float[] weights) implements Targets {

        /** Refuses weights that are no numbers above 0. */
        public Classes {
            for (float weight : weights) {
                if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("A class's weight must be a number above 0: " + weight);
                }
            }
        }

        /** Classes that all count the same. */
        public Classes(int[] values) {
            this(values, new float[0]);
        }

        @Override
        public float weight(int at) {
            return scored(at) ? weightOf(values[at]) : 0;
        }

        @Override
        public double guess(int outputs) {
            return Math.log(outputs);
        }

        @Override
        public Optional<String> unusable() {
            for (int value : values) {
                if (value != NONE) {
                    return Optional.empty();
                }
            }
            return Optional.of(NOTHING_SCORED);
        }

        /**
         * A class's weight.
         *
         * @throws IllegalArgumentException if there are weights, and none for it
         */
        public float weightOf(int target) {
            if (weights.length == 0) {
                return 1;
            }
            if (target < 0 || target >= weights.length) {
                throw new IllegalArgumentException("Target " + target + " is not one of 0 … " + (weights.length - 1)
                        + ", the classes that have a weight");
            }
            return weights[target];
        }

        @Override
        public void checkWidth(int outputs) {
            if (weights.length != 0 && weights.length != outputs) {
                throw new IllegalArgumentException("Targets: weights for " + weights.length
                        + " classes, and the model has " + outputs + " outputs");
            }
        }

        @Override
        public boolean scored(int at) {
            return values[at] != NONE;
        }
    }

    /**
     * Numbers; the loss is the mean squared error.
     *
     * @param values (B, T, O)
     * @param scored (B, T)
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Values(float[] values, boolean[] scored) implements Targets {
        @Override
        public boolean scored(int at) {
            return scored[at];
        }

        @Override
        public double guess(int outputs) {
            double squares = 0;
            int count = 0;
            for (int at = 0; at < scored.length; at++) {
                if (scored[at]) {
                    count++;
                    for (int o = at * outputs; o < (at + 1) * outputs; o++) {
                        squares += (double) values[o] * values[o];
                    }
                }
            }
            return count == 0 ? 0 : squares / count / outputs;
        }

        @Override
        public Optional<String> unusable() {
            boolean any = false;
            int outputs = values.length / Math.max(1, scored.length);
            for (int i = 0; i < values.length; i++) {
                if (scored[i / outputs]) {
                    any = true;
                    if (!Float.isFinite(values[i])) {
                        return Optional.of("a target is " + values[i]);
                    }
                }
            }
            return any ? Optional.empty() : Optional.of(NOTHING_SCORED);
        }

        @Override
        public void checkWidth(int outputs) {
            if (values.length != (long) scored.length * outputs) {
                throw new IllegalArgumentException("Targets: " + values.length + " numbers for " + scored.length
                        + " steps, and the model has " + outputs + " outputs at each");
            }
        }
    }
}
