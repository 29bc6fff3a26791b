package org.sab4j.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.sab4j.run.Layer.Given;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The defaults in {@code defaults.yaml}: what a section says holds for all that its title names; of two for the same the later wins. */
public final class Defaults {

    private static final String FILE = "defaults.yaml";
    private static final Map<String, SequencedMap<String, Given>> SECTIONS = read();

    private Defaults() {}

    /** A section; empty if there is none of that name. */
    static SequencedMap<String, Given> section(String name) {
        return SECTIONS.getOrDefault(name, new LinkedHashMap<>());
    }

    /** The default of a setting that every run has, as the user writes it; empty if it has none. */
    public static String text(String key) {
        Given given = section("all").get(key);
        return given == null ? "" : given.text();
    }

    /**
     * The default of a setting that every run has, and after it what tasks, models, scores and sparsifiers have in its place:
     * {@code 128; chars: 256; ptb, text8: 1000}; of several that hold the later wins.
     */
    public static String all(String key) {
        String latest = text(key);
        StringBuilder text = new StringBuilder(latest);
        List<String> names = new ArrayList<>(); // whose default is the latest one, not yet in the text
        for (Map.Entry<String, SequencedMap<String, Given>> section : SECTIONS.entrySet()) {
            Given given =
                    section.getKey().equals("all") ? null : section.getValue().get(key);
            if (given != null && !given.text().equals(latest)) {
                add(text, names, latest);
                names.clear();
                names.add(section.getKey());
                latest = given.text();
            } else if (given != null && !names.isEmpty()) {
                names.add(section.getKey());
            }
        }
        add(text, names, latest);
        return text.toString();
    }

    private static void add(StringBuilder text, List<String> names, String value) {
        if (!names.isEmpty()) {
            text.append("; ").append(String.join(", ", names)).append(": ").append(value);
        }
    }

    /**
     * The default of a setting for a task, as the user writes it, and after it what the task's presets have in its place: {@code 100;
     * text8: 180}. Empty if it has none.
     */
    public static String text(String key, TaskKind task) {
        Given given = section(Settings.text(task)).get(key);
        String usual = given == null ? text(key) : given.text();
        SequencedMap<String, List<String>> others = new LinkedHashMap<>();
        if (task == TaskKind.CHARS) {
            for (CharsOptions.Preset preset : CharsOptions.Preset.values()) {
                String name = Settings.text(preset);
                Given own = section(name).get(key);
                if (own != null && !own.text().equals(usual)) {
                    others.computeIfAbsent(own.text(), _ -> new ArrayList<>()).add(name);
                }
            }
        }
        StringBuilder text = new StringBuilder(usual);
        others.forEach((value, names) -> add(text, names, value));
        return text.toString();
    }

    private static Map<String, SequencedMap<String, Given>> read() {
        try (InputStream in = Objects.requireNonNull(Defaults.class.getResourceAsStream(FILE))) {
            Map<String, SequencedMap<String, Given>> sections = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> section :
                    new YAMLMapper().readTree(in).properties()) {
                for (String name : section.getKey().split(", ", -1)) {
                    SequencedMap<String, Given> values = sections.computeIfAbsent(name, _ -> new LinkedHashMap<>());
                    section.getValue()
                            .properties()
                            .forEach(entry -> values.put(
                                    entry.getKey(),
                                    new Given(entry.getValue().asString(), FILE + ": " + entry.getKey())));
                }
            }
            return sections;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
