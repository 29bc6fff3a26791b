package org.sab4j.bench.torch;

import java.util.SequencedMap;
import java.util.function.Function;
import org.sab4j.batch.Batch;
import org.sab4j.bench.Peer;
import org.sab4j.bench.Setting;
import org.sab4j.bench.Update;
import org.sab4j.model.SequenceModel;

/** A model written with libtorch. */
abstract class TorchPeer implements Peer {

    private final String name;
    private final Function<SequenceModel, TorchModel> model;

    /**
     * A peer.
     *
     * @param model makes its model, with the parameters of ours; asked when libtorch is there
     */
    TorchPeer(String name, Function<SequenceModel, TorchModel> model) {
        this.name = name;
        this.model = model;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return Torch.description();
    }

    @Override
    public final Update start(Setting setting, SequenceModel initial) {
        Torch.load();
        return new TorchUpdate(setting, model.apply(initial));
    }

    @Override
    public final SequencedMap<String, float[]> gradients(SequenceModel ours, Batch batch) {
        Torch.load();
        return TorchUpdate.gradients(model.apply(ours), batch);
    }
}
