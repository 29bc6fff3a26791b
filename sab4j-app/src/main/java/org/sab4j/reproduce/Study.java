package org.sab4j.reproduce;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.sab4j.run.SettingsException;
import org.sab4j.run.YamlNode;
import org.sab4j.sweep.Plan;
import org.sab4j.sweep.SweepFile;

/**
 * One of the paper's tables: a sweep file in this package, and what it says of the paper.
 *
 * <p>Beside what a {@link SweepFile} has, {@code paper} has targets for rows where the paper's figure is not the target; {@code trials-of} takes all that the file does not have itself from another study, whose run
 * folders it shares, and {@code only} some of its trials.
 *
 * @param name such as {@code table2-t100}
 * @param folder the name of the sweep's folder
 * @param plan all its trials
 * @param states the settings that the paper states, a key or a key and a value; it is silent on all others
 * @param targets by row, in the unit that tables show; where there is none, the paper's figure is the target
 */
public record Study(String name, String folder, Plan plan, List<String> states, Map<String, Double> targets) {

    /** All of them, in the order in which to run them. */
    public static final List<String> NAMES =
            List.of("table2-t100", "ablation", "transfer", "adding", "table2-t200", "table2-t300");

    /** What a sweep that nobody has printed figures for is compared with. */
    static final Study NONE = new Study(
            "", "", new Plan("", List.of(), List.of(), 0, org.sab4j.sweep.Tests.DEFAULT), List.of(), Map.of());

    /** Reads one of {@link #NAMES}. */
    public static Study read(String name, boolean quick) throws SettingsException {
        SequencedMap<String, YamlNode> own = Paper.entries(Paper.resource(name + ".yaml"));
        String folder = name;
        List<String> only = Paper.texts(own.remove("only"));
        SequencedMap<String, YamlNode> all = new LinkedHashMap<>();
        if (own.remove("trials-of") instanceof YamlNode.Scalar other) {
            folder = other.text();
            all.putAll(Paper.entries(Paper.resource(folder + ".yaml")));
            SequencedMap<String, YamlNode> both = Paper.entries(all.get("quick"));
            both.putAll(Paper.entries(own.remove("quick")));
            own.put("quick", new YamlNode.Mapping(name + ".yaml: quick", both));
        }
        all.putAll(own);
        Map<String, Double> targets = new LinkedHashMap<>();
        if (folder.equals(name)) { // another study's targets are of other figures
            Paper.entries(Paper.entries(all.get("paper")).get("targets")).forEach((row, target) -> {
                if (target instanceof YamlNode.Scalar scalar) {
                    targets.put(row, Double.valueOf(scalar.text()));
                }
            });
        }
        Plan plan = SweepFile.plan(new YamlNode.Mapping(name + ".yaml", all), quick);
        return new Study(name, folder, only.isEmpty() ? plan : plan.only(only), Paper.STATES, targets);
    }

    /** The text of its file. */
    public static String text(String name) {
        return Paper.text(name + ".yaml");
    }
}
