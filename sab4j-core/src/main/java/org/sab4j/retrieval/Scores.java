package org.sab4j.retrieval;

import org.sab4j.memory.Memory;

/**
 * The raw attention weights a_i of the memories at a step, and where their gradient goes.
 *
 * <p>One object serves a model; what a shard keeps is in its {@link Trace}. All gradients of scores that are not named to
 * {@link #backward} are zero.
 */
public sealed interface Scores permits MlpScores, SalienceScores {

    /** What a shard keeps for its scores. */
    sealed interface Trace permits MlpScores.MlpTrace, SalienceScores.SalienceTrace {}

    /** A trace of {@code slots} steps with a memory. */
    Trace trace(Memory memory, int slots, boolean training);

    /** Takes the weights over. To be called whenever {@code parameters} have changed. */
    void prepare(float[] parameters);

    /** Computes the key of the memory that has just been appended. */
    void write(Trace trace, Memory memory, int index, int rows);

    /**
     * Computes the queries of a step.
     *
     * @param provisional (C, R, H) ĥ, read at {@code slot}
     */
    void query(Trace trace, int slot, int rows, float[] provisional);

    /** Writes the scores of all memories of a row to {@code out}, which has room for N rounded up to whole vectors. */
    void score(Trace trace, Memory memory, int slot, int rows, int row, float[] out);

    /** Before the first backward step of a shard. */
    void beginBackward(Trace trace, Memory memory, int rows);

    /** Takes the gradients of {@code count} scores of a row at a step. */
    void backward(
            Trace trace,
            Memory memory,
            int slot,
            int rows,
            int row,
            int count,
            int[] indices,
            int iOff,
            float[] dScores,
            float[] gradients);

    /**
     * After all rows of a step: the credit that goes through the queries into ĥ.
     *
     * @param dProvisional (R, H) added to
     * @param credit whether to; the weights' gradients are kept in any case
     */
    void backwardQuery(Trace trace, int slot, int rows, float[] dProvisional, boolean credit);

    /**
     * When the backward pass reaches the step that wrote a memory: the credit that goes through its key into the state.
     *
     * @param dh (R, H) added to
     */
    void backwardWrite(Trace trace, Memory memory, int index, int rows, float[] dh);

    /** The query weights' gradients of the slots {@code from} … {@code to} − 1. */
    void queryGradients(
            Trace trace, int from, int to, int rows, float[] provisional, float[] gradients, float[] scratch);

    /** The key weights' gradients, after the last backward step of a shard. */
    void keyGradients(Trace trace, Memory memory, int rows, float[] gradients, float[] scratch);
}
