package org.sab4j.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An encoding as JSON, as it is kept with a model. */
final class EncodingJson {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int FORMAT = 1;

    private EncodingJson() {}

    /** The encoding as one line. Numbers keep all their digits. */
    static String write(TableEncoding encoding) {
        ObjectNode node = JSON.createObjectNode();
        node.put("format", FORMAT);
        node.put("goal", lower(encoding.goal()));
        node.put("sequence", encoding.sequence());
        node.put("order", encoding.order());
        node.put("orderKind", lower(encoding.orderKind()));
        node.put("target", encoding.target());
        node.put("perStep", encoding.perStep());
        node.put("horizon", encoding.horizon());
        node.put("window", encoding.window());
        texts(node.putArray("missing"), encoding.missing());
        ArrayNode features = node.putArray("features");
        encoding.features().forEach(feature -> write(feature, features.addObject()));
        switch (encoding.outcome()) {
            case Outcome.Classes classes -> {
                texts(node.putArray("classes"), classes.names());
                if (!classes.weights().isEmpty()) {
                    ArrayNode weights = node.putArray("classWeights");
                    classes.weights().forEach(weights::add);
                }
            }
            case Outcome.Value value -> node.put("mean", value.mean()).put("deviation", value.deviation());
        }
        return JSON.writeValueAsString(node);
    }

    private static void write(Feature feature, ObjectNode node) {
        node.put("name", feature.name());
        switch (feature) {
            case Feature.Numeric number ->
                node.put("time", number.time())
                        .put("mean", number.mean())
                        .put("deviation", number.deviation())
                        .put("missing", number.missing());
            case Feature.Category category -> {
                texts(node.putArray("words"), category.words());
                node.put("missing", category.missing());
            }
        }
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none
     */
    static TableEncoding read(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node.required("format").asInt() != FORMAT) {
                throw new IllegalArgumentException("its format is that of another version of sab4j");
            }
            return read(node);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is damaged", e);
        }
    }

    private static TableEncoding read(JsonNode node) {
        try {
            List<Feature> features = new ArrayList<>();
            node.required("features").forEach(feature -> features.add(feature(feature)));
            return new TableEncoding(
                    Goal.valueOf(upper(node, "goal")),
                    node.required("sequence").asString(),
                    node.required("order").asString(),
                    TableEncoding.OrderKind.valueOf(upper(node, "orderKind")),
                    node.required("target").asString(),
                    node.required("perStep").asBoolean(),
                    node.required("horizon").asInt(),
                    node.required("window").asInt(),
                    texts(node.required("missing")),
                    features,
                    node.has("classes")
                            ? new Outcome.Classes(texts(node.required("classes")), weights(node.path("classWeights")))
                            : new Outcome.Value(number(node, "mean"), number(node, "deviation")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is damaged: " + e.getMessage(), e);
        }
    }

    private static Feature feature(JsonNode node) {
        String name = node.required("name").asString();
        boolean missing = node.required("missing").asBoolean();
        return node.has("words")
                ? new Feature.Category(name, texts(node.required("words")), missing)
                : new Feature.Numeric(
                        name,
                        node.required("time").asBoolean(),
                        number(node, "mean"),
                        number(node, "deviation"),
                        missing);
    }

    private static double number(JsonNode node, String key) {
        return node.required(key).asDouble();
    }

    private static List<Float> weights(JsonNode array) {
        List<Float> weights = new ArrayList<>();
        array.forEach(weight -> weights.add((float) weight.asDouble()));
        return weights;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String upper(JsonNode node, String key) {
        return node.required(key).asString().toUpperCase(Locale.ROOT);
    }
}
