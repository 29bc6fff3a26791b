package org.sab4j.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.sab4j.run.Settings;

/** Runs that differ in their seed alone stand together. */
final class Groups {

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
        SequencedSet<String> differing = differing(List.copyOf(members.keySet()));
        List<Group> groups = new ArrayList<>();
        members.forEach((settings, list) -> groups.add(new Group(label(settings, differing), list)));
        return groups;
    }

    /** The settings on which results depend, apart from the seed. */
    private static SequencedMap<String, String> decisive(RunView run) {
        SequencedMap<String, String> settings = new LinkedHashMap<>(run.run().settings());
        settings.remove("seed");
        Settings.removeIdle(settings);
        Settings.GENERAL.stream()
                .filter(entry -> entry.about().changeable() && !Settings.BUDGET.contains(entry.key()))
                .forEach(entry -> settings.remove(entry.key()));
        return settings;
    }

    private static SequencedSet<String> differing(List<SequencedMap<String, String>> settings) {
        SequencedSet<String> differing = new LinkedHashSet<>();
        for (Map<String, String> one : settings) {
            for (String key : one.keySet()) {
                if (settings.stream().anyMatch(other -> !one.get(key).equals(other.get(key)))) {
                    differing.add(key);
                }
            }
        }
        return differing;
    }

    private static String label(Map<String, String> settings, SequencedSet<String> differing) {
        return differing.stream()
                .filter(settings::containsKey)
                .map(key -> key + " " + settings.get(key))
                .collect(Collectors.joining(", "));
    }
}
