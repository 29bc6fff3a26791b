package org.sab4j.model;

import java.nio.file.Path;
import java.util.Arrays;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.Kernels;

/** A file of gold tensors: a model, a batch, and what an independent autograd in double precision computes for them. */
record GoldCase(Path file, Safetensors tensors, ModelConfig config, Batch batch) {

    static GoldCase read(Path file) throws FormatException {
        Safetensors tensors = Safetensors.read(file);
        ModelConfig config = ModelTensors.config(tensors);
        int sequences = size(tensors, "batch");
        int steps = size(tensors, "steps");
        float[] x = tensors.floats("x", sequences, steps, config.inputs());
        Targets targets = tensors.metadata().getOrDefault("target", "classes").equals("values")
                ? values(tensors, sequences, steps, config.outputs())
                : classes(tensors, sequences, steps, config.outputs());
        Batch batch = new Batch(sequences, steps, new Inputs.Vectors(x, config.inputs()), targets);
        return new GoldCase(file, tensors, config, batch);
    }

    private static Targets values(Safetensors tensors, int sequences, int steps, int outputs) throws FormatException {
        long[] scored = tensors.longs("scored", sequences, steps);
        boolean[] isScored = new boolean[scored.length];
        for (int i = 0; i < isScored.length; i++) {
            isScored[i] = scored[i] == 1;
        }
        return new Targets.Values(tensors.floats("target", sequences, steps, outputs), isScored);
    }

    private static Targets classes(Safetensors tensors, int sequences, int steps, int outputs) throws FormatException {
        int[] classes = Arrays.stream(tensors.longs("target", sequences, steps))
                .mapToInt(Math::toIntExact)
                .toArray();
        boolean weighted = tensors.metadata().getOrDefault("class_weights", "0").equals("1");
        return new Targets.Classes(classes, weighted ? tensors.floats("class_weights", outputs) : new float[0]);
    }

    /** The case's model with the case's parameters. */
    SequenceModel model(Kernels kernels) throws FormatException {
        return ModelTensors.model(tensors, kernels);
    }

    private static int size(Safetensors tensors, String key) throws FormatException {
        return Integer.parseInt(tensors.text(key));
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
