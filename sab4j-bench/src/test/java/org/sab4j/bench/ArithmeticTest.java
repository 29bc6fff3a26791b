package org.sab4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sab4j.retrieval.Sparsifier;

class ArithmeticTest {

    @Test
    void countsThePlainLstm() {
        // 3 products of (4H, H) a step, save one for the first step's state, and 3 of (O, H).
        var model = Setting.Kind.LSTM.model(4, 5, 2, 5, Sparsifier.SOFTMAX);
        Arithmetic arithmetic = Arithmetic.of(model, 10, 2);
        assertThat(arithmetic.gemmFlops()).isEqualTo(2.0 * 2 * (64 * 29 + 9 * 4 * 30));
        assertThat(arithmetic.scoreElements()).isZero();
    }

    @Test
    void countsKeysQueriesAndScores() {
        // 10 steps, k_att 4: memories after steps 4 and 8, asked at steps 5 … 10: 4 · 1 + 2 · 2 scores.
        var model = Setting.Kind.MLP.model(4, 5, 4, 5, Sparsifier.SOFTMAX);
        Arithmetic arithmetic = Arithmetic.of(model, 10, 1);
        assertThat(arithmetic.scoreElements()).isEqualTo(8 * 4);
        double cell = 64 * (30 - 2);
        double attention = 16 * 3 * (6 + 2);
        double head = 2 * 9 * 4 * 30;
        assertThat(arithmetic.gemmFlops()).isEqualTo(2 * (cell + attention + head));
    }

    @Test
    void scoresRunOnAllThreads() {
        assertThat(new Arithmetic(2e9, 1e6).milliseconds(100, 0.5, 2)).isCloseTo(20.25, within(1e-9));
    }
}
