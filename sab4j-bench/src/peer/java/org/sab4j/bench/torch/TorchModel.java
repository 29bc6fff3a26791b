package org.sab4j.bench.torch;

import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/** A model whose gradients come from autograd. */
interface TorchModel {

    /** What is learned, by the names of our layout. */
    SequencedMap<String, Tensor> parameters();

    /**
     * The mean cross-entropy.
     *
     * @param x (T, B, I)
     * @param target (T · B)
     */
    Tensor loss(Tensor x, Tensor target);
}
