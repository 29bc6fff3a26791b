package org.sab4j.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept when, and where it lies. */
class MemoryTest {

    @ParameterizedTest(name = "k_att {0}, {1} steps: {2} memories")
    @CsvSource({"1, 7, 7", "2, 7, 3", "2, 8, 4", "7, 7, 1", "8, 7, 0", "3, 0, 0"})
    void everyKAtt(int kAtt, int steps, int memories) {
        WritePolicy policy = new WritePolicy.EveryKAtt(kAtt);
        assertThat(policy.capacity(steps)).isEqualTo(memories);
        int written = 0;
        for (int step = 1; step <= steps; step++) {
            assertThat(policy.writes(step)).isEqualTo(step % kAtt == 0);
            written += policy.writes(step) ? 1 : 0;
        }
        assertThat(written).isEqualTo(memories);
    }

    @Test
    void refusesNoKAtt() {
        assertThatThrownBy(() -> new WritePolicy.EveryKAtt(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k_att");
    }

    @Test
    void keepsStatesRowByRow() {
        Memory memory = new Memory(3, 4, 2, true);
        assertThat(memory.append(2, new float[] {9, 1, 2, 3, 4, 9}, 1)).isZero();
        assertThat(memory.append(2, new float[] {5, 6, 7, 8}, 0)).isEqualTo(1);
        assertThat(memory.size()).isEqualTo(2);
        assertThat(Arrays.copyOf(memory.values, 4)).containsExactly(1, 2, 5, 6);
        assertThat(Arrays.copyOfRange(memory.values, memory.offset(1), memory.offset(1) + 4))
                .containsExactly(3, 4, 7, 8);
        memory.credit(1);
        Arrays.fill(memory.dValues, 1);
        assertThat(memory.isCredited(0)).isFalse();
        assertThat(memory.isCredited(1)).isTrue();
        memory.clearGradients(2);
        assertThat(memory.isCredited(1)).isFalse();
        assertThat(Arrays.copyOfRange(memory.dValues, memory.offset(1), memory.offset(1) + 4))
                .containsOnly(0);
        memory.clear();
        assertThat(memory.size()).isZero();
        assertThat(new Memory(3, 4, 2, false).dValues).isEmpty();
    }
}
