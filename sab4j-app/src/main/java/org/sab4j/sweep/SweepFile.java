package org.sab4j.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.ConfigFile;
import org.sab4j.run.Layer;
import org.sab4j.run.Limits;
import org.sab4j.run.Settings;
import org.sab4j.run.SettingsException;
import org.sab4j.run.YamlNode;

/**
 * A YAML file that says what a sweep is to do.
 *
 * <pre>{@code
 * title: Which k_trunc?
 * settings:              # of every trial
 *   task: copy
 *   length: 100
 * trials:                # a list, by name; a list of values is tried value by value
 *   lstm: {model: lstm}
 *   sab: {k-top: [5, 10]}
 * grid:                  # every combination, with each of the trials
 *   k-trunc: [1, 5, 10]
 * seeds: [1, 2, 3]
 * minutes: 30            # of training a trial, at the most; updates are a setting
 * test: {sequences: 2048, lengths: [100, 200]}
 * quick:                 # what --quick has different
 *   settings: {updates: 100}
 *   seeds: [1]
 * }</pre>
 */
public final class SweepFile {

    /** Between a trial's name and the values of a list, in the name of a row. */
    static final String VARIANT = "-";

    /** Parts that are read over here: they are for {@code sab reproduce}. */
    private static final Set<String> OTHERS = Set.of("paper");

    private static final String QUICK = "quick";
    private static final int MOST_TRIALS = 10_000;

    private final boolean quick;
    private final List<String> problems = new ArrayList<>();
    private final SequencedMap<String, YamlNode> settings = new LinkedHashMap<>();
    private final SequencedMap<String, YamlNode> grid = new LinkedHashMap<>();
    private final SequencedMap<String, YamlNode> covering = new LinkedHashMap<>();
    private final SequencedMap<String, YamlNode.Mapping> trials = new LinkedHashMap<>();
    private String title = "";
    private List<Long> seeds = List.of(1L);
    private double minutes = Double.POSITIVE_INFINITY;
    private Tests tests = Tests.DEFAULT;

    private SweepFile(boolean quick) {
        this.quick = quick;
    }

    /**
     * Reads a file.
     *
     * @param quick whether what the file has different under {@code quick} holds
     * @throws SettingsException with a sentence for everything that is wrong; unknown settings are left to {@link Sweep}
     */
    public static Plan read(Path file, boolean quick) throws SettingsException {
        return plan(YamlNode.read(file, "a sweep"), quick);
    }

    /** The plan of a document that has been read. */
    public static Plan plan(YamlNode root, boolean quick) throws SettingsException {
        SweepFile file = new SweepFile(quick);
        if (root instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach((key, node) -> {
                if (!key.equals(QUICK)) {
                    file.part(key, node, false);
                }
            });
            YamlNode different = mapping.entries().get(QUICK);
            if (different != null) {
                file.quick(different); // last, wherever it stands: it has different what the others have
            } else if (quick) {
                file.problems.add(
                        root.origin()
                                + ": --quick takes what stands under quick, and there is none: add quick: {settings: {updates: 100}}, or leave --quick out");
            }
        } else {
            file.problems.add(root.origin() + ": a sweep is wanted, with settings, trials or grid, and seeds");
        }
        file.stopAtProblems();
        List<Plan.Row> rows = file.rows();
        file.stopAtProblems();
        return new Plan(file.title, rows, file.seeds, file.minutes, file.tests);
    }

