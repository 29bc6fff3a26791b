package org.sab4j.model;

import java.util.random.RandomGenerator;
import org.sab4j.tensor.ParameterLayout.View;

/**
 * How parameters are drawn before training. The paper does not say; ours is chosen by evidence.
 *
 * <p>Weights are uniform on ±1/√H (PyTorch's rule for an LSTM), biases zero, save for what is said here.
 *
 * @param inputDeviation the standard deviation of {@code cell.weight_ih}, normal; 0 means uniform on ±1/√H like the others
 * @param candidateGain the recurrent weights of the candidates, the rows g of {@code cell.weight_hh}, are uniform on
 *     ±candidateGain/√H: how strongly the content of the state is mixed anew at each step
 * @param gateSpread to every gate's bias is added what is uniform on ±gateSpread
 * @param forgetBias the middle of the biases of the forget gates
 * @param forgetSpread to the forget gates' biases is added what is uniform on {@code forgetBias ± forgetSpread}: units of
 *     different time constants, which tell steps apart
 * @param scoreBound {@code attention.w3} is uniform on ±scoreBound; 0 means ±1/√H like the others
 */
public record Initialization(
        float inputDeviation,
        float candidateGain,
        float gateSpread,
        float forgetBias,
        float forgetSpread,
        float scoreBound) {

    /** What the documentation recommends for symbols as inputs. */
    public static final Initialization DEFAULT = new Initialization(3, 4, 0, 0, 3, 0);

    /** What the command takes for the rows of tables: vectors of some features, each of deviation 1 or so. */
    public static final Initialization VECTORS = new Initialization(1, 1, 0, 0, 3, 0);

    /** All weights uniform on ±1/√H, all biases zero. */
    public static final Initialization PLAIN = new Initialization(0, 1, 0, 0, 0, 0);

    /** Refuses what is no number. */
    public Initialization {
        atLeastZero("inputDeviation", inputDeviation);
        atLeastZero("candidateGain", candidateGain);
        atLeastZero("gateSpread", gateSpread);
        atLeastZero("forgetSpread", forgetSpread);
        atLeastZero("scoreBound", scoreBound);
        if (!Float.isFinite(forgetBias)) {
            throw new IllegalArgumentException("forgetBias must be a number: " + forgetBias);
        }
    }

    private static void atLeastZero(String name, float value) {
        if (!(value >= 0 && Float.isFinite(value))) {
            throw new IllegalArgumentException(name + " must be a number of at least 0: " + value);
        }
    }

    /** Draws all parameters of a model, in the order of its layout, and prepares it. */
    public void apply(SequenceModel model, RandomGenerator random) {
        int hidden = model.config().hidden();
        float bound = (float) (1 / Math.sqrt(hidden));
        for (View view : model.layout().views().values()) {
            float[] values = model.parameters();
            int count = view.count();
            for (int i = view.offset(); i < view.offset() + count; i++) {
                values[i] = switch (view.name()) {
                    case "cell.bias" -> {
                        float bias = gateSpread * symmetric(random);
                        yield gate(i - view.offset(), count, 1)
                                ? bias + forgetBias + forgetSpread * symmetric(random)
                                : bias;
                    }
                    case "attention.w3" -> (scoreBound > 0 ? scoreBound : bound) * symmetric(random);
                    case "output.bias" -> 0;
                    case "cell.weight_ih" ->
                        inputDeviation > 0
                                ? (float) (inputDeviation * random.nextGaussian())
                                : bound * symmetric(random);
                    case "cell.weight_hh" ->
                        (gate(i - view.offset(), count, 2) ? candidateGain : 1) * bound * symmetric(random);
                    default -> bound * symmetric(random);
                };
            }
        }
        model.prepare();
    }

    /** Whether an entry of a view of 4H rows, of {@code count} entries, is of that gate: i, f, g, o are 0 … 3. */
    private static boolean gate(int entry, int count, int gate) {
        return 4L * entry / count == gate;
    }

    /** Uniform on [−1, 1). */
    private static float symmetric(RandomGenerator random) {
        return 2 * random.nextFloat() - 1;
    }
}
