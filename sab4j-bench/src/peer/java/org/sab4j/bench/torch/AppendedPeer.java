package org.sab4j.bench.torch;

import org.sab4j.model.ModelConfig;

/** The method (and the plain LSTM) written with libtorch tensor by tensor, with memories in tensors that grow. */
public final class AppendedPeer extends TorchPeer {

    /** For {@link java.util.ServiceLoader}. */
    public AppendedPeer() {
        super("appended", model -> new EagerModel(model, false));
    }

    @Override
    public boolean computes(ModelConfig config) {
        return EagerModel.computes(config);
    }
}
