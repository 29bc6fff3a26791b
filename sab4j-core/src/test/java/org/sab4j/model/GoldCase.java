package org.sab4j.model;

import java.nio.file.Path;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.Kernels;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.tensor.ParameterLayout.View;

/** A file of gold tensors: a model, a batch, and what an independent autograd in double precision computes for them. */
record GoldCase(Path file, Safetensors tensors, ModelConfig config, Batch batch) {

    static GoldCase read(Path file) throws FormatException {
        Safetensors tensors = Safetensors.read(file);
        ModelConfig config = new ModelConfig(
                size(tensors, "input"),
                size(tensors, "hidden"),
                size(tensors, "attention_hidden"),
                size(tensors, "output"),
                Attention.valueOf(upper(tensors, "attention")),
                ScoreKind.valueOf(upper(tensors, "score")),
                Sparsifier.valueOf(upper(tensors, "sparsifier")),
                size(tensors, "k_top"),
                size(tensors, "k_att"),
                size(tensors, "k_trunc"),
                tensors.text("mental_updates").equals("1"),
                Float.parseFloat(tensors.text("epsilon")),
                1f);
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
        SequenceModel model = new SequenceModel(config, kernels);
        for (View view : model.layout().views().values()) {
            float[] values = tensors.floats(view.name(), shape(view));
            System.arraycopy(values, 0, model.parameters(), view.offset(), values.length);
        }
        model.prepare();
        return model;
    }

    static int[] shape(View view) {
        return view.shape().sizes().stream().mapToInt(Integer::intValue).toArray();
    }

    private static int size(Safetensors tensors, String key) throws FormatException {
        return Integer.parseInt(tensors.text(key));
    }

    private static String upper(Safetensors tensors, String key) throws FormatException {
        return tensors.text(key).toUpperCase(java.util.Locale.ROOT);
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
