package org.sab4j.data.text;

import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.sab4j.data.DataException;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.OnlineState;
import org.sab4j.model.SequenceModel;

/**
 * Writes text with a character model, one character after the other.
 *
 * <p>A model that was trained on sequences of T characters has never seen a state or a memory older than that, and may lose its thread
 * beyond. So after {@code context} characters the writer begins anew, and reads the latest half of them again: twice the work at
 * most. With that, or with {@link WritePolicy.Latest}, neither the cost of a character nor the memory used grows with the text.
 */
public final class Sampler {

    private final SequenceModel model;
    private final Alphabet alphabet;
    private final double temperature;
    private final RandomGenerator random;
    private final WritePolicy policy;
    private final int context;
    private final int[] latest; // symbols, as a ring; empty where it never begins anew
    private OnlineState state;
    private long count; // of symbols

    /**
     * A writer at the beginning of a text.
     *
     * @param context after how many characters to begin anew, at least 2; 0 for never
     * @param temperature what the outputs are divided by before the softmax; 0 takes the likeliest character each time
     */
    public Sampler(
            SequenceModel model,
            Alphabet alphabet,
            WritePolicy policy,
            int context,
            double temperature,
            RandomGenerator random) {
        if (model.config().inputs() != alphabet.size() || model.config().outputs() != alphabet.size()) {
            throw new IllegalArgumentException(
                    "A model that reads " + model.config().inputs() + " symbols and writes "
                            + model.config().outputs() + ", and an alphabet of " + alphabet.size());
        }
        if (alphabet.characters().isEmpty()) {
            throw new IllegalArgumentException("The alphabet has no character to write");
        }
        if (context < 0 || context == 1) {
            throw new IllegalArgumentException("The context must be 0 or at least 2 characters: " + context);
        }
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("The temperature must be a number of at least 0: " + temperature);
        }
        this.model = model;
        this.alphabet = alphabet;
        this.temperature = temperature;
        this.random = random;
        this.policy = policy;
        this.context = context;
        latest = new int[context / 2];
        state = model.start(policy);
    }

    private void step(int symbol) {
        if (context > 0 && state.steps() == context) {
            state = model.start(policy);
            for (long i = count - latest.length; i < count; i++) {
                state = model.step(latest[(int) (i % latest.length)], state);
            }
        }
        state = model.step(symbol, state);
        if (latest.length > 0) {
            latest[(int) (count % latest.length)] = symbol;
        }
        count++;
    }

    /**
     * Reads a text that what is written goes on from.
     *
     * @throws DataException if a character of it is none of the alphabet's; nothing of it is read then
     * @throws ArithmeticException if the model's weights are too large, so that its state would be no number
     */
    public void read(String text) throws DataException {
        int[] characters = text.codePoints().toArray();
        int[] symbols = new int[characters.length];
        for (int i = 0; i < symbols.length; i++) {
            OptionalInt symbol = alphabet.symbol(characters[i]);
            if (symbol.isEmpty()) {
                throw new DataException("the model does not know the character " + Alphabet.shown(characters[i])
                        + ": it has only seen " + shown(alphabet.characters()));
            }
            symbols[i] = symbol.getAsInt();
        }
        for (int symbol : symbols) {
            step(symbol);
        }
    }

    private static String shown(String characters) {
        StringBuilder shown = new StringBuilder();
        characters
                .codePoints()
                .limit(100)
                .forEach(c -> shown.append(Character.isISOControl(c) ? Alphabet.shown(c) : Character.toString(c)));
        return shown.toString();
    }

    /**
     * Writes a character. After {@link #read}, or the first step is from the outputs of no input at all.
     *
     * @throws ArithmeticException if an output is no finite number, of which nothing can be said
     */
    public int next() {
        for (float output : state.outputs()) {
            if (!Float.isFinite(output)) {
                throw new ArithmeticException("What the model says is no finite number: " + output);
            }
        }
        int symbol = temperature == 0 ? likeliest(state.probabilities()) : drawn(state.probabilities(temperature));
        step(symbol);
        return alphabet.character(symbol);
    }

    private int likeliest(double[] probabilities) {
        int best = 0;
        for (int symbol = 1; symbol < probabilities.length; symbol++) {
            if (alphabet.known(symbol) && probabilities[symbol] > probabilities[best]) {
                best = symbol;
            }
        }
        return best;
    }

    /** Never the symbol of unknown characters, which can't be written. */
    private int drawn(double[] probabilities) {
        double sum = 0;
        int last = 0;
        for (int symbol = 0; symbol < probabilities.length; symbol++) {
            if (alphabet.known(symbol)) {
                sum += probabilities[symbol];
                last = symbol;
            }
        }
        double at = random.nextDouble() * sum;
        for (int symbol = 0; symbol < last; symbol++) {
            at -= probabilities[symbol];
            if (at < 0) {
                return symbol;
            }
        }
        return last;
    }
}
