package org.sab4j.data.fetch;

import java.time.Duration;

/**
 * How patient a download is.
 *
 * @param stall after how long without a byte a connection is given up, from 1 ms to 2<sup>31</sup> − 1 ms, some 24 days
 * @param attempts how often one address is tried, at least once, going on where the last try ended
 * @param pause before the second attempt, from 0 to 2<sup>31</sup> − 1 ms; doubled before each further one
 */
public record Network(Duration stall, int attempts, Duration pause) {

    private static final Duration MOST = Duration.ofMillis(Integer.MAX_VALUE);

    /** Half a minute, five attempts, two seconds. */
    public static final Network DEFAULT = new Network(Duration.ofSeconds(30), 5, Duration.ofSeconds(2));

    /** Refuses what can't be waited for. */
    public Network {
        if (stall.compareTo(Duration.ofMillis(1)) < 0 || stall.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "A connection is given up after 1 to 2,147,483,647 ms without a byte: " + stall);
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("An address is tried at least once: " + attempts);
        }
        if (pause.isNegative() || pause.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "The pause before the second attempt is of 0 to 2,147,483,647 ms: " + pause);
        }
    }
}
