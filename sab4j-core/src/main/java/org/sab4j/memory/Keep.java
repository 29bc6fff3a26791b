package org.sab4j.memory;

/** The write policies by name. */
public enum Keep {
    /** {@link WritePolicy.EveryKAtt}. */
    ALL {
        @Override
        public WritePolicy policy(int kAtt, int most) {
            return new WritePolicy.EveryKAtt(kAtt);
        }
    },
    /** {@link WritePolicy.Latest}. */
    LATEST {
        @Override
        public WritePolicy policy(int kAtt, int most) {
            return new WritePolicy.Latest(kAtt, most);
        }
    },
    /** {@link WritePolicy.MostUsed}. */
    USED {
        @Override
        public WritePolicy policy(int kAtt, int most) {
            return new WritePolicy.MostUsed(kAtt, most);
        }
    },
    /** {@link WritePolicy.MostSurprising}. */
    SURPRISING {
        @Override
        public WritePolicy policy(int kAtt, int most) {
            return new WritePolicy.MostSurprising(kAtt, most);
        }
    };

    /** The policy that is offered every k_att-th state and holds at most so many; {@link #ALL} knows no bound. */
    public abstract WritePolicy policy(int kAtt, int most);
}
