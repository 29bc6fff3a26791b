package org.sab4j.bench.torch;

import org.sab4j.model.ModelConfig;

/** The plain LSTM with libtorch's own. */
public final class FusedPeer extends TorchPeer {

    /** For {@link java.util.ServiceLoader}. */
    public FusedPeer() {
        super("fused", FusedModel::new);
    }

    @Override
    public boolean computes(ModelConfig config) {
        return !config.attends();
    }
}
