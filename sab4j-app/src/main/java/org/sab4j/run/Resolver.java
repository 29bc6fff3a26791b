package org.sab4j.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.sab4j.run.Layer.Given;

/** From what was given, and the defaults, to a whole configuration. */
public final class Resolver {

    /** Settings whose value has a section of its own in the defaults, in the order in which these are laid over each other. */
    private static final List<String> CHOOSERS = List.of("task", "model", "score", "sparsifier");

    private final SequencedMap<String, Given> given = new LinkedHashMap<>();
    private final SequencedMap<String, Object> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private Resolver() {}

    /**
     * The configuration.
     *
     * @param layers the lowest first
     * @throws SettingsException with a sentence for everything that is wrong
     */
    public static RunConfig resolve(List<Layer> layers) throws SettingsException {
        Resolver resolver = new Resolver();
        layers.forEach(layer -> resolver.given.putAll(layer.values()));
        return resolver.resolve();
    }

    private RunConfig resolve() throws SettingsException {
        take(Defaults.section("all"));
        take(given);
        if (!values.containsKey("task") && !given.containsKey("task")) {
            problems.add("which task? sab train copy, or sab train adding");
        }
        stopAtProblems();
        List<String> sections = CHOOSERS.stream().map(key -> text(key)).toList();
        sections.forEach(section -> take(Defaults.section(section)));
        take(given);
        values.putIfAbsent("attention-hidden", values.get("hidden"));
        values.putIfAbsent("threads", defaultThreads());
        RunConfig config = Settings.config(values);
        problems.addAll(config.problems());
        stopAtProblems();
        return config;
    }

    private void take(Map<String, Given> layer) {
        layer.forEach((key, value) -> {
            Settings.Entry entry = Settings.named(key);
            if (entry == null) {
                problems.add(value.origin() + " is no setting: " + Settings.suggestion(key));
                return;
            }
            try {
                values.put(key, entry.parse(value.text()));
            } catch (IllegalArgumentException e) {
                problems.add(value.origin() + " " + e.getMessage());
            }
        });
    }

    private void stopAtProblems() throws SettingsException {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    private String text(String key) {
        Object value = values.get(key);
        return value == null ? "" : Settings.text(value);
    }

    /** All cores, as far as there are shards for them. */
    private int defaultThreads() {
        int shards =
                Math.ceilDiv((Integer) values.getOrDefault("batch", 1), (Integer) values.getOrDefault("shard-rows", 1));
        return Math.clamp(shards, 1, Runtime.getRuntime().availableProcessors());
    }
}
