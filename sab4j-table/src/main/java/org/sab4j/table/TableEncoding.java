package org.sab4j.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Targets;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.model.ModelConfig;

/**
 * How a table becomes vectors, and what outputs stand for: all that a trained model needs besides its parameters.
 *
 * @param goal what is learnt
 * @param sequence the column that tells sequences apart; empty if there is one
 * @param order the column that sorts a sequence's rows; empty for the file's order
 * @param orderKind how order's values compare
 * @param target the column that is predicted
 * @param perStep whether each step has a target; otherwise a sequence has one, at its last step
 * @param horizon how many steps ahead the target stands, at least 1; 0 unless forecasting
 * @param window the most steps of a piece into which long sequences are cut, at least 2; 0 for whole sequences
 * @param missing texts that stand for a missing value, beside the usual ones
 * @param features in the order of the input vector
 * @param outcome what the outputs stand for
 */
public record TableEncoding(
        Goal goal,
        String sequence,
        String order,
        OrderKind orderKind,
        String target,
        boolean perStep,
        int horizon,
        int window,
        List<String> missing,
        List<Feature> features,
        Outcome outcome) {

    /** What a model's metadata call it. */
    private static final String KEY = "data.table";

    /** How order's values compare. */
    public enum OrderKind {
        /** There is no such column: the file's order. */
        FILE,
        /** Whole numbers. */
        WHOLE,
        /** Numbers. */
        NUMBER,
        /** Points in time. */
        TIME
    }

    /** Copies the lists; refuses what no sequence can be cut by, or has no target. */
    public TableEncoding {
        if (goal == Goal.FORECAST && horizon < 1) {
            throw new IllegalArgumentException("The horizon of a forecast must be at least 1: " + horizon);
        } else if (goal != Goal.FORECAST && horizon != 0) {
            throw new IllegalArgumentException("The horizon must be 0 where nothing is forecast: " + horizon);
        }
        new Windows(window); // which refuses what is none
        missing = List.copyOf(missing);
        features = List.copyOf(features);
    }

    /** The encoding as one line of JSON. */
    public String json() {
        return EncodingJson.write(this);
    }

    /** The encoding as a model's file has it beside the {@linkplain org.sab4j.model.ModelTensors#metadata model's settings}: one entry. */
    public SequencedMap<String, String> metadata() {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put(KEY, json());
        return metadata;
    }

    /**
     * The encoding that {@link #json} wrote.
     *
     * @throws IllegalArgumentException if it is none; the message goes on where a name for the text ended
     */
    public static TableEncoding of(String json) {
        return EncodingJson.read(json);
    }

    /**
     * The encoding of a model that {@code sab train classify}, {@code regress} or {@code forecast} has made, or that was written with
     * {@link #metadata}.
     *
     * @param model a run's {@code model.safetensors}
     * @throws FormatException if it says nothing of a table, or nothing that can be used
     */
    public static TableEncoding of(Safetensors model) throws FormatException {
        try {
            return of(model.text(KEY));
        } catch (IllegalArgumentException e) {
            throw new FormatException(model.file(), "says nothing of its table that can be used: " + e.getMessage());
        }
    }

    /** Refuses a mean or a deviation by which nothing can be scaled. */
    static void checkScale(String what, double mean, double deviation) {
        if (!Double.isFinite(mean)) {
            throw new IllegalArgumentException(what + " must have a finite mean: " + mean);
        } else if (!(deviation > 0 && Double.isFinite(deviation))) {
            throw new IllegalArgumentException(what + " must have a finite deviation above 0: " + deviation);
        }
    }

    /** The names of the target's classes; null where it is a number. */
    @Nullable
    List<String> classes() {
        return outcome instanceof Outcome.Classes classes ? classes.names() : null;
    }

    /** The width of the input vector, I. */
    public int inputs() {
        return features.stream().mapToInt(Feature::width).sum();
    }

    /** Refuses a model whose inputs or outputs are not the encoding's. */
    void checkFit(ModelConfig config) {
        if (config.inputs() != inputs() || config.outputs() != outcome.outputs()) {
            throw new IllegalArgumentException("The table's encoding has " + inputs() + " inputs and "
                    + outcome.outputs() + " outputs, the model " + config.inputs() + " and " + config.outputs());
        }
    }

    /**
     * Writes a step's input vector from {@code at} on.
     *
     * @param raw a raw value a feature, see {@link Feature}
     */
    public void encode(double[] raw, float[] inputs, int at) {
        int next = at;
        for (int i = 0; i < features.size(); i++) {
            features.get(i).encode(raw[i], inputs, next);
            next += features.get(i).width();
        }
    }

    /**
     * What steps are to be compared with.
     *
     * @param found a class's index or a number for each; NaN where there is none
     * @param weights the classes' weights; empty if all count the same
     */
    Targets targets(double[] found, float[] weights) {
        return switch (outcome) {
            case Outcome.Classes classes -> {
                int[] values = new int[found.length];
                Arrays.setAll(values, i -> Double.isNaN(found[i]) ? Targets.NONE : (int) found[i]);
                yield new Targets.Classes(values, weights);
            }
            case Outcome.Value value -> {
                float[] values = new float[found.length];
                boolean[] scored = new boolean[found.length];
                for (int i = 0; i < found.length; i++) {
                    scored[i] = !Double.isNaN(found[i]);
                    values[i] = scored[i] ? (float) ((found[i] - value.mean()) / value.deviation()) : 0;
                }
                yield new Targets.Values(values, scored);
            }
        };
    }
}
