package org.sab4j.memory;

/**
 * Which states are kept as memories, and which memory leaves when there is no room.
 *
 * <p>Every k_att-th state is offered to the memory. What leaves is no longer scored, so no later step is reminded of it; credit
 * of the steps that were still reaches the state that it stores.
 */
public sealed interface WritePolicy {

    /** Every how many steps a state is offered. */
    int kAtt();

    /** The most memories of a sequence at a time; 0 for no bound. */
    int most();

    /** Whether the state of this step, counted from 1, is offered. */
    default boolean offers(long step) {
        return step % kAtt() == 0;
    }

    /** The most memories at a time that a sequence of that many steps has. */
    default int capacity(int steps) {
        int offered = steps / kAtt();
        return most() == 0 ? offered : Math.min(most(), offered);
    }

    /** All that is offered, as in the paper (Algorithm 1, line 11). */
    record EveryKAtt(int kAtt) implements WritePolicy {

        /** Refuses a k_att below 1. */
        public EveryKAtt {
            check(kAtt);
        }

        @Override
        public int most() {
            return 0;
        }
    }

    /** The latest: the oldest memory leaves. */
    record Latest(int kAtt, int most) implements WritePolicy {

        /** Refuses a k_att or a bound below 1. */
        public Latest {
            check(kAtt, most);
        }
    }

    /**
     * By use: the memory leaves of which the steps so far were reminded least, by the sum of its weights; of equal ones the oldest.
     * So what is never retrieved goes first.
     */
    record MostUsed(int kAtt, int most) implements WritePolicy {

        /** Refuses a k_att or a bound below 1. */
        public MostUsed {
            check(kAtt, most);
        }
    }

    /**
     * By surprise: the states at which the cell's output changed most, by |ĥ_t − ĥ_{t−1}|. Of those kept and the one offered, the
     * least surprising leaves; of equal ones the one offered, then the oldest.
     *
     * <p>The change is measured, and not the loss, since that is unknown where a model is used.
     */
    record MostSurprising(int kAtt, int most) implements WritePolicy {

        /** Refuses a k_att or a bound below 1. */
        public MostSurprising {
            check(kAtt, most);
        }
    }

    private static void check(int kAtt) {
        if (kAtt < 1) {
            throw new IllegalArgumentException("k_att must be at least 1: " + kAtt);
        }
    }

    private static void check(int kAtt, int most) {
        check(kAtt);
        if (most < 1) {
            throw new IllegalArgumentException("This memory must hold at least 1 state: " + most);
        }
    }
}
