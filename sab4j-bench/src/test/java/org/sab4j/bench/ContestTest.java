package org.sab4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ContestTest {

    @Test
    void takesTurnsAndComparesRoundByRound() {
        var outcomes = Contest.run(
                List.of(new Contest.Contender("quick", new Sleeper(2)), new Contest.Contender("slow", new Sleeper(20))),
                3,
                0.01,
                0.01);
        assertThat(outcomes).extracting(Contest.Outcome::name).containsExactly("quick", "slow");
        assertThat(outcomes.getFirst().ratio()).isEqualTo(new Spread(1, 1, 1));
        assertThat(outcomes.getLast().rounds()).hasSize(3);
        assertThat(outcomes.getLast().ratio().median()).isGreaterThan(1);
        assertThat(outcomes.getLast().firstLosses()).containsExactly(1.0, 2.0, 3.0);
    }

    /** An update that takes so many milliseconds; its losses count the updates. */
    private static final class Sleeper implements Update {
        private final long milliseconds;
        private int updates;

        Sleeper(long milliseconds) {
            this.milliseconds = milliseconds;
        }

        @Override
        public double run() {
            LockSupport.parkNanos(milliseconds * 1_000_000);
            return ++updates;
        }

        @Override
        public void close() {}
    }
}