    private void stopAtProblems() throws SettingsException {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    private void part(String key, YamlNode node, boolean inQuick) {
        switch (key) {
            case "settings" -> entries(key, node, inQuick ? covering : settings);
            case "seeds" -> seeds = seeds(node);
            case "minutes" -> minutes = number(node, "minutes", Double.MAX_VALUE);
            case "test" -> tests(node);
            default -> {
                if (inQuick) {
                    problems.add(node.origin() + ": " + key
                            + " is unknown here: quick takes settings, seeds, minutes, test");
                } else {
                    outerPart(key, node);
                }
            }
        }
    }

    private void outerPart(String key, YamlNode node) {
        switch (key) {
            case "title" -> {
                if (node instanceof YamlNode.Scalar scalar) {
                    title = scalar.text();
                } else if (!(node instanceof YamlNode.Empty)) {
                    problems.add(node.origin() + ": title must be a text");
                }
            }
            case "grid" -> entries(key, node, grid);
            case "trials" -> trials(node);
            default -> {
                if (!OTHERS.contains(key)) {
                    problems.add(
                            node.origin() + ": " + key
                                    + " is unknown here: a sweep has title, settings, trials, grid, seeds, minutes, test, quick");
                }
            }
        }
    }

    private void quick(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.add(node.origin() + ": quick must be a map");
            return;
        }
        SweepFile into = quick ? this : new SweepFile(true); // what is wrong in it is wrong in any case
        mapping.entries().forEach((inner, value) -> into.part(inner, value, true));
        if (into != this) {
            problems.addAll(into.problems);
        }
    }

    private void entries(String key, YamlNode node, Map<String, YamlNode> into) {
        if (node instanceof YamlNode.Mapping mapping) {
            into.putAll(mapping.entries());
        } else {
            problems.add(node.origin() + ": " + key + " must be a map of settings");
        }
        if (into.containsKey("seed")) {
            problems.add(Objects.requireNonNull(into.get("seed")).origin() + ": seeds stand under seeds: [1, 2, 3]");
        }
    }

