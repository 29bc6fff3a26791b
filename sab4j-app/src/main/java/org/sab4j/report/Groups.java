package org.sab4j.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.sab4j.run.Settings;

/** Runs that differ in their seed alone stand together. */
final class Groups {

    private static final String TASK = "task";

    private Groups() {}

    /**
     * Runs of one configuration.
     *
     * @param label what sets it apart from the other groups; empty if there are none
     * @param members their places in the list of runs
     */
    record Group(String label, List<Integer> members) {}

    /** The groups in the order of their first runs. */
    static List<Group> of(List<RunView> runs) {
        SequencedMap<SequencedMap<String, String>, List<Integer>> members = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            members.computeIfAbsent(decisive(runs.get(i)), key -> new ArrayList<>())
                    .add(i);
        }
        List<Group> groups = new ArrayList<>();
        members.forEach((settings, list) -> groups.add(new Group(label(settings, members.keySet()), list)));
        return groups;
    }

    /** The settings on which results depend, apart from the seed. */
    private static SequencedMap<String, String> decisive(RunView run) {
        SequencedMap<String, String> settings = Settings.decisive(run.run().settings());
        settings.remove("seed");
        return settings;
    }

    /** The task where there are several, and what sets a group apart from the others of its task. */
    private static String label(Map<String, String> settings, Collection<? extends Map<String, String>> all) {
        return settings.keySet().stream()
                .filter(key -> all.stream()
                        .filter(other -> key.equals(TASK) || isSame(settings, other, TASK))
                        .anyMatch(other -> !isSame(settings, other, key)))
                .map(key -> key + " " + ("".equals(settings.get(key)) ? "not set" : settings.get(key)))
                .collect(Collectors.joining(", "));
    }

    private static boolean isSame(Map<String, String> one, Map<String, String> other, String key) {
        return Objects.equals(one.get(key), other.get(key));
    }
}
