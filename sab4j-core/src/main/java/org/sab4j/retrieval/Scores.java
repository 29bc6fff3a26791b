package org.sab4j.retrieval;

import org.sab4j.memory.Memory;

/**
 * The raw attention weights a_i of the memories at a step, and where their gradient goes.
 *
 * <p>One object serves a model; what a shard keeps of its memories is in its {@link Keys}. All gradients of scores that are not
 * named to {@link #backward} are zero.
 */
public sealed interface Scores permits MlpScores, SalienceScores {

    /** What a shard keeps of its memories for their scores. */
    sealed interface Keys permits MlpScores.MlpKeys, SalienceScores.SalienceKeys {}

    /** Room for a memory's keys. */
    Keys keys(Memory memory, boolean training);

    /** A, the floats of a query; 0 where scores don't depend on it. */
    int units();

    /** Takes the weights over. To be called whenever {@code parameters} have changed. */
    void prepare(float[] parameters);

    /** Computes the keys of the first {@code count} states that the memory has just kept. */
    void write(Keys keys, Memory memory, int count);

    /**
     * Computes the queries of a step.
     *
     * @param provisional (rows, H) ĥ from {@code pOff}
     * @param queries (rows, A) written from {@code qOff}
     */
    void query(int rows, float[] provisional, int pOff, float[] queries, int qOff);

    /**
     * Writes the scores of a row's memories, slot by slot, to {@code out}, which has room for N rounded up to whole vectors.
     *
     * @param queries (A) the row's query from {@code qOff}
     */
    void score(Keys keys, Memory memory, int row, float[] queries, int qOff, float[] out);

    /**
     * Scores some of a row's memories only, those that are likely to have the largest scores.
     *
     * @param out the scores, with room as for {@link #score}
     * @param slots written: which memories they are of, in ascending order
     * @return how many; 0 if all are to be scored
     */
    default int search(Keys keys, Memory memory, int row, float[] queries, int qOff, float[] out, int[] slots) {
        return 0;
    }

    /** Whether {@link #search} may score some only. */
    default boolean searches() {
        return false;
    }

    /** Makes a memory's gradients zero, before the first is added. */
    void touch(Keys keys, int row, int number);

    /**
     * Takes the gradients of {@code count} scores of a step.
     *
     * @param row whose memories they are
     * @param numbers of the memories, from {@code nOff}
     * @param queries (A) from {@code qOff}
     * @param place the row's place among those that are gone back over
     * @param apart whether the states that the memories store are to get nothing of it, see {@link #backwardWrite}
     */
    void backward(
            Keys keys,
            int row,
            int count,
            int[] numbers,
            int nOff,
            float[] dScores,
            float[] queries,
            int qOff,
            int place,
            boolean apart,
            float[] gradients);

    /**
     * After all rows of a step: the credit that goes through the queries into ĥ.
     *
     * @param queries (rows, A) from {@code qOff}, replaced by their gradient
     * @param dProvisional (rows, H) added to
     * @param credit whether to; the weights' gradients are kept in any case
     */
    void backwardQuery(Keys keys, int rows, float[] queries, int qOff, float[] dProvisional, boolean credit);

    /**
     * The credit that goes through the keys into the states that memories store.
     *
     * @param row (count) the memories' rows
     * @param number (count) the memories' numbers
     * @param d (count, H) added to
     */
    void backwardWrite(Keys keys, Memory memory, int count, int[] row, int[] number, float[] d);

    /**
     * The query weights' gradients.
     *
     * @param queries (count, A) the queries' gradients from {@code qOff}
     * @param provisional (count, H) from {@code pOff}
     */
    void queryGradients(
            int count, float[] queries, int qOff, float[] provisional, int pOff, float[] gradients, float[] scratch);

    /** The key weights' gradients, after the last backward step of a shard. */
    void keyGradients(Keys keys, Memory memory, int rows, float[] gradients, float[] scratch);
}
