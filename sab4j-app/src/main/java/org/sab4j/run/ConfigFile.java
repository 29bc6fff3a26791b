package org.sab4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sab4j.run.Layer.Given;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** A YAML file of settings. Keys are the options' names without the dashes before them. */
public final class ConfigFile {

    /** What a run's own file says beside its settings; read over when the file is used for another run. */
    static final String MADE_BY = "made-by";

    private ConfigFile() {}

    /**
     * The settings of a file. Unknown keys are left to the {@link Resolver}.
     *
     * @throws SettingsException if the file is missing, unreadable or not a map of settings
     */
    public static Layer read(Path file) throws SettingsException {
        return switch (YamlNode.read(file, "settings")) {
            case YamlNode.Empty empty -> new Layer(); // sets nothing
            case YamlNode.Mapping mapping -> {
                boolean ofRun = mapping.entries().remove(MADE_BY) != null;
                List<String> problems = new ArrayList<>();
                Layer layer = layer(mapping, problems);
                if (ofRun) {
                    addUnknown(layer, file);
                }
                if (!problems.isEmpty()) {
                    throw new SettingsException(problems);
                }
                yield layer;
            }
            case YamlNode other ->
                throw new SettingsException(
                        List.of(other.origin() + ": settings are wanted, a line for each, such as hidden: 128"));
        };
    }

    /** The settings that were not there yet when a run began. */
    private static void addUnknown(Layer layer, Path file) {
        for (Settings.Entry entry : Settings.GENERAL) {
            String key = entry.key();
            if (layer.text(key) == null) {
                Settings.before(key)
                        .ifPresent(value -> layer.add(key, new Given(Settings.text(value), file + ": " + key)));
            }
        }
    }

    /** The settings of a map; what is no single value is a problem. */
    public static Layer layer(YamlNode.Mapping mapping, List<String> problems) {
        Layer layer = new Layer();
        mapping.entries().forEach((key, node) -> {
            String origin = node.origin() + ": " + Settings.shown(key);
            switch (node) {
                case YamlNode.Scalar scalar -> layer.add(key, new Given(scalar.text(), origin));
                case YamlNode.Empty empty -> problems.add(origin + " has no value: give it one, or leave the line out");
                case YamlNode other -> problems.add(origin + " must be one value, not a list or a map");
            }
        });
        return layer;
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
