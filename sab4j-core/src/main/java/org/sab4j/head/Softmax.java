package org.sab4j.head;

/** From a model's outputs to probabilities. */
public final class Softmax {

    private Softmax() {}

    /**
     * p_i = exp(y_i / τ) / Σ exp(y_j / τ), in double precision.
     *
     * @param outputs y_0 … y_(O − 1), from {@code at}: a step of {@code Predictor.outputs} begins at step · O
     * @param count O
     * @param temperature τ, above 0: below 1 what is likely gets likelier, above 1 less so
     * @return (O)
     */
    public static double[] of(float[] outputs, int at, int count, double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("The temperature must be above 0: " + temperature);
        }
        double largest = Double.NEGATIVE_INFINITY;
        for (int o = 0; o < count; o++) {
            largest = Math.max(largest, outputs[at + o]);
        }
        double[] probabilities = new double[count];
        double sum = 0;
        for (int o = 0; o < count; o++) {
            probabilities[o] = Math.exp((outputs[at + o] - largest) / temperature);
            sum += probabilities[o];
        }
        for (int o = 0; o < count; o++) {
            probabilities[o] /= sum;
        }
        return probabilities;
    }

    /** The same with a temperature of 1. */
    public static double[] of(float[] outputs, int at, int count) {
        return of(outputs, at, count, 1);
    }
}
