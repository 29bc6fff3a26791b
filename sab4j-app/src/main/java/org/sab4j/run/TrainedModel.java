package org.sab4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.data.text.Alphabet;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.train.TrainEvent;

/**
 * A run's {@code model.safetensors}: the best model, and what it was trained on.
 *
 * @param file where it lies
 * @param model the model, prepared
 * @param task what it was trained on
 * @param options the task's
 * @param facts what the training had found in its data, see {@link OpenTask#facts}
 * @param seed of the run, from which the unseen sequences come
 * @param update when it was found
 */
public record TrainedModel(
        Path file,
        SequenceModel model,
        TaskKind task,
        TaskOptions options,
        Map<String, String> facts,
        long seed,
        long update) {

    /** Writes the model of an evaluation, as a whole or not at all. */
    static void write(Path path, RunConfig config, OpenTask task, SequenceModel model, TrainEvent.Evaluated evaluation)
            throws IOException {
        SequencedMap<String, String> metadata = RunFile.MODEL.metadata();
        metadata.put("task", Settings.text(config.task()));
        for (Settings.Entry entry : Settings.of(config.task())) {
            metadata.put(entry.key(), Settings.text(entry.of(config)));
        }
        metadata.put("seed", String.valueOf(config.seed()));
        metadata.put("update", String.valueOf(evaluation.update()));
        metadata.put("loss", String.valueOf(evaluation.loss()));
        for (Map.Entry<String, Double> measure : evaluation.measures().entrySet()) {
            metadata.put(measure.getKey(), String.valueOf(measure.getValue()));
        }
        metadata.putAll(task.metadata());
        metadata.putAll(ModelTensors.metadata(model.config()));
        Safetensors.write(path, metadata, ModelTensors.tensors(model.layout(), model.parameters(), ""));
    }

    /**
     * Reads it.
     *
     * @param path a run's folder, or the file itself
     */
    public static TrainedModel read(Path path, Kernels kernels) throws RunException, FormatException {
        Path file = path;
        Layer run =
                new Layer(); // its settings, which say where its data lie now: it may have gone on with them at another
        // place
        if (!Files.isRegularFile(path)) {
            RunDirectory.checkRun(path);
            file = new RunFolder(path).model();
            if (!Files.exists(file)) {
                throw new RunException(path + " has no model yet: the first is kept at the run's first evaluation");
            }
        }
        if (new RunFolder(folder(file)).hasBegun()) {
            run = ConfigFile.read(new RunFolder(folder(file)).config());
        }
        Safetensors content = Safetensors.read(file);
        RunFile.MODEL.check(content);
        String name = content.text("task");
        for (TaskKind task : TaskKind.values()) {
            if (Settings.text(task).equals(name)) {
                return read(content, task, run, kernels);
            }
        }
        throw new FormatException(
                file, "was trained on a task that this version does not know: " + Settings.shown(name));
    }

    private static TrainedModel read(Safetensors file, TaskKind task, Layer run, Kernels kernels)
            throws RunException, FormatException {
        TaskOptions options = options(file, task, run);
        SequenceModel model = ModelTensors.model(file, kernels);
        TrainedModel trained = new TrainedModel(
                file.file(),
                model,
                task,
                options,
                OpenTask.facts(file.metadata()),
                RunFile.wholeNumber(file, "seed", Long.MAX_VALUE),
                RunFile.wholeNumber(file, "update", Long.MAX_VALUE));
        if (options instanceof TaskOptions.Scalable scalable) {
            trained.checkSizes(scalable.at(scalable.least()).open());
        }
        return trained;
    }

    private static TaskOptions options(Safetensors file, TaskKind task, Layer run)
            throws RunException, FormatException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Settings.Entry entry : Settings.of(task)) {
            Layer.Given place = entry.about().movable() ? run.values().get(entry.key()) : null;
            String text = place != null ? place.text() : file.text(entry.key());
            try {
                values.put(entry.key(), entry.parse(text));
            } catch (IllegalArgumentException e) {
                if (place != null) {
                    throw new RunException(place.origin() + " " + e.getMessage());
                }
                throw new FormatException(
                        file.file(), "has no usable \"" + entry.key() + "\" in its metadata: it " + e.getMessage());
            }
        }
        return Settings.options(task, values);
    }

    /**
     * The task with its data, as the training read them.
     *
     * @param other other data, see {@link TaskOptions#otherDataHaveParts}; null for those of the training
     */
    public OpenTask open(@Nullable Path other) throws RunException, FormatException {
        try {
            OpenTask opened = options.reopen(facts, other);
            try {
                checkSizes(opened);
            } catch (FormatException e) {
                opened.close();
                throw e;
            }
            return opened;
        } catch (RunException e) {
            throw other == null && new RunFolder(folder(file)).hasBegun()
                    ? Moved.of(e, task, options, folder(file))
                    : e;
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /** The characters that a model of the task chars knows. */
    public Alphabet alphabet(CharsOptions chars) throws RunException, FormatException {
        Alphabet alphabet = chars.alphabet(facts);
        if (model.config().inputs() != alphabet.size() || model.config().outputs() != alphabet.size()) {
            throw new FormatException(file, "holds a model that does not fit its alphabet of " + alphabet.size());
        }
        return alphabet;
    }

    /** Refuses a task that is not the one it was trained on, or has other data. */
    public void checkFits(OpenTask opened) throws RunException, FormatException {
        checkSizes(opened);
        if (!opened.isLike(facts)) {
            throw new RunException(file + " was trained on other data than those of its run");
        }
    }

    private void checkSizes(OpenTask opened) throws FormatException {
        if (model.config().inputs() != opened.task().inputs()
                || model.config().outputs() != opened.task().outputs()) {
            throw new FormatException(file, "holds a model that does not fit its task, " + Settings.text(task));
        }
    }
}
