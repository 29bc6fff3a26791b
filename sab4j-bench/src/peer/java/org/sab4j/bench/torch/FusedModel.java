package org.sab4j.bench.torch;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.zeros;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.T_TensorT_TensorTensor_T_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;

/** libtorch's own LSTM ({@code nn.LSTM}), over a whole sequence or over block after block, with a linear head. */
final class FusedModel implements TorchModel {

    private final ModelConfig config;
    private final LSTMImpl lstm;
    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();

    FusedModel(SequenceModel model) {
        config = model.config();
        lstm = new LSTMImpl(new LSTMOptions(config.inputs(), config.hidden()));
        StringTensorDict own = lstm.named_parameters();
        var views = model.layout().views();
        take(model, "cell.weight_ih", own.get("weight_ih_l0"));
        take(model, "cell.weight_hh", own.get("weight_hh_l0"));
        take(model, "cell.bias", own.get("bias_ih_l0"));
        try (var _ = new NoGradGuard()) {
            // We have one bias, so the second stays 0.
            own.get("bias_hh_l0").zero_().set_requires_grad(false);
        }
        for (String name : new String[] {"output.v1", "output.bias"}) {
            parameters.put(
                    name, Torch.parameter(java.util.Objects.requireNonNull(views.get(name)), model.parameters()));
        }
    }

    private void take(SequenceModel model, String name, Tensor parameter) {
        var view = java.util.Objects.requireNonNull(model.layout().views().get(name));
        try (var _ = new NoGradGuard();
                Tensor values = Torch.parameter(view, model.parameters())) {
            parameter.copy_(values);
        }
        parameters.put(name, parameter);
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Tensor loss(Tensor x, Tensor target) {
        long steps = x.size(0);
        long block = config.kTrunc() == 0 ? steps : config.kTrunc();
        Tensor none = zeros(1, x.size(1), config.hidden());
        T_TensorTensor_T state = new T_TensorTensor_T(none, none);
        TensorVector states = new TensorVector();
        for (long t = 0; t < steps; t += block) {
            T_TensorT_TensorTensor_T_T next = lstm.forward(x.narrow(0, t, Math.min(block, steps - t)), state);
            states.push_back(next.get0());
            T_TensorTensor_T last = next.get1();
            state = new T_TensorTensor_T(last.get0().detach(), last.get1().detach());
        }
        Tensor h = states.size() == 1 ? states.get(0) : cat(states, 0);
        return cross_entropy_loss(
                linear(h.flatten(0, 1), get("output.v1"), new TensorOptional(get("output.bias"))), target);
    }

    private Tensor get(String name) {
        return java.util.Objects.requireNonNull(parameters.get(name));
    }
}
