package org.sab4j.model;

/** How memories are scored. */
public enum ScoreKind {
    /** w3 · tanh(W1 m + W2 ĥ), see {@link org.sab4j.retrieval.MlpScores}. */
    MLP,
    /** w3 · tanh(m), see {@link org.sab4j.retrieval.SalienceScores}. */
    SALIENCE
}
