package org.sab4j.batch;

/** The inputs of B sequences of T steps. The arrays are the caller's and are not copied. */
public sealed interface Inputs {

    /** The number of inputs, I: the width of a vector, or how many symbols there are. */
    int size();

    /**
     * A symbol at each step, which stands for a one-hot vector.
     *
     * @param values (B, T), each 0 … size − 1
     * @param size how many symbols there are
     */
    @SuppressWarnings("ArrayRecordComponent") // a large array, held and never compared
    record Symbols(int[] values, int size) implements Inputs {}

    /**
     * A vector at each step.
     *
     * @param values (B, T, I)
     * @param size I
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Vectors(float[] values, int size) implements Inputs {}
}
