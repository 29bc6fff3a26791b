package org.sab4j.bench;

import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;

/** Another implementation of the same models, found by {@link java.util.ServiceLoader}. */
public interface Peer {

    /** Its name in tables. */
    String name();

    /** What it is made of: libraries, versions, what they say of themselves. */
    String description();

    /** Whether it can compute such a model. */
    boolean computes(ModelConfig config);

    /**
     * Begins to train.
     *
     * @param initial the parameters to start from
     */
    Update start(Setting setting, SequenceModel initial);

    /** The {@code loss} of a batch and each parameter's gradient, by its name in the model's layout. */
    SequencedMap<String, float[]> gradients(SequenceModel model, Batch batch);
}
