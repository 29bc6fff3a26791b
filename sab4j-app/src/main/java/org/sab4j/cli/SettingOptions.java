package org.sab4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.sab4j.run.Defaults;
import org.sab4j.run.Layer;
import org.sab4j.run.Setting;
import org.sab4j.run.Settings;
import org.sab4j.run.TaskKind;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** An option for each setting of a run, made from what {@link Settings} knows of it. */
final class SettingOptions {

    private static final Map<Setting.Group, String> HEADINGS = Map.of(
            Setting.Group.MODEL, "%nModel:%n",
            Setting.Group.START, "%nFirst parameters:%n",
            Setting.Group.TRAINING, "%nTraining:%n",
            Setting.Group.WORK, "%nWork:%n");

    private SettingOptions() {}

    /** Adds all options: those of tasks, under the names of the tasks that have them, then those of every run. */
    static void addTo(CommandSpec command) {
        SequencedMap<String, List<OptionSpec>> sections = new LinkedHashMap<>();
        for (String key : taskKeys()) {
            List<TaskKind> tasks = Settings.tasksWith(key);
            String heading = "%nTask " + String.join(", ", names(tasks)) + ":%n";
            sections.computeIfAbsent(heading, h -> new ArrayList<>()).add(taskOption(key, tasks));
        }
        for (Settings.Entry entry : Settings.GENERAL) {
            String heading = HEADINGS.get(entry.about().group());
            if (heading != null) { // the task is a parameter, not an option
                sections.computeIfAbsent(heading, h -> new ArrayList<>())
                        .add(option(entry, entry.about().says() + preset(Defaults.all(entry.key()))));
            }
        }
        sections.forEach((heading, options) -> {
            ArgGroupSpec.Builder section = ArgGroupSpec.builder()
                    .validate(false)
                    .multiplicity("0..1")
                    .exclusive(false)
                    .order(command.argGroups().size())
                    .heading(heading);
            options.forEach(section::addArg);
            command.addArgGroup(section.build());
        });
    }

    private static SequencedSet<String> taskKeys() {
        SequencedSet<String> keys = new LinkedHashSet<>();
        for (TaskKind task : TaskKind.values()) {
            Settings.of(task).forEach(entry -> keys.add(entry.key()));
        }
        return keys;
    }

    private static List<String> names(List<TaskKind> tasks) {
        return tasks.stream().map(Settings::text).toList();
    }

    /** An option that several tasks have says what it is for each of them where that differs. */
    private static OptionSpec taskOption(String key, List<TaskKind> tasks) {
        SequencedMap<String, List<TaskKind>> meanings = new LinkedHashMap<>();
        for (TaskKind task : tasks) {
            String says = entry(key, task).about().says() + preset(Defaults.text(key, task));
            meanings.computeIfAbsent(says, s -> new ArrayList<>()).add(task);
        }
        List<String> sentences = new ArrayList<>();
        meanings.forEach((says, which) ->
                sentences.add(meanings.size() == 1 ? says : String.join(", ", names(which)) + ": " + says));
        return option(entry(key, tasks.getFirst()), String.join(" ", sentences));
    }

    private static Settings.Entry entry(String key, TaskKind task) {
        return Settings.of(task).stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static String preset(String value) {
        return value.isEmpty() ? "" : " Default: " + value + ".";
    }

    private static OptionSpec option(Settings.Entry entry, String says) {
        OptionSpec.Builder option = OptionSpec.builder(entry.option());
        if (entry.type() == boolean.class) {
            option.type(Boolean.class).arity("0").negatable(true);
        } else {
            option.type(String.class).arity("1").paramLabel(entry.about().label());
            if (!entry.choices().isEmpty()) {
                option.completionCandidates(entry.choices());
            }
        }
        return option.description(says.replace("%", "%%")).build();
    }

    /** What was given on the command line. */
    static Layer given(CommandSpec command) {
        Layer layer = new Layer();
        List<String> keys = new ArrayList<>(taskKeys());
        Settings.GENERAL.stream()
                .filter(entry -> HEADINGS.containsKey(entry.about().group()))
                .forEach(entry -> keys.add(entry.key()));
        for (String key : keys) {
            Object value = command.findOption("--" + key).getValue();
            if (value != null) {
                layer.option(key, value.toString());
            }
        }
        return layer;
    }
}
