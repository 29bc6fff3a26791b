package org.sab4j.bench.torch;

import org.sab4j.model.ModelConfig;

/** The method written with libtorch tensor by tensor, with memories in lists. */
public final class StackedPeer extends TorchPeer {

    /** For {@link java.util.ServiceLoader}. */
    public StackedPeer() {
        super("eager", model -> new EagerModel(model, true));
    }

    @Override
    public boolean computes(ModelConfig config) {
        return config.attends() && EagerModel.computes(config);
    }
}
