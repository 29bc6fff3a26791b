package org.sab4j.model;

import java.util.random.RandomGenerator;
import org.sab4j.tensor.ParameterLayout.View;

/**
 * How parameters are drawn before training. The paper does not say; ours is chosen by evidence.
 *
 * <p>Weights are uniform on ±1/√H (PyTorch's rule for an LSTM), biases zero, save for what is said here.
 *
 * @param inputDeviation the standard deviation of {@code cell.weight_ih}, normal; 0 means uniform on ±1/√H like the others
 * @param forgetBias the middle of the biases of the forget gates
 * @param forgetSpread the forget gates' biases are uniform on {@code forgetBias ± forgetSpread}: units of different time
 *     constants, which tell steps apart
 */
public record Initialization(float inputDeviation, float forgetBias, float forgetSpread) {

    /** What the documentation recommends for symbols as inputs. */
    public static final Initialization DEFAULT = new Initialization(3, 0, 3);

    /** Refuses what is no number. */
    public Initialization {
        if (!(inputDeviation >= 0 && Float.isFinite(inputDeviation))) {
            throw new IllegalArgumentException("inputDeviation must be a number of at least 0: " + inputDeviation);
        }
        if (!Float.isFinite(forgetBias) || !(forgetSpread >= 0 && Float.isFinite(forgetSpread))) {
            throw new IllegalArgumentException("forgetBias must be a number and forgetSpread one of at least 0: "
                    + forgetBias + ", " + forgetSpread);
        }
    }

    /** Draws all parameters of a model, in the order of its layout, and prepares it. */
    public void apply(SequenceModel model, RandomGenerator random) {
        int hidden = model.config().hidden();
        float bound = (float) (1 / Math.sqrt(hidden));
        for (View view : model.layout().views().values()) {
            float[] values = model.parameters();
            for (int i = view.offset(); i < view.offset() + view.count(); i++) {
                values[i] = switch (view.name()) {
                    case "cell.bias" ->
                        (i - view.offset()) / hidden == 1 ? forgetBias + forgetSpread * symmetric(random) : 0;
                    case "output.bias" -> 0;
                    case "cell.weight_ih" ->
                        inputDeviation > 0
                                ? (float) (inputDeviation * random.nextGaussian())
                                : bound * symmetric(random);
                    default -> bound * symmetric(random);
                };
            }
        }
        model.prepare();
    }

    /** Uniform on [−1, 1). */
    private static float symmetric(RandomGenerator random) {
        return 2 * random.nextFloat() - 1;
    }
}
