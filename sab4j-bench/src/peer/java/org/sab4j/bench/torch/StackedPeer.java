package org.sab4j.bench.torch;

import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.bench.Peer;
import org.sab4j.bench.Setting;
import org.sab4j.bench.Update;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;

/** The method written with libtorch tensor by tensor, with memories in lists. */
public final class StackedPeer implements Peer {

    /** For {@link java.util.ServiceLoader}. */
    public StackedPeer() {}

    @Override
    public String name() {
        return "eager";
    }

    @Override
    public String description() {
        return Torch.description();
    }

    @Override
    public boolean computes(ModelConfig config) {
        return config.attends() && EagerModel.computes(config);
    }

    @Override
    public Update start(Setting setting, SequenceModel initial) {
        Torch.load();
        return new TorchUpdate(setting, new EagerModel(initial, true));
    }

    @Override
    public SequencedMap<String, float[]> gradients(SequenceModel model, Batch batch) {
        Torch.load();
        return TorchUpdate.gradients(new EagerModel(model, true), batch);
    }
}
