package org.sab4j.train;

import org.sab4j.kernels.Kernels;

/**
 * Adam (Kingma &amp; Ba 2015), and AdEMAMix (Pagliardini, Ablin &amp; Grangier 2025), which adds a second, slower average of the gradients: with the moments
 * m and v of Adam and s = β3 s + (1 − β3) g, which begins with zeros, x −= α (m̂ + slowWeight s) / (√v̂ + ε).
 *
 * @param learningRate α
 * @param beta1 β1, the decay of the first moment
 * @param beta2 β2, the decay of the second moment
 * @param epsilon ε
 * @param beta3 β3 of AdEMAMix, the decay of the slower average
 * @param slowWeight how much that counts, AdEMAMix's α; 0 for Adam, which keeps none
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon, double beta3, double slowWeight) {

    /** The paper's defaults. */
    public static final Adam DEFAULT = new Adam(1e-3, 0.9, 0.999, 1e-8);

    /** √v where v, the average of squares, has just not become 0: what is below it must not decide on the size of a step. */
    private static final float LEAST_EPSILON = 0x1p-63f;

    /** Adam itself. */
    public Adam(double learningRate, double beta1, double beta2, double epsilon) {
        this(learningRate, beta1, beta2, epsilon, 0.99, 0);
    }

    /** Refuses what can't train. */
    public Adam {
        if (!((float) learningRate > 0) || Float.isInfinite((float) learningRate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be a number above 0, in single precision, too: " + learningRate);
        }
        if (!(beta1 >= 0 && (float) beta1 < 1 && beta2 >= 0 && (float) beta2 < 1)) {
            throw new IllegalArgumentException(
                    "β1 and β2 must be in [0, 1), in single precision, too: " + beta1 + ", " + beta2);
        }
        if (!(beta3 >= 0 && (float) beta3 < 1 && slowWeight >= 0) || Float.isInfinite((float) slowWeight)) {
            throw new IllegalArgumentException(
                    "In single precision, too, β3 must be in [0, 1), and the slower average's weight a number of at least 0: "
                            + beta3 + ", " + slowWeight);
        }
        float least = (float) (epsilon * Math.sqrt(1 - beta2)); // that of the first step
        if (!(least >= LEAST_EPSILON) || Float.isInfinite((float) epsilon)) {
            throw new IllegalArgumentException(
                    "Adam's epsilon must be finite in single precision and at least 2^-63 in its first step, where it is "
                            + least + ": " + epsilon);
        }
    }

    /**
     * One step on the parameters {@code from} … {@code to} − 1.
     *
     * @param t the number of this step, from 1
     * @param factor what the learning rate is multiplied by, for a schedule
     * @param gradientScale what the gradients are multiplied by, for clipping
     */
    void step(
            Kernels kernels,
            long t,
            double factor,
            double gradientScale,
            int from,
            int to,
            TrainState state,
            float[] gradients) {
        double correction = Math.sqrt(1 - Math.pow(beta2, (double) t));
        double plain = factor * learningRate * correction;
        double rate = plain / (1 - Math.pow(beta1, (double) t));
        if (slowWeight > 0) {
            kernels.adEmaMix(
                    to - from,
                    from,
                    (float) rate,
                    (float) (slowWeight * plain),
                    (float) beta1,
                    (float) beta2,
                    (float) beta3,
                    (float) (epsilon * correction),
                    (float) gradientScale,
                    state.parameters(),
                    gradients,
                    state.firstMoment,
                    state.slowMoment,
                    state.secondMoment);
            return;
        }
        kernels.adam(
                to - from,
                from,
                (float) rate,
                (float) beta1,
                (float) beta2,
                (float) (epsilon * correction),
                (float) gradientScale,
                state.parameters(),
                gradients,
                state.firstMoment,
                state.secondMoment);
    }
}
