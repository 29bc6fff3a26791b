package org.sab4j.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept when, where it lies, and what leaves. */
class MemoryTest {

    private static final int HIDDEN = 2;

    @ParameterizedTest(name = "k_att {0}, {1} steps: {2} memories")
    @CsvSource({"1, 7, 7", "2, 7, 3", "2, 8, 4", "7, 7, 1", "8, 7, 0", "3, 0, 0"})
    void everyKAtt(int kAtt, int steps, int memories) {
        WritePolicy policy = new WritePolicy.EveryKAtt(kAtt);
        assertThat(policy.capacity(steps)).isEqualTo(memories);
        int written = 0;
        for (int step = 1; step <= steps; step++) {
            assertThat(policy.offers(step)).isEqualTo(step % kAtt == 0);
            written += policy.offers(step) ? 1 : 0;
        }
        assertThat(written).isEqualTo(memories);
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void refusesNoKAtt(Keep keep) {
        assertThatThrownBy(() -> keep.policy(0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k_att");
        if (keep != Keep.ALL) {
            assertThatThrownBy(() -> keep.policy(1, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Offers a step's states to both rows; row r's is (100 r + step, −step). */
    private static int offer(Memory memory, int step, float... change) {
        float[] h = {-1, step, -step, 100 + step, -step};
        return memory.offer(step, 2, h, 1, change);
    }

    /** The steps of the memories that can be retrieved, slot by slot. */
    private static List<Integer> held(Memory memory, int row) {
        List<Integer> held = new ArrayList<>();
        for (int slot = 0; slot < memory.size(row); slot++) {
            int number = memory.number(row, slot);
            int step = memory.step(row, number);
            assertThat(Arrays.copyOfRange(memory.values[row], number * HIDDEN, (number + 1) * HIDDEN))
                    .containsExactly(100 * row + step, -step);
            held.add(step);
        }
        return held;
    }

    @Test
    void keepsStatesRowByRow() {
        Memory memory = new Memory(3, HIDDEN, new WritePolicy.EveryKAtt(2), 9, true);
        assertThat(memory.capacity).isEqualTo(4);
        assertThat(memory.isOffered(0)).isFalse();
        assertThat(memory.isOffered(1)).isTrue();
        assertThat(offer(memory, 1)).isEqualTo(2);
        assertThat(memory.fresh).startsWith(1, -1, 101, -1);
        assertThat(offer(memory, 3)).isEqualTo(2);
        assertThat(held(memory, 0)).containsExactly(1, 3);
        assertThat(held(memory, 1)).containsExactly(1, 3);
        assertThat(memory.size(2)).isZero();
        memory.clear();
        assertThat(memory.size(0)).isZero();
        assertThat(memory.written(0)).isZero();
        assertThat(new Memory(3, HIDDEN, new WritePolicy.EveryKAtt(2), 9, false).dValues[0])
                .isEmpty();
    }

    /** One more than a sequence of the length that it was made for offers, and none where that offers none. */
    @ParameterizedTest
    @CsvSource({"2, 9, 4", "2, 3, 1", "20, 8, 0"})
    void refusesMoreThanItWasMadeFor(int kAtt, int length, int memories) {
        Memory memory = new Memory(2, HIDDEN, new WritePolicy.EveryKAtt(kAtt), length, false);
        for (int i = 1; i <= memories; i++) {
            assertThat(offer(memory, kAtt * i - 1)).isEqualTo(2);
        }
        assertThatThrownBy(() -> offer(memory, kAtt * (memories + 1) - 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("longer than its memory was made for, " + memories + " memories");
    }

    @Test
    void creditIsOfTouchedMemories() {
        Memory memory = new Memory(2, HIDDEN, new WritePolicy.EveryKAtt(1), 3, true);
        offer(memory, 0);
        offer(memory, 1);
        memory.clearGradients(2);
        assertThat(memory.isTouched(1, 0)).isFalse();
        assertThat(memory.hops(1, 0)).isEqualTo(Memory.NO_CREDIT);
        Arrays.fill(memory.dValues[1], 7);
        assertThat(memory.touch(1, 0)).isTrue();
        assertThat(memory.touch(1, 0)).isFalse();
        assertThat(memory.dValues[1]).startsWith(0, 0, 7);
        assertThat(memory.hops(1, 0)).isEqualTo(Memory.NO_CREDIT);
        memory.credit(1, 0, 3);
        memory.credit(1, 0, 5);
        assertThat(memory.hops(1, 0)).isEqualTo(3);
        assertThat(memory.isTouched(0, 0)).isFalse();
        memory.clearGradients(2);
        assertThat(memory.isTouched(1, 0)).isFalse();
    }

    @ParameterizedTest(name = "training {0}")
    @CsvSource({"true", "false"})
    void theOldestLeaves(boolean training) {
        Memory memory = new Memory(2, HIDDEN, new WritePolicy.Latest(1, 3), 10, training);
        for (int step = 0; step < 5; step++) {
            assertThat(offer(memory, step)).isEqualTo(2);
        }
        assertThat(held(memory, 0)).containsExactly(3, 4, 2);
        assertThat(held(memory, 1)).containsExactly(3, 4, 2);
        assertThat(memory.freshSlot(0)).isEqualTo(1);
        assertThat(memory.written(0)).isEqualTo(training ? 5 : 3);
        if (training) { // what has left is still there for the backward pass
            assertThat(memory.step(1, 0)).isZero();
            assertThat(memory.values[1]).startsWith(100, 0, 101, -1);
        }
    }

    @ParameterizedTest(name = "training {0}")
    @CsvSource({"true", "false"})
    void theLeastUsedLeaves(boolean training) {
        Memory memory = new Memory(2, HIDDEN, new WritePolicy.MostUsed(1, 3), 10, training);
        for (int step = 0; step < 3; step++) {
            offer(memory, step);
        }
        memory.use(0, 0, 0.25f);
        memory.use(0, 0, 0.5f);
        memory.use(0, 2, 0.5f);
        memory.use(1, 1, 0.125f);
        offer(memory, 3);
        assertThat(held(memory, 0)).containsExactly(0, 3, 2);
        assertThat(held(memory, 1)).containsExactly(3, 1, 2);
        memory.use(0, 1, 1);
        offer(memory, 4); // the newcomers have not been used: of those that have not, the oldest goes
        assertThat(held(memory, 0)).containsExactly(0, 3, 4);
        assertThat(held(memory, 1)).containsExactly(3, 1, 4);
    }

    @ParameterizedTest(name = "training {0}")
    @CsvSource({"true", "false"})
    void theLeastSurprisingLeaves(boolean training) {
        Memory memory = new Memory(2, HIDDEN, new WritePolicy.MostSurprising(1, 2), 10, training);
        float[][] changes = {{3, 1}, {2, 1}, {2, 2}, {2.5f, 0}, {9, 9}, {8, 8}, {7, 10}};
        int[] kept = {2, 2, 1, 1, 2, 2, 1};
        for (int step = 0; step < changes.length; step++) {
            assertThat(offer(memory, step, changes[step])).as("step %d", step).isEqualTo(kept[step]);
        }
        assertThat(held(memory, 0)).containsExactlyInAnyOrder(4, 5);
        assertThat(held(memory, 1)).containsExactlyInAnyOrder(4, 6);
        assertThat(memory.watchesChange()).isTrue();
    }

    /** A row that goes on being surprised needs more room than was made at first, and the other none. */
    @Test
    void roomIsMade() {
        Memory memory = new Memory(2, HIDDEN, new WritePolicy.MostSurprising(1, 2), 40, true);
        int room = memory.room(0);
        for (int step = 0; step < 40; step++) {
            offer(memory, step, step + 1, 0);
        }
        assertThat(memory.written(0)).isEqualTo(40);
        assertThat(memory.room(0)).isGreaterThanOrEqualTo(40);
        assertThat(held(memory, 0)).containsExactlyInAnyOrder(38, 39);
        for (int i = 0; i < 40; i++) {
            assertThat(memory.step(0, i)).isEqualTo(i);
            assertThat(memory.values[0][i * HIDDEN]).isEqualTo(i);
        }
        assertThat(memory.room(1)).isEqualTo(room);
        assertThat(held(memory, 1)).containsExactly(0, 1);
    }
}
