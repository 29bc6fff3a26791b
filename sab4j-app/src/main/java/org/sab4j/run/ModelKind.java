package org.sab4j.run;

/** The family of models: one engine, and its limits. */
public enum ModelKind {
    /** The method: sparse attention, truncated credit. */
    SAB,
    /** No attention. */
    LSTM,
    /** Attention to all memories, by a softmax over the same scores. */
    SELF_ATTENTION
}
