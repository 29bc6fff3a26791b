package org.sab4j.model;

import java.nio.file.Path;
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
        long[] target = tensors.longs("target", sequences, steps);
        int[] classes = new int[target.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) target[i];
        }
        float[] x = tensors.floats("x", sequences, steps, config.inputs());
        Batch batch = new Batch(sequences, steps, new Inputs.Vectors(x, config.inputs()), new Targets.Classes(classes));
        return new GoldCase(file, tensors, config, batch);
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
