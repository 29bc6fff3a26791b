package org.sab4j.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.Kernels;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;

/**
 * A run's {@code checkpoint.safetensors}: the training's state, and the settings under which it came about.
 *
 * @param file the content
 * @param settings those on which results depend, as the user writes them
 * @param kernels that computed it
 * @param ended why training had ended; null if it was still under way
 */
record Checkpoint(Safetensors file, Map<String, String> settings, String kernels, TrainEvent.@Nullable Reason ended) {

    private static final String SETTING = "setting.";

    /** Writes the state, as a whole or not at all. */
    static void write(
            Path path,
            RunConfig config,
            OpenTask task,
            Kernels kernels,
            TrainState state,
            TrainEvent.@Nullable Reason ended)
            throws IOException {
        SequencedMap<String, String> metadata = RunFile.CHECKPOINT.metadata();
        metadata.put("kernels", Version.of(kernels));
        metadata.put("ended", ended == null ? "" : Settings.text(ended));
        Settings.fixed(config).forEach((key, value) -> metadata.put(SETTING + key, value));
        metadata.putAll(task.metadata());
        Safetensors.write(path, metadata, state.tensors());
    }

    /** Reads it. */
    static Checkpoint read(Path path) throws FormatException {
        Safetensors file = Safetensors.read(path);
        RunFile.CHECKPOINT.check(file);
        Map<String, String> settings = new LinkedHashMap<>();
        file.metadata().forEach((key, value) -> {
            if (key.startsWith(SETTING)) {
                settings.put(key.substring(SETTING.length()), value);
            }
        });
        String ended = file.text("ended");
        for (TrainEvent.Reason reason : TrainEvent.Reason.values()) {
            if (Settings.text(reason).equals(ended)) {
                return new Checkpoint(file, settings, file.text("kernels"), reason);
            }
        }
        return new Checkpoint(file, settings, file.text("kernels"), null);
    }

    /** Refuses settings under which the run would not go on as it began. */
    void checkSettings(RunConfig config) throws SettingsException {
        List<String> problems = new ArrayList<>();
        SequencedMap<String, String> all = Settings.texts(config);
        SequencedMap<String, String> now = Settings.fixed(config);
        Settings.removeMovable(config.task(), now); // whether the data are the same, they say themselves
        SequencedMap<String, String> began = new LinkedHashMap<>(settings);
        now.keySet()
                .forEach(key -> Settings.before(key).ifPresent(value -> began.putIfAbsent(key, Settings.text(value))));
        began.forEach((key, before) -> {
            String value = now.getOrDefault(key, before);
            if (!all.containsKey(key)) {
                problems.add(file.file() + " was made with the setting " + Settings.shown(key)
                        + ", which this version does not know: update sab4j");
            } else if (!value.equals(before)) {
                problems.add("--" + key + " can't change from " + Settings.shown(before) + " to " + value
                        + " while a run goes on: leave it as it was, or start a new run");
            }
        });
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    /** Refuses data that are not those with which the run began. */
    void checkData(OpenTask task) throws RunException {
        Map<String, String> before = OpenTask.facts(file.metadata());
        if (!task.isLike(before)) {
            throw new RunException("the data have changed since " + file.file().getParent()
                    + " began (" + changed(before, task.facts())
                    + "): put them back as they were, or start a new run");
        }
    }

    private static String changed(Map<String, String> before, Map<String, String> now) {
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
        return String.join(", ", keys);
    }
}
