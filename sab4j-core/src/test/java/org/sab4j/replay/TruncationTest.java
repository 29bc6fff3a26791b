package org.sab4j.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Cuts stand between the paper's steps t and t + 1 with t ≡ 0 (mod k_trunc); steps count from 0 here. */
class TruncationTest {

    @Test
    void blocks() {
        Truncation five = new Truncation(5);
        for (int step = 0; step < 50; step++) {
            int t = step + 1;
            int start = t;
            while (start > 1 && (start - 1) % 5 != 0) {
                start--;
            }
            assertThat(five.blockStart(step)).as("step %d", step).isEqualTo(start - 1);
            assertThat(new Truncation(1).blockStart(step)).isEqualTo(step);
            assertThat(new Truncation(0).blockStart(step)).isZero();
        }
        assertThatThrownBy(() -> new Truncation(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
