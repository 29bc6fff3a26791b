package org.sab4j.train;

/**
 * A learning rate that is larger early in training: {@code factor} times the optimiser's up to update {@code until}, then falling in
 * a straight line to the optimiser's own at update {@code fade}. Over the first {@code warmUp} updates it rises in a straight line from
 * 0, for the first steps of Adam's, in which all parameters move at the full rate at once, to be small.
 *
 * @param factor what the rate is multiplied by at first; 1 for a constant rate
 * @param until the last update at the early rate
 * @param fade the first update at the optimiser's own rate; where it is {@code until}, that is the one after it
 * @param warmUp the first update that has the whole rate; 0 or 1 for all
 */
public record EarlyRate(double factor, long until, long fade, long warmUp) {

    /** A constant rate. */
    public static final EarlyRate NONE = new EarlyRate(1, 0, 0);

    /** What the documentation recommends. */
    public static final EarlyRate DEFAULT = new EarlyRate(5, 4000, 10000);

    /** Without a warm-up. */
    public EarlyRate(double factor, long until, long fade) {
        this(factor, until, fade, 0);
    }

    /** Refuses a schedule that runs backwards. */
    public EarlyRate {
        if (warmUp < 0) {
            throw new IllegalArgumentException("A warm-up is of at least 0 updates: " + warmUp);
        }
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("The early rate's factor must be a number above 0: " + factor);
        }
        if (until < 0 || fade < until) {
            throw new IllegalArgumentException(
                    "The early rate must end at an update of at least 0 and fade at that or a later one: " + until
                            + ", " + fade);
        }
    }

    /** What the rate is multiplied by at an update, counted from 1. */
    public double at(long update) {
        return (update < warmUp ? (double) update / warmUp : 1) * early(update);
    }

    private double early(long update) {
        if (update <= until) {
            return factor;
        }
        return update >= fade ? 1 : factor + (1 - factor) * (update - until) / (fade - until);
    }
}
