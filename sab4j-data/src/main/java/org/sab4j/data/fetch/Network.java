package org.sab4j.data.fetch;

import java.time.Duration;

/**
 * How patient a download is.
 *
 * @param stall after how long without a byte a connection is given up
 * @param attempts how often one address is tried, going on where the last try ended
 * @param pause before the second attempt; doubled before each further one
 */
public record Network(Duration stall, int attempts, Duration pause) {

    /** Half a minute, five attempts, two seconds. */
    public static final Network DEFAULT = new Network(Duration.ofSeconds(30), 5, Duration.ofSeconds(2));
}
