package org.sab4j.run;

/**
 * k_top: the most memories that a step is reminded of.
 *
 * @param memories how many, or {@link Integer#MAX_VALUE} for all
 */
public record KTop(int memories) {

    /** No bound. */
    public static final KTop ALL = new KTop(Integer.MAX_VALUE);

    /** Whether there is no bound. */
    public boolean isAll() {
        return equals(ALL);
    }

    /** As the user writes it: {@code 5} or {@code all}. */
    @Override
    public String toString() {
        return isAll() ? "all" : String.valueOf(memories);
    }
}