    private void trials(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.add(node.origin() + ": trials must be a map, from a name to settings");
            return;
        }
        mapping.entries().forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,79}")) {
                problems.add(value.origin()
                        + ": a trial's name becomes a folder's, so it takes letters, digits, - . _, 80 at the most");
            }
            switch (value) {
                case YamlNode.Mapping own -> {
                    trials.put(name, own);
                    entries("a trial", own, new LinkedHashMap<>());
                }
                case YamlNode.Empty empty ->
                    trials.put(name, new YamlNode.Mapping(empty.origin(), new LinkedHashMap<>()));
                case YamlNode other -> problems.add(other.origin() + ": " + name + " must be a map of settings");
            }
        });
    }

    private List<Long> seeds(YamlNode node) {
        List<Long> found = new ArrayList<>();
        for (YamlNode item : node instanceof YamlNode.Sequence list ? list.items() : List.of(node)) {
            if (item instanceof YamlNode.Scalar scalar && scalar.text().matches("-?[0-9]{1,18}")) {
                found.add(Long.parseLong(scalar.text()));
            } else {
                problems.add(item.origin() + ": seeds must be whole numbers, such as [1, 2, 3]"
                        + (item instanceof YamlNode.Scalar other ? ": " + Settings.shown(other.text()) : ""));
            }
        }
        if (found.isEmpty() || new HashSet<>(found).size() < found.size()) {
            problems.add(node.origin() + ": seeds must be at least one number, and each only once");
        }
        return found;
    }

    private void tests(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.add(node.origin() + ": test must be a map of sequences and lengths");
            return;
        }
        mapping.entries().forEach((key, value) -> {
            if (key.equals("sequences")) {
                tests = new Tests((int) whole(value, "sequences", Limits.SEQUENCES), tests.lengths());
            } else if (key.equals("lengths")) {
                List<YamlNode> items = value instanceof YamlNode.Sequence list ? list.items() : List.of(value);
                tests = new Tests(
                        tests.sequences(),
                        items.stream()
                                .map(item -> (int) whole(item, "lengths", Limits.LENGTH))
                                .distinct()
                                .toList());
            } else {
                problems.add(value.origin() + ": " + key + " is unknown here: test takes sequences and lengths");
            }
        });
    }

    private double whole(YamlNode node, String name, double most) {
        double value = number(node, name, most);
        if (value != Math.rint(value)) {
            problems.add(node.origin() + ": " + name + " must be whole");
        }
        return value;
    }

    private double number(YamlNode node, String name, double most) {
        if (node instanceof YamlNode.Scalar scalar) {
            try {
                double value = Settings.parsed(scalar.text());
                if (value > 0 && value <= most) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // The same complaint.
            }
        }
        problems.add(node.origin() + ": " + name + " must be a number above 0"
                + (most < 1e9 ? String.format(java.util.Locale.ROOT, " and at most %,d", (long) most) : ""));
        return 1;
    }

    private List<Plan.Row> rows() {
        Map<String, YamlNode.Mapping> named = new LinkedHashMap<>(trials);
        if (named.isEmpty()) {
            named.put("", new YamlNode.Mapping("", new LinkedHashMap<>()));
        }
        List<Plan.Row> rows = new ArrayList<>();
        Set<String> names = new HashSet<>();
        named.forEach((name, own) -> {
            SequencedMap<String, YamlNode> all = new LinkedHashMap<>(settings);
            all.putAll(own.entries());
            grid.forEach((key, values) -> {
                if (own.entries().containsKey(key)) {
                    problems.add(values.origin() + ": " + key + " stands in the grid, and in the trial " + name
                            + ": take it out of one");
                }
            });
            all.putAll(grid);
            covering.forEach(all::put);
            expand(name, all, rows);
        });
        for (Plan.Row row : rows) {
            if (!names.add(row.name())) {
                problems.add("two trials of the sweep would be called " + row.name() + ": name them apart");
            }
        }
        return rows;
    }

    /** Every combination of the values that are lists, the last list fastest. */
    private void expand(String name, SequencedMap<String, YamlNode> all, List<Plan.Row> rows) {
        List<Map.Entry<String, YamlNode.Sequence>> lists = new ArrayList<>();
        long count = 1;
        for (Map.Entry<String, YamlNode> entry : all.entrySet()) {
            if (entry.getValue() instanceof YamlNode.Sequence list) {
                if (list.items().isEmpty()) {
                    problems.add(list.origin() + ": " + entry.getKey()
                            + " is a list of nothing: name values, or leave it out");
                }
                lists.add(Map.entry(entry.getKey(), list));
                count = Math.min(MOST_TRIALS + 1L, count * list.items().size());
            }
        }
        if ((rows.size() + count) * seeds.size() > MOST_TRIALS) {
            String problem =
                    String.format(java.util.Locale.ROOT, "a sweep may have %,d trials: divide it", MOST_TRIALS);
            if (!problems.contains(problem)) {
                problems.add(problem);
            }
            return;
        }
        for (int number = 0; number < count; number++) {
            rows.add(combination(name, all, lists, number));
        }
    }

    private Plan.Row combination(
            String name,
            SequencedMap<String, YamlNode> all,
            List<Map.Entry<String, YamlNode.Sequence>> lists,
            int number) {
        SequencedMap<String, YamlNode> chosen = new LinkedHashMap<>(all);
        List<String> parts = new ArrayList<>();
        int rest = number;
        for (int i = lists.size() - 1; i >= 0; i--) {
            List<YamlNode> items = lists.get(i).getValue().items();
            YamlNode item = items.get(rest % items.size());
            rest /= items.size();
            chosen.put(lists.get(i).getKey(), item);
            parts.addFirst(lists.get(i).getKey() + "-" + text(item));
        }
        Layer layer = ConfigFile.layer(new YamlNode.Mapping("", chosen), problems);
        if (!name.isEmpty()) {
            parts.addFirst(name);
        }
        return new Plan.Row(parts.isEmpty() ? "trial" : String.join(VARIANT, parts), name, layer);
    }

    private static String text(@Nullable YamlNode node) {
        return node instanceof YamlNode.Scalar scalar ? scalar.text().replaceAll("[^A-Za-z0-9._-]", "_") : "?";
    }
}
