package org.sab4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sab4j.run.Layer.Given;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** A YAML file of settings. Keys are the options' names without the dashes before them. */
public final class ConfigFile {

    /** What a run's own file says beside its settings; read over when the file is used for another run. */
    static final String MADE_BY = "made-by";

    private static final long MOST_BYTES = 1 << 20;

    private final Path file;
    private final Layer layer = new Layer();
    private final List<String> problems = new ArrayList<>();

    private ConfigFile(Path file) {
        this.file = file;
    }

    /**
     * The settings of a file. Unknown keys are left to the {@link Resolver}.
     *
     * @throws SettingsException if the file is missing, unreadable or not a map of settings
     */
    public static Layer read(Path file) throws SettingsException {
        ConfigFile config = new ConfigFile(file);
        config.read();
        if (!config.problems.isEmpty()) {
            throw new SettingsException(config.problems);
        }
        return config.layer;
    }

    private void read() {
        String text;
        try {
            if (!Files.exists(file)) {
                problems.add(file + " does not exist");
                return;
            } else if (!Files.isRegularFile(file)) {
                problems.add(file + " is " + (Files.isDirectory(file) ? "a folder" : "no regular file")
                        + ", not a YAML file of settings");
                return;
            } else if (Files.size(file) > MOST_BYTES) {
                problems.add(file + " is too large for a file of settings: " + Files.size(file) + " bytes");
                return;
            }
            text = Files.readString(file);
        } catch (java.nio.charset.CharacterCodingException e) {
            problems.add(file + " is not a text file in UTF-8");
            return;
        } catch (IOException e) {
            problems.add(file + " cannot be read: " + Reason.of(e));
            return;
        }
        parse(text);
    }

    private void parse(String text) {
        YAMLMapper mapper = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = mapper.createParser(text)) {
            JsonToken token = parser.nextToken();
            if (token == null || token == JsonToken.VALUE_NULL) {
                return; // an empty file sets nothing
            } else if (token != JsonToken.START_OBJECT) {
                problems.add(where(parser) + ": settings are wanted, a line for each, such as hidden: 128");
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                entry(parser);
            }
            if (parser.nextToken() != null) {
                problems.add(where(parser) + ": a second document begins, and only one is allowed");
            }
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String line = at == null ? "" : ", line " + Math.max(1, at.getLineNr());
            problems.add(file + line + ": not valid YAML: " + firstLine(e.getOriginalMessage()));
        }
    }

    private void entry(JsonParser parser) {
        String key = parser.currentName();
        String origin = where(parser) + ": " + Settings.shown(key);
        JsonToken value = parser.nextToken();
        if (key.equals(MADE_BY)) {
            parser.skipChildren();
        } else if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
            problems.add(origin + " must be one value, not a list or a map");
            parser.skipChildren();
        } else if (value == JsonToken.VALUE_NULL) {
            problems.add(origin + " has no value: give it one, or leave the line out");
        } else {
            layer.add(key, new Given(parser.getString(), origin));
        }
    }

    private String where(JsonParser parser) {
        return file + ", line " + Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private static String firstLine(String message) {
        return message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("?");
    }

    /** The text of a run's file: all settings, and what made it. */
    static String text(RunConfig config, Map<String, String> madeBy) {
        Map<String, Object> content = Settings.values(config);
        content.put(MADE_BY, madeBy);
        YAMLMapper mapper = new YAMLMapper(YAMLFactory.builder()
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                .build());
        return "# All settings of this run. sab train --config takes this file for another run.\n"
                + mapper.writeValueAsString(content);
    }
}
