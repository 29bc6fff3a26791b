package org.sab4j.memory;

/** Which states are kept as memories. */
public sealed interface WritePolicy {

    /** Whether the state of this step, counted from 1, is kept. */
    boolean writes(long step);

    /** The most memories that a sequence of that many steps writes. */
    int capacity(int steps);

    /** Every k_att-th state, as in the paper (Algorithm 1, line 11). */
    record EveryKAtt(int kAtt) implements WritePolicy {

        /** Refuses a k_att below 1. */
        public EveryKAtt {
            if (kAtt < 1) {
                throw new IllegalArgumentException("k_att must be at least 1: " + kAtt);
            }
        }

        @Override
        public boolean writes(long step) {
            return step % kAtt == 0;
        }

        @Override
        public int capacity(int steps) {
            return steps / kAtt;
        }
    }
}
