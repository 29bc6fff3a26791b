package org.sab4j.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch's arrays have the sizes that it says. */
class BatchTest {

    private static final Inputs SYMBOLS = new Inputs.Symbols(new int[6], 3);
    private static final Targets CLASSES = new Targets.Classes(new int[] {0, -100, 2, -100, -100, 1});

    @Test
    void countsWhatIsScored() {
        assertThat(new Batch(2, 3, SYMBOLS, CLASSES).scored()).isEqualTo(3);
        boolean[] scored = {true, false, true, true, true, false};
        assertThat(new Batch(3, 2, SYMBOLS, new Targets.Values(new float[12], scored)).scored())
                .isEqualTo(4);
        assertThat(new Batch(6, 1, new Inputs.Vectors(new float[24], 4), CLASSES).scored())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 7, 12})
    void refusesOtherNumbersOfSteps(int cells) {
        assertThatThrownBy(() -> new Batch(2, 3, new Inputs.Symbols(new int[cells], 3), CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Inputs for " + cells + " steps in a batch of 2 sequences of 3 steps (6)");
        assertThatThrownBy(() -> new Batch(2, 3, SYMBOLS, new Targets.Classes(new int[cells])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Targets for " + cells);
        assertThatThrownBy(() -> new Batch(2, 3, SYMBOLS, new Targets.Values(new float[6], new boolean[cells])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Targets for " + cells);
    }

    /** Whole vectors only: what is left over would shift nothing, but is a mistake all the same. */
    @ParameterizedTest
    @ValueSource(ints = {0, 11, 13, 14, 17, 23})
    void refusesOtherNumbersOfFloats(int floats) {
        assertThatThrownBy(() -> new Batch(2, 3, new Inputs.Vectors(new float[floats], 2), CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Inputs");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 7, 11, 13})
    void refusesTargetsThatAreNoWholeSteps(int floats) {
        assertThatThrownBy(() -> new Batch(2, 3, SYMBOLS, new Targets.Values(new float[floats], new boolean[6])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Targets");
    }

    @Test
    void refusesMoreThanAnArrayHolds() {
        assertThatThrownBy(() -> new Batch(1 << 20, 1 << 20, SYMBOLS, CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(1099511627776)");
    }

    /** Two wrong signs make no right size. */
    @Test
    void refusesFewerThanNone() {
        assertThatThrownBy(() -> new Batch(-2, -3, SYMBOLS, CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no batch of -2 sequences of -3 steps");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, 3})
    void hasNoOtherSequences(int sequence) {
        assertThatThrownBy(() -> new Batch(2, 3, SYMBOLS, CLASSES).sequence(sequence))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("The batch has no sequence " + sequence + ", from 0: it has 2");
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
    void refusesWeightsThatAreNone(float weight) {
        assertThatThrownBy(() -> new Targets.Classes(new int[] {0, 1}, new float[] {1, weight}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A class's weight must be a number above 0");
    }

    /** Weights are a model's: one for each output. */
    @Test
    void refusesWeightsOfOtherClasses() {
        Targets two = new Targets.Classes(new int[] {1, 2, Targets.NONE}, new float[] {1, 3});
        Batch batch = new Batch(1, 3, new Inputs.Symbols(new int[3], 3), two);
        assertThatThrownBy(batch::weight)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Target 2 is not one of 0 … 1, the classes that have a weight");
        two.checkWidth(2);
        assertThatThrownBy(() -> two.checkWidth(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Targets: weights for 2 classes, and the model has 3 outputs");
    }

    @Test
    void saysWhichInputIsNoNumber() {
        float[] values = new float[2 * 3 * 4];
        Batch batch = new Batch(2, 3, new Inputs.Vectors(values, 4), CLASSES);
        assertThat(batch.unusable()).isEmpty();
        values[(3 + 2) * 4 + 1] = Float.NEGATIVE_INFINITY;
        assertThat(batch.unusable()).contains("input 1 of step 2 of sequence 1 is -Infinity");
        assertThat(new Batch(2, 3, SYMBOLS, CLASSES).unusable()).isEmpty();
    }

    /** What says that a loss has exploded, and why there may be none. */
    @Test
    void whatTargetsSayOfTheirLoss() {
        Targets classes = new Targets.Classes(new int[] {Targets.NONE, 2});
        assertThat(classes.guess(8)).isEqualTo(Math.log(8));
        assertThat(classes.unusable()).isEmpty();
        assertThat(new Targets.Classes(new int[] {Targets.NONE}).unusable()).contains("no step of the batch is scored");
        Targets values = new Targets.Values(new float[] {1, 3, 100, 100, 0, 2}, new boolean[] {true, false, true});
        assertThat(values.guess(2)).isEqualTo((1 + 9 + 0 + 4) / 4.0);
        assertThat(values.unusable()).isEmpty();
        assertThat(new Targets.Values(new float[] {1, Float.NaN}, new boolean[] {true}).unusable())
                .contains("a target is NaN");
        assertThat(new Targets.Values(new float[] {Float.NaN}, new boolean[] {false}).unusable())
                .contains("no step of the batch is scored");
        assertThatThrownBy(() -> ((Targets.Values) values).checkWidth(3)).hasMessageContaining("6 numbers for 3 steps");
    }
}
