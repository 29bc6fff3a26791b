package org.sab4j.model;

/** Which memories a step attends to. */
public enum Attention {
    /** None: the plain LSTM. */
    NONE,
    /** At most k_top, chosen by a {@link org.sab4j.retrieval.Sparsifier}: the method. */
    SPARSE,
    /** All, by a softmax: full self-attention. */
    DENSE
}
