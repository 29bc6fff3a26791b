package org.sab4j.run;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.sab4j.checkpoint.Reason;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** A part of a YAML document that knows where it stands, so that a complaint can name the line. */
public sealed interface YamlNode {

    /** Where it stands, such as {@code my.yaml, line 3}; for a value of a map, where its key stands. */
    String origin();

    /** Nothing: an empty document, or a key without a value. */
    record Empty(String origin) implements YamlNode {}

    /** A text, a number or a truth value, as it was written. */
    record Scalar(String origin, String text) implements YamlNode {}

    /** A list. */
    record Sequence(String origin, List<YamlNode> items) implements YamlNode {}

    /** A map, in the order of the file. */
    record Mapping(String origin, SequencedMap<String, YamlNode> entries) implements YamlNode {}

    /**
     * Reads a file.
     *
     * @param kind what the file should be, such as {@code settings}
     * @throws SettingsException if it is missing, unreadable or no YAML
     */
    static YamlNode read(Path file, String kind) throws SettingsException {
        String problem;
        try {
            if (!Files.exists(file)) {
                problem = " does not exist";
            } else if (!Files.isRegularFile(file)) {
                problem = " is " + (Files.isDirectory(file) ? "a folder" : "no regular file") + ", not a YAML file of "
                        + kind;
            } else if (Files.size(file) > Reader.MOST_BYTES) {
                problem = " is too large for a file of " + kind + ": " + Files.size(file) + " bytes";
            } else {
                return parse(file.toString(), Files.readString(file));
            }
        } catch (CharacterCodingException e) {
            problem = " is not a text file in UTF-8";
        } catch (IOException e) {
            problem = " cannot be read: " + Reason.of(e);
        }
        throw new SettingsException(List.of(file + problem));
    }

    /**
     * Reads a text.
     *
     * @param name what complaints call it
     * @throws SettingsException if it is no YAML
     */
    static YamlNode parse(String name, String text) throws SettingsException {
        return new Reader(name).read(text);
    }

    /** From the parser's tokens to nodes. */
    final class Reader {

        private static final Pattern PLACE = Pattern.compile("(?m)^ in .*, line (\\d+),");

        private static final long MOST_BYTES = 1 << 20;

        private final String name;

        private Reader(String name) {
            this.name = name;
        }

        private YamlNode read(String text) throws SettingsException {
            YAMLMapper mapper = YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();
            try (YAMLParser parser = (YAMLParser) mapper.createParser(text)) {
                YamlNode root = parser.nextToken() == null ? new Empty(name) : node(parser, where(parser));
                if (parser.nextToken() != null) {
                    throw new SettingsException(
                            List.of(where(parser) + ": a second document begins, and only one is allowed"));
                }
                return root;
            } catch (JacksonException e) {
                throw new SettingsException(List.of(name + line(e) + ": not valid YAML: " + problem(e)));
            }
        }

        private YamlNode node(YAMLParser parser, String origin) throws SettingsException {
            if (parser.isCurrentAlias()) { // the parser tells its name alone, as if that were the value
                throw new SettingsException(List.of(
                        origin + ": *" + parser.getString() + " stands for another value: write that value out"));
            }
            JsonToken token = parser.currentToken();
            if (token == JsonToken.START_OBJECT) {
                SequencedMap<String, YamlNode> entries = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String key = parser.currentName();
                    String at = where(parser);
                    if (key.equals("<<")) {
                        throw new SettingsException(
                                List.of(at + ": << stands for another map's entries: write those out"));
                    }
                    parser.nextToken();
                    entries.put(key, node(parser, at));
                }
                return new Mapping(origin, entries);
            } else if (token == JsonToken.START_ARRAY) {
                List<YamlNode> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(node(parser, where(parser)));
                }
                return new Sequence(origin, items);
            } else if (token == JsonToken.VALUE_NULL) {
                return new Empty(origin);
            }
            return new Scalar(origin, parser.getString());
        }

        private String where(JsonParser parser) {
            return name + ", line " + Math.max(1, parser.currentTokenLocation().getLineNr());
        }

        /** Where the problem is, which may be behind where what it is in begins. */
        private static String line(JacksonException e) {
            return PLACE.matcher(e.getOriginalMessage())
                    .results()
                    .map(place -> ", line " + place.group(1))
                    .reduce((first, last) -> last)
                    .orElseGet(() -> {
                        TokenStreamLocation at = e.getLocation();
                        return at == null ? "" : ", line " + Math.max(1, at.getLineNr());
                    });
        }

        /** The sentence that says what is wrong: not what was being read, nor where, nor an excerpt. */
        private static String problem(JacksonException e) {
            return e.getOriginalMessage()
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith(" ") && !line.startsWith("while "))
                    .findFirst()
                    .orElse("?");
        }
    }
}
