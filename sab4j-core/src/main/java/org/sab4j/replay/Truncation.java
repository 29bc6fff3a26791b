package org.sab4j.replay;

/**
 * Where the sequential edges are cut: between the paper's steps t and t + 1 with t ≡ 0 (mod k_trunc).
 *
 * @param kTrunc the steps of a block; 0 means no cut, which is full backpropagation through time
 */
public record Truncation(int kTrunc) {

    /** Refuses a negative k_trunc. */
    public Truncation {
        if (kTrunc < 0) {
            throw new IllegalArgumentException("k_trunc must be 0 (no truncation) or more: " + kTrunc);
        }
    }

    /** The first step, counted from 0, of the block that holds this one. */
    public int blockStart(int step) {
        return kTrunc == 0 ? 0 : step / kTrunc * kTrunc;
    }
}
