package org.sab4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
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
 * @param length T
 * @param seed of the run, from which the unseen sequences come
 * @param update when it was found
 */
public record TrainedModel(Path file, SequenceModel model, TaskKind task, int length, long seed, long update) {

    /** Writes the model of an evaluation, as a whole or not at all. */
    static void write(Path path, RunConfig config, SequenceModel model, TrainEvent.Evaluated evaluation)
            throws IOException {
        SequencedMap<String, String> metadata = RunFile.MODEL.metadata();
        metadata.put("task", Settings.text(config.task()));
        metadata.put("length", String.valueOf(config.length()));
        metadata.put("seed", String.valueOf(config.seed()));
        metadata.put("update", String.valueOf(evaluation.update()));
        metadata.put("loss", String.valueOf(evaluation.loss()));
        for (Map.Entry<String, Double> measure : evaluation.measures().entrySet()) {
            metadata.put(measure.getKey(), String.valueOf(measure.getValue()));
        }
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
        if (!Files.isRegularFile(path)) {
            RunDirectory.checkRun(path);
            file = path.resolve("model.safetensors");
            if (!Files.exists(file)) {
                throw new RunException(path + " has no model yet: the first is kept at the run's first evaluation");
            }
        }
        Safetensors content = Safetensors.read(file);
        RunFile.MODEL.check(content);
        String name = content.text("task");
        for (TaskKind task : TaskKind.values()) {
            if (Settings.text(task).equals(name)) {
                return read(content, task, kernels);
            }
        }
        throw new FormatException(
                file, "was trained on a task that this version does not know: " + Settings.shown(name));
    }

    private static TrainedModel read(Safetensors file, TaskKind task, Kernels kernels) throws FormatException {
        int length = RunFile.number(file, "length");
        SequenceModel model;
        try {
            model = ModelTensors.model(file, kernels);
        } catch (ArithmeticException | NegativeArraySizeException | OutOfMemoryError e) {
            throw new FormatException(
                    file.file(),
                    "holds a model that is too large: "
                            + Settings.shown(file.metadata().getOrDefault("hidden", "?")) + " hidden units");
        }
        if (model.config().inputs() != task.task(task.least()).inputs()
                || model.config().outputs() != task.task(task.least()).outputs()) {
            throw new FormatException(file.file(), "holds a model that does not fit its task, " + Settings.text(task));
        }
        return new TrainedModel(
                file.file(),
                model,
                task,
                length,
                RunFile.wholeNumber(file, "seed", Long.MAX_VALUE),
                RunFile.wholeNumber(file, "update", Long.MAX_VALUE));
    }
}
