package org.sab4j.table;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a row from a line of JSON as {@link Rows} reads it from a table. */
final class StreamRow {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // all digits of an order
            .build();
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern TWICE = Pattern.compile("Duplicate Object property \"(.*?)\"");

    private final TableEncoding encoding;
    private final List<FeatureReader> readers;

    /** A line that is no row. The message is for the user. */
    static final class BadLine extends Exception {
        private static final long serialVersionUID = 1L;

        BadLine(String message) {
            super(message);
        }
    }

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private final Set<Double> missingNumbers;
    private final Set<Long> missingTimes; // microseconds since 1970

    StreamRow(TableEncoding encoding) {
        this.encoding = encoding;
        readers = encoding.features().stream().map(FeatureReader::of).toList();
        missingNumbers = encoding.missing().stream()
                .flatMapToDouble(text -> parsed(text).stream())
                .mapToObj(number -> number + 0.0)
                .collect(Collectors.toSet());
        missingTimes = encoding.missing().stream()
                .flatMapToLong(text -> TimeText.micros(text).stream())
                .boxed()
                .collect(Collectors.toSet());
    }

    /** The object that a line in UTF-8 holds. */
    static JsonNode object(byte[] line) throws BadLine {
        JsonNode node;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            node = JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw new BadLine("is not UTF-8 text: write it as UTF-8");
        } catch (NumberFormatException e) {
            throw new BadLine("holds a number whose exponent is out of all bounds");
        } catch (JacksonException e) {
            Matcher twice = TWICE.matcher(String.valueOf(e.getOriginalMessage()));
            if (twice.lookingAt()) {
                throw new BadLine("has " + TableException.quoted(twice.group(1)) + " twice: give each column once");
            }
            throw new BadLine("is no JSON: a line is one object, {\"column\": value, …}");
        }
        if (!node.isObject()) {
            throw new BadLine("is no JSON object: a line is one object, {\"column\": value, …}");
        }
        return node;
    }

    /** The sequence's name; empty where the model knows of one sequence only. */
    String sequence(JsonNode row) throws BadLine {
        if (encoding.sequence().isEmpty()) {
            return "";
        }
        String text = key(row, encoding.sequence());
        if (text == null) {
            throw new BadLine("has no " + TableException.quoted(encoding.sequence()) + ", which tells sequences apart");
        }
        return text;
    }

    /** Where the row stands in its sequence, exactly; null where the model knows of no order but that of the rows. */
    @Nullable
    BigDecimal order(JsonNode row) throws BadLine {
        String name = encoding.order();
        if (name.isEmpty()) {
            return null;
        }
        String text = key(row, name);
        if (text == null) {
            throw new BadLine("has no " + TableException.quoted(name) + ", the order of a sequence's rows: give it");
        }
        if (encoding.orderKind() == TableEncoding.OrderKind.TIME) {
            return BigDecimal.valueOf(TimeText.micros(text.strip()).orElseThrow(() -> none("time", name, text)));
        }
        parsed(text).orElseThrow(() -> none("number", name, text));
        JsonNode value = row.get(name);
        if (value.isBigDecimal()) {
            return value.decimalValue();
        }
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException e) { // an exponent that is out of all bounds
            throw none("number", name, text);
        }
    }

    /** The features' raw values. */
    double[] raw(JsonNode row) throws BadLine {
        double[] raw = new double[readers.size()];
        for (int i = 0; i < raw.length; i++) {
            String name = encoding.features().get(i).name();
            if (!row.has(name)) {
                throw new BadLine("has no " + TableException.quoted(name)
                        + ", which the model takes: give it, null where nothing is known");
            }
            FeatureReader reader = readers.get(i);
            if (reader.kind() == Rows.Kind.CATEGORY) {
                String word = text(row, name);
                raw[i] = word == null ? Double.NaN : reader.raw(word);
            } else {
                raw[i] = number(row, name, reader.kind() == Rows.Kind.TIME);
            }
        }
        return raw;
    }

    /** A category's word as the model compares it. */
    String word(JsonNode row, int feature) {
        return Rows.trimmed(asTable(row.get(encoding.features().get(feature).name())));
    }

    /** What places a row, of which --missing does not speak. */
    private static @Nullable String key(JsonNode row, String name) throws BadLine {
        JsonNode value = row.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isValueNode()) {
            throw new BadLine("has no single value as " + TableException.quoted(name));
        }
        String text = Rows.trimmed(asTable(value));
        return Rows.MISSING.contains(text) ? null : text;
    }

    /** A value's text as a table of doubles has it: 1.5 for 1.50. */
    private static String asTable(JsonNode value) {
        double number = value.isBigDecimal() ? value.decimalValue().doubleValue() : Double.NaN;
        return Double.isFinite(number) ? written(number) : value.asString();
    }

    /** As DuckDB writes it: 0.0005, 12345678.5, 5e-05, 1e+16. */
    static String written(double number) {
        String digits = Double.toString(number);
        int exponent = digits.indexOf('E');
        if (exponent < 0) {
            return digits;
        }
        double size = Math.abs(number);
        if (size >= 1e-4 && size < 1e16) {
            String plain = new BigDecimal(digits).stripTrailingZeros().toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        int power = Integer.parseInt(digits.substring(exponent + 1));
        String mantissa = digits.substring(0, exponent);
        return (mantissa.endsWith(".0") ? mantissa.substring(0, mantissa.length() - 2) : mantissa)
                + String.format(Locale.ROOT, "e%s%02d", power < 0 ? "-" : "+", Math.abs(power));
    }

    private @Nullable String text(JsonNode row, String name) throws BadLine {
        String text = key(row, name);
        return text == null || encoding.missing().contains(text) || isMissingNumber(text) || isMissingTime(text)
                ? null
                : text;
    }

    /** Whether a text is a number that stands for a missing value, however it is written. */
    private boolean isMissingNumber(String text) {
        OptionalDouble number = missingNumbers.isEmpty() ? OptionalDouble.empty() : parsed(text);
        return number.isPresent() && missingNumbers.contains(number.getAsDouble() + 0.0); // no -0
    }

    /** The same of a time. */
    private boolean isMissingTime(String text) {
        OptionalLong time = missingTimes.isEmpty() ? OptionalLong.empty() : TimeText.micros(text);
        return time.isPresent() && missingTimes.contains(time.getAsLong());
    }

    private double number(JsonNode row, String name, boolean time) throws BadLine {
        String text = text(row, name);
        if (text == null) {
            return Double.NaN;
        }
        OptionalDouble value = time ? TimeText.seconds(text.strip()) : parsed(text);
        return value.orElseThrow(() -> none(time ? "time" : "number", name, text));
    }

    private static BadLine none(String kind, String name, String text) {
        return new BadLine(
                "holds no " + kind + " as " + TableException.quoted(name) + ": " + TableException.quoted(text));
    }

    /** A number as people write it, and not as Java does: no {@code 1d}. */
    static OptionalDouble parsed(String text) {
        String number = text.strip(); // the table's database, too, minds no white space around numbers
        if (!NUMBER.matcher(number).matches()) {
            return OptionalDouble.empty();
        }
        try {
            double value = Double.parseDouble(number);
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
