package org.sab4j.bench.torch;

import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.bench.Peer;
import org.sab4j.bench.Setting;
import org.sab4j.bench.Update;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;

/** The plain LSTM with libtorch's own. */
public final class FusedPeer implements Peer {

    /** For {@link java.util.ServiceLoader}. */
    public FusedPeer() {}

    @Override
    public String name() {
        return "fused";
    }

    @Override
    public String description() {
        return Torch.description();
    }

    @Override
    public boolean computes(ModelConfig config) {
        return !config.attends();
    }

    @Override
    public Update start(Setting setting, SequenceModel initial) {
        Torch.load();
        return new TorchUpdate(setting, new FusedModel(initial));
    }

    @Override
    public SequencedMap<String, float[]> gradients(SequenceModel model, Batch batch) {
        Torch.load();
        return TorchUpdate.gradients(new FusedModel(model), batch);
    }
}
