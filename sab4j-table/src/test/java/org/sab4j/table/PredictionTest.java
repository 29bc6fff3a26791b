package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionTest {

    private static final Outcome CLASSES = new Outcome.Classes(List.of("no", "yes"), List.of());

    @Test
    void numbersAreInTheTargetsUnit() {
        assertThat(Prediction.of(new Outcome.Value(100, 10), new float[] {1.5f}, 0))
                .isEqualTo(new Prediction.OfValue(115));
        assertThat(Prediction.of(new Outcome.Value(100, 10), new float[] {1.5f, -2}, 1))
                .isEqualTo(new Prediction.OfValue(80));
    }

    @Test
    void theLikeliestClass() {
        Prediction.OfClass found =
                (Prediction.OfClass) Prediction.of(CLASSES, new float[] {9, 0, (float) Math.log(3)}, 1);
        assertThat(found.name()).isEqualTo("yes");
        assertThat(found.index()).isEqualTo(1);
        assertThat(found.probabilities()).containsExactly(0.25f, 0.75f);
    }

    /** None is taken for the first class, and one that is not its own does not matter. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void whatIsNoFiniteNumberSaysNothing(float none) {
        assertThatThrownBy(() -> Prediction.of(CLASSES, new float[] {0, none}, 0))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("what the model says is no finite number: its file is damaged");
        assertThatThrownBy(() -> Prediction.of(new Outcome.Value(0, 1), new float[] {none}, 0))
                .isInstanceOf(ArithmeticException.class);
        assertThat(Prediction.of(new Outcome.Value(0, 1), new float[] {none, 1}, 1))
                .isEqualTo(new Prediction.OfValue(1));
    }
}
