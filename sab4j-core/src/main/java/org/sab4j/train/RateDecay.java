package org.sab4j.train;

/**
 * A learning rate that falls late in training: constant up to update {@code from}, then linearly to {@code factor} times itself
 * at update {@code to}, then constant again.
 *
 * @param from the last update at the full rate
 * @param to the first update at the lowest rate; as {@code from} for no decay
 * @param factor what is left of the rate at the end
 */
public record RateDecay(long from, long to, double factor) {

    /** A constant rate. */
    public static final RateDecay NONE = new RateDecay(0, 0, 1);

    /** Refuses a decay that runs backwards or grows. */
    public RateDecay {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("The rate's decay must run from an update to a later one: " + from + ", " + to);
        }
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException("What is left of the rate must be above 0 and at most 1: " + factor);
        }
    }

    /** What the rate is multiplied by at an update, counted from 1. */
    public double at(long update) {
        if (from == to) {
            return 1;
        }
        double progress = Math.clamp((double) (update - from) / (to - from), 0.0, 1.0);
        return 1 - progress * (1 - factor);
    }
}
