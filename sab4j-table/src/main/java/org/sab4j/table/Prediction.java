package org.sab4j.table;

import org.sab4j.head.Softmax;

/** What outputs say. */
public sealed interface Prediction {

    /**
     * From O outputs that begin at {@code at}.
     *
     * @throws ArithmeticException if one is no finite number, of which nothing can be said
     */
    static Prediction of(Outcome outcome, float[] outputs, int at) {
        for (int o = at; o < at + outcome.outputs(); o++) {
            if (!Float.isFinite(outputs[o])) {
                throw new ArithmeticException(
                        "what the model says is no finite number: its file is damaged, or the inputs are too large for it");
            }
        }
        return switch (outcome) {
            case Outcome.Classes classes -> {
                double[] softmax = Softmax.of(outputs, at, classes.outputs());
                float[] probabilities = new float[softmax.length];
                for (int c = 0; c < probabilities.length; c++) {
                    probabilities[c] = (float) softmax[c];
                }
                int best = 0;
                for (int c = 1; c < probabilities.length; c++) {
                    best = probabilities[c] > probabilities[best] ? c : best;
                }
                yield new OfClass(best, classes.names().get(best), probabilities);
            }
            case Outcome.Value value -> new OfValue(value.mean() + value.deviation() * outputs[at]);
        };
    }

    /**
     * A class.
     *
     * @param index its place
     * @param name as in the table
     * @param probabilities of all classes, in their order; the array is not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // held and never compared
    record OfClass(int index, String name, float[] probabilities) implements Prediction {}

    /** A number, in the target's unit. */
    record OfValue(double value) implements Prediction {}
}
