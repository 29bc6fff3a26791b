package org.sab4j.bench.torch;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.sab4j.batch.Batch;
import org.sab4j.bench.Setting;
import org.sab4j.bench.Update;
import org.sab4j.random.RandomStream;

/** An update with libtorch's autograd, clipping and Adam. */
final class TorchUpdate implements Update {

    private static final double LEARNING_RATE = 1e-3;

    private final Setting setting;
    private final TorchModel model;
    private final RandomStream data;
    private final TensorVector parameters;
    private final AdamOptions options;
    private final Adam optimiser;

    TorchUpdate(Setting setting, TorchModel model) {
        this.setting = setting;
        this.model = model;
        data = setting.data();
        Torch.threads(setting.threads());
        parameters = new TensorVector(model.parameters().values().toArray(Tensor[]::new));
        options = new AdamOptions(LEARNING_RATE);
        optimiser = new Adam(parameters, options);
    }

    @Override
    public double run() {
        Batch batch = setting.task().batch(setting.batch(), data);
        try (var _ = new PointerScope()) {
            optimiser.zero_grad();
            Tensor loss = model.loss(Torch.inputs(batch), Torch.targets(batch));
            loss.backward();
            clip_grad_norm_(parameters, Setting.CLIP_NORM);
            optimiser.step();
            return loss.item_float();
        }
    }

    /** The {@code loss} of a batch, and the gradients. */
    static SequencedMap<String, float[]> gradients(TorchModel model, Batch batch) {
        SequencedMap<String, float[]> gradients = new LinkedHashMap<>();
        try (var _ = new PointerScope()) {
            Tensor loss = model.loss(Torch.inputs(batch), Torch.targets(batch));
            loss.backward();
            gradients.put("loss", new float[] {loss.item_float()});
            model.parameters().forEach((name, parameter) -> {
                Tensor gradient = parameter.grad();
                // None where the loss does not depend on the parameter.
                gradients.put(name, gradient.defined() ? Torch.floats(gradient) : new float[(int) parameter.numel()]);
            });
        }
        return gradients;
    }

    @Override
    public void close() {
        optimiser.close();
        options.close();
        parameters.close();
        model.parameters().values().forEach(Tensor::close);
    }
}
