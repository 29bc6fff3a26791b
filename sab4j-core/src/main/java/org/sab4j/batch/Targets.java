package org.sab4j.batch;

/** What the outputs of B sequences of T steps should be. The arrays are the caller's and are not copied. */
public sealed interface Targets {

    /** The target of a step that is not scored. */
    int NONE = -100;

    /** Whether the loss counts this step of this sequence, at {@code sequence * T + step}. */
    boolean scored(int at);

    /**
     * A class at each step; the loss is the cross-entropy.
     *
     * @param values (B, T), each 0 … O − 1 or {@link #NONE}
     */
    @SuppressWarnings("ArrayRecordComponent") // a large array, held and never compared
    record Classes(int[] values) implements Targets {
        @Override
        public boolean scored(int at) {
            return values[at] != NONE;
        }
    }

    /**
     * Numbers; the loss is the mean squared error.
     *
     * @param values (B, T, O)
     * @param scored (B, T)
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Values(float[] values, boolean[] scored) implements Targets {
        @Override
        public boolean scored(int at) {
            return scored[at];
        }
    }
}
