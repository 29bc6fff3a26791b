package org.sab4j.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.Layer.Given;
import org.sab4j.train.ThreadTeam;
import org.sab4j.train.TrainConfig;

/** From what was given, and the defaults, to a whole configuration. */
public final class Resolver {

    /** Settings whose value has a section of its own in the defaults, in the order in which these are laid over each other. */
    private static final List<String> CHOOSERS = List.of("task", "preset", "score", "model", "sparsifier");

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
        TaskKind task = task();
        take(Defaults.section("all"), task);
        take(given, task);
        stopAtProblems();
        TaskKind known = Objects.requireNonNull(task); // or there was a problem
        values.put("task", known);
        for (String chooser : CHOOSERS) {
            if (Settings.isIdle(chooser, values)) {
                continue; // so that what plays no part brings nothing along
            }
            take(Defaults.section(text(chooser)), known);
            take(Defaults.section(Settings.text(known) + " " + text(chooser)), known);
            take(given, known);
        }
        values.putIfAbsent("attention-hidden", values.get("hidden"));
        values.putIfAbsent("threads", defaultThreads());
        values.putIfAbsent("shard-rows", TrainConfig.shardRows(number("hidden"), number("batch"), number("threads")));
        RunConfig config = Settings.config(known, values);
        problems.addAll(config.problems());
        stopAtProblems();
        return config;
    }

    /** The task, which decides what other settings there are; null with a problem noted. */
    private @Nullable TaskKind task() {
        Given text = given.get("task");
        if (text == null) {
            problems.add("which task? sab train copy, for instance; there are " + String.join(", ", TaskKind.names()));
            return null;
        }
        try {
            return (TaskKind) Settings.GENERAL.getFirst().parse(text.text());
        } catch (IllegalArgumentException e) {
            problems.add(text.origin() + " " + e.getMessage());
            return null;
        }
    }

    private void take(Map<String, Given> layer, @Nullable TaskKind task) {
        layer.forEach((key, value) -> {
            List<TaskKind> tasks = task == null ? Settings.tasksWith(key) : List.of(task);
            Settings.Entry entry = tasks.isEmpty()
                    ? Settings.named(Settings.GENERAL, key)
                    : Settings.named(Settings.all(tasks.getFirst()), key);
            if (entry == null) {
                problems.add(value.origin() + " " + unknown(key, task));
            } else if (!key.equals("task")) {
                take(key, entry, value);
            }
        });
    }

    private void take(String key, Settings.Entry entry, Given value) {
        try {
            values.put(key, entry.parse(value.text()));
        } catch (IllegalArgumentException e) {
            problems.add(value.origin() + " " + e.getMessage());
        }
    }

    private static String unknown(String key, @Nullable TaskKind task) {
        List<TaskKind> others = Settings.tasksWith(key);
        if (task == null || others.isEmpty()) {
            return "is no setting: " + Settings.suggestion(key);
        }
        return "is no setting of the task " + Settings.text(task) + ", only of "
                + String.join(", ", others.stream().map(Settings::text).toList());
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

    /** All cores, as far as there are shards for them or threads share one. */
    private int defaultThreads() {
        int rows = (Integer) values.getOrDefault("shard-rows", TrainConfig.LEAST_SHARD_ROWS);
        int cores = Runtime.getRuntime().availableProcessors();
        return ThreadTeam.shares(number("hidden")) ? cores : Math.clamp(Math.ceilDiv(number("batch"), rows), 1, cores);
    }

    private int number(String key) {
        return (Integer) values.getOrDefault(key, 1);
    }
}
