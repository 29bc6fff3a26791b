package org.sab4j.cli;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sab4j.run.Defaults;
import org.sab4j.run.Layer;
import org.sab4j.run.Setting;
import org.sab4j.run.Settings;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** An option for each setting of a run, made from what {@link Settings} knows of it. */
final class SettingOptions {

    private static final SortedMap<Setting.Group, String> HEADINGS = new TreeMap<>(Map.of(
            Setting.Group.TASK, "%nTask:%n",
            Setting.Group.MODEL, "%nModel:%n",
            Setting.Group.START, "%nFirst parameters:%n",
            Setting.Group.TRAINING, "%nTraining:%n",
            Setting.Group.WORK, "%nWork:%n"));

    private SettingOptions() {}

    /** The task is a parameter, not an option. */
    private static List<Settings.Entry> entries() {
        return Settings.ALL.stream()
                .filter(entry -> !entry.key().equals("task"))
                .toList();
    }

    /** Adds all options, under headings. */
    static void addTo(CommandSpec command) {
        for (Setting.Group group : Setting.Group.values()) {
            ArgGroupSpec.Builder section = ArgGroupSpec.builder()
                    .validate(false)
                    .multiplicity("0..1")
                    .exclusive(false)
                    .order(HEADINGS.headMap(group).size())
                    .heading(HEADINGS.get(group));
            entries().stream()
                    .filter(entry -> entry.about().group() == group)
                    .forEach(entry -> section.addArg(option(entry)));
            command.addArgGroup(section.build());
        }
    }

    private static OptionSpec option(Settings.Entry entry) {
        OptionSpec.Builder option = OptionSpec.builder(entry.option());
        String preset = Defaults.text(entry.key());
        String suffix = preset.isEmpty() ? "" : " Default: " + preset + ".";
        if (entry.type() == boolean.class) {
            option.type(Boolean.class).arity("0").negatable(true);
        } else {
            option.type(String.class).arity("1").paramLabel(entry.about().label());
            if (!entry.choices().isEmpty()) {
                option.completionCandidates(entry.choices());
            }
        }
        return option.description((entry.about().says() + suffix).replace("%", "%%"))
                .build();
    }

    /** What was given on the command line. */
    static Layer given(CommandSpec command) {
        Layer layer = new Layer();
        for (Settings.Entry entry : entries()) {
            Object value = command.findOption(entry.option()).getValue();
            if (value != null) {
                layer.option(entry.key(), value.toString());
            }
        }
        return layer;
    }
}
