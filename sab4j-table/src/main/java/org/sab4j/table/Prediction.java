package org.sab4j.table;

import java.util.Arrays;

/** What outputs say. */
public sealed interface Prediction {

    /** From O outputs that begin at {@code at}. */
    static Prediction of(Outcome outcome, float[] outputs, int at) {
        return switch (outcome) {
            case Outcome.Classes classes -> {
                float[] probabilities = softmax(outputs, at, classes.outputs());
                int best = 0;
                for (int c = 1; c < probabilities.length; c++) {
                    best = probabilities[c] > probabilities[best] ? c : best;
                }
                yield new OfClass(best, classes.names().get(best), probabilities);
            }
            case Outcome.Value value -> new OfValue(value.mean() + value.deviation() * outputs[at]);
        };
    }

    private static float[] softmax(float[] outputs, int at, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < count; c++) {
            largest = Math.max(largest, outputs[at + c]);
        }
        double[] powers = new double[count];
        for (int c = 0; c < count; c++) {
            powers[c] = Math.exp(outputs[at + c] - largest);
        }
        double sum = Arrays.stream(powers).sum();
        float[] probabilities = new float[count];
        for (int c = 0; c < count; c++) {
            probabilities[c] = (float) (powers[c] / sum);
        }
        return probabilities;
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
