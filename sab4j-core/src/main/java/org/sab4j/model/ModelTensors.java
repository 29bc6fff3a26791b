package org.sab4j.model;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.kernels.Kernels;
import org.sab4j.memory.Keep;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;

/** A model as tensors and texts, as they lie in a safetensors file. */
public final class ModelTensors {

    private ModelTensors() {}

    /** The settings as texts: {@code hidden}, {@code k_top}, {@code score} …. */
    public static SequencedMap<String, String> metadata(ModelConfig config) {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("input", String.valueOf(config.inputs()));
        metadata.put("hidden", String.valueOf(config.hidden()));
        metadata.put("attention_hidden", String.valueOf(config.attentionHidden()));
        metadata.put("output", String.valueOf(config.outputs()));
        metadata.put("attention", lower(config.attention()));
        metadata.put("score", lower(config.score()));
        metadata.put("sparsifier", lower(config.sparsifier()));
        metadata.put("k_top", String.valueOf(config.kTop()));
        metadata.put("k_att", String.valueOf(config.kAtt()));
        metadata.put("k_trunc", String.valueOf(config.kTrunc()));
        metadata.put("mental_updates", config.mentalUpdates() == MentalUpdates.ON ? "1" : "0");
        metadata.put("direct_credit", config.mentalUpdates() == MentalUpdates.DIRECT ? "1" : "0");
        metadata.put("epsilon", String.valueOf(config.epsilon()));
        metadata.put("score_scale", String.valueOf(config.scoreScale()));
        metadata.put("score_credit", config.scoreCredit() ? "1" : "0");
        metadata.put("memory_bound", String.valueOf(config.memoryBound()));
        metadata.put("max_hops", String.valueOf(config.maxHops()));
        metadata.put("keep", lower(config.keep()));
        metadata.put("memories", String.valueOf(config.memories()));
        metadata.put("beam", String.valueOf(config.beam()));
        return metadata;
    }

    /** The settings that {@link #metadata} wrote. */
    public static ModelConfig config(Safetensors file) throws FormatException {
        try {
            return new ModelConfig(
                    setting(file, "input", null, Integer::parseInt),
                    setting(file, "hidden", null, Integer::parseInt),
                    setting(file, "attention_hidden", null, Integer::parseInt),
                    setting(file, "output", null, Integer::parseInt),
                    setting(file, "attention", null, text -> Attention.valueOf(upper(text))),
                    setting(file, "score", null, text -> ScoreKind.valueOf(upper(text))),
                    setting(file, "sparsifier", null, text -> Sparsifier.valueOf(upper(text))),
                    setting(file, "k_top", null, Integer::parseInt),
                    setting(file, "k_att", null, Integer::parseInt),
                    setting(file, "k_trunc", null, Integer::parseInt),
                    mentalUpdates(file),
                    setting(file, "epsilon", null, Float::parseFloat),
                    setting(file, "score_scale", "1", Float::parseFloat),
                    setting(file, "score_credit", "1", ModelTensors::isOn),
                    setting(file, "memory_bound", "0", Float::parseFloat),
                    setting(file, "max_hops", "0", Integer::parseInt),
                    setting(file, "keep", "all", text -> Keep.valueOf(upper(text))),
                    setting(file, "memories", "0", Integer::parseInt),
                    setting(file, "beam", "0", Integer::parseInt));
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    file.file(), "holds a setting that this version does not know: " + e.getMessage());
        }
    }

    /** Each parameter under its name, with {@code prefix} before it; copies. */
    public static SequencedMap<String, TensorData> tensors(ParameterLayout layout, float[] values, String prefix) {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        for (View view : layout.views().values()) {
            float[] copy = java.util.Arrays.copyOfRange(values, view.offset(), view.offset() + view.count());
            tensors.put(prefix + view.name(), new TensorData.Floats(view.shape().sizes(), copy));
        }
        return tensors;
    }

    /**
     * Reads what {@link #tensors} wrote of a model's parameters, or of an average of them or their gradients, into {@code values}.
     *
     * @throws FormatException if one isn't there with its shape, or a number of it is not finite
     */
    public static void readParameters(Safetensors file, ParameterLayout layout, float[] values, String prefix)
            throws FormatException {
        read(file, layout, values, prefix, Double::isFinite);
    }

    /**
     * Reads what {@link #tensors} wrote of averages of the gradients' squares, which may be infinite, into {@code values}.
     *
     * @throws FormatException if one isn't there with its shape, or a number of it is NaN or below 0
     */
    public static void readSquares(Safetensors file, ParameterLayout layout, float[] values, String prefix)
            throws FormatException {
        read(file, layout, values, prefix, value -> value >= 0);
    }

    private static void read(
            Safetensors file, ParameterLayout layout, float[] values, String prefix, DoublePredicate usable)
            throws FormatException {
        for (View view : layout.views().values()) {
            int[] shape =
                    view.shape().sizes().stream().mapToInt(Integer::intValue).toArray();
            float[] found = file.floats(prefix + view.name(), shape);
            for (float value : found) {
                if (!usable.test(value)) {
                    throw new FormatException(
                            file.file(),
                            "holds " + value + " in the tensor \"" + prefix + view.name()
                                    + "\", with which nothing can be computed: take an earlier file");
                }
            }
            System.arraycopy(found, 0, values, view.offset(), found.length);
        }
    }

    /**
     * The model that a file holds, prepared.
     *
     * @throws FormatException if it holds none that this version knows, or one of which a parameter is missing or not finite
     */
    public static SequenceModel model(Safetensors file, Kernels kernels) throws FormatException {
        SequenceModel model;
        ModelConfig config = config(file);
        try {
            checkHolds(file, SequenceModel.parameters(config));
            model = new SequenceModel(config, kernels);
        } catch (ArithmeticException | NegativeArraySizeException | OutOfMemoryError e) {
            throw new FormatException(
                    file.file(), "holds a model that is too large: " + file.text("hidden") + " hidden units");
        }
        readParameters(file, model.layout(), model.parameters(), "");
        model.prepare();
        return model;
    }

    /** Refuses a file that holds fewer numbers than there are parameters, before there is room for these. */
    private static void checkHolds(Safetensors file, int parameters) throws FormatException {
        long held = file.tensors().values().stream().mapToLong(TensorData::size).sum();
        if (held < parameters) {
            throw new FormatException(
                    file.file(),
                    "holds " + held + " numbers, and a model of " + file.text("hidden")
                            + " hidden units as in its metadata has " + parameters + " parameters");
        }
    }

    private static MentalUpdates mentalUpdates(Safetensors file) throws FormatException {
        if (setting(file, "mental_updates", null, ModelTensors::isOn)) {
            return MentalUpdates.ON;
        }
        return setting(file, "direct_credit", "0", ModelTensors::isOn) ? MentalUpdates.DIRECT : MentalUpdates.OFF;
    }

    /**
     * A setting out of the metadata.
     *
     * @param earlier what it was in files that do not name it; null if all do
     */
    private static <T> T setting(Safetensors file, String key, @Nullable String earlier, Function<String, T> parse)
            throws FormatException {
        String text = earlier == null ? file.text(key) : file.metadata().getOrDefault(key, earlier);
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    file.file(),
                    "holds a setting that this version does not know: " + key + " " + FormatException.quoted(text));
        }
    }

    private static boolean isOn(String text) {
        if (!text.equals("0") && !text.equals("1")) {
            throw new IllegalArgumentException(text);
        }
        return text.equals("1");
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
