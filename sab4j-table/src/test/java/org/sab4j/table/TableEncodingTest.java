package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;

class TableEncodingTest {

    private static final List<Feature> FEATURES = List.of(
            new Feature.Numeric("temp", false, 20, 5, true), new Feature.Category("event", List.of("a", "b"), true));

    private static TableEncoding encoding(Goal goal, int horizon, int window, Outcome outcome) {
        return new TableEncoding(
                goal,
                "id",
                "t",
                TableEncoding.OrderKind.WHOLE,
                "temp",
                true,
                horizon,
                window,
                List.of(),
                FEATURES,
                outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FORECAST |  0 |  0 | The horizon of a forecast must be at least 1: 0",
                "FORECAST | -1 |  0 | The horizon of a forecast must be at least 1: -1",
                "REGRESS  |  1 |  0 | The horizon must be 0 where nothing is forecast: 1",
                "CLASSIFY | -1 |  0 | The horizon must be 0 where nothing is forecast: -1",
                "FORECAST |  1 |  1 | A window must be 0 or at least 2: 1",
                "REGRESS  |  0 | -2 | A window must be 0 or at least 2: -2",
            })
    void refusesWhatCutsNoSequence(Goal goal, int horizon, int window, String sentence) {
        assertThatThrownBy(() -> encoding(goal, horizon, window, new Outcome.Value(0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWhatNothingCanBeDividedBy(double none) {
        assertThatThrownBy(() -> new Feature.Numeric("temp", false, 0, none, false))
                .hasMessage("Column 'temp' must have a finite deviation above 0: " + none);
        assertThatThrownBy(() -> new Outcome.Value(0, none))
                .hasMessage("The target must have a finite deviation above 0: " + none);
        assertThatThrownBy(() -> new Outcome.Classes(List.of("no", "yes"), List.of(1f, (float) none)))
                .hasMessage("Class 'yes' must have a finite weight above 0: " + none);
    }

    @Test
    void refusesAMeanThatIsNone() {
        assertThatThrownBy(() -> new Feature.Numeric("temp", false, Double.NaN, 1, false))
                .hasMessage("Column 'temp' must have a finite mean: NaN");
        assertThatThrownBy(() -> new Outcome.Value(Double.NEGATIVE_INFINITY, 1))
                .hasMessage("The target must have a finite mean: -Infinity");
    }

    /** It would stand in the place of a missing word, or in another column's. */
    @Test
    void refusesAWordThatThereIsNot() {
        TableEncoding encoding = encoding(Goal.REGRESS, 0, 0, new Outcome.Value(0, 1));
        float[] inputs = new float[encoding.inputs()];
        encoding.encode(new double[] {25, 1}, inputs, 0);
        assertThat(inputs).containsExactly(1, 0, 0, 1, 0);
        assertThatThrownBy(() -> encoding.encode(new double[] {25, 2}, inputs, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Column 'event' has 2 words, none of index 2.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"horizon\":1     | \"horizon\":0      | it is damaged: The horizon of a forecast must be at least 1: 0",
                "\"window\":8      | \"window\":1       | it is damaged: A window must be 0 or at least 2: 1",
                "\"deviation\":5.0 | \"deviation\":0.0  | it is damaged: Column 'temp' must have a finite deviation above 0: 0.0",
                "\"deviation\":10. | \"deviation\":-10. | it is damaged: The target must have a finite deviation above 0: -10.0",
                "\"mean\":100.0    | \"mean\":1e999     | it is damaged: The target must have a finite mean: Infinity",
                "\"mean\":100.0    | \"mean\":[]        | it is damaged",
                "\"format\":1      | \"format\":2       | its format is that of another version of sab4j",
            })
    void filesThatAreDamaged(String whole, String damaged, String sentence) {
        String json = encoding(Goal.FORECAST, 1, 8, new Outcome.Value(100, 10)).json();
        assertThat(json).contains(whole);
        refused(json.replace(whole, damaged), sentence);
    }

    @Test
    void weightsThatAreDamaged() {
        Outcome classes = new Outcome.Classes(List.of("no", "yes"), List.of(1f, 2f));
        String json = encoding(Goal.CLASSIFY, 0, 0, classes).json();
        assertThat(TableEncoding.of(json).json()).isEqualTo(json);
        refused(
                json.replace("[1.0,2.0]", "[1.0,0.0]"),
                "it is damaged: Class 'yes' must have a finite weight above 0: 0.0");
        refused(json.replace("[1.0,2.0]", "[1.0]"), "it is damaged: 2 classes have 1 weights");
        refused(json.replace("\"classify\"", "\"cluster\""), "it is damaged: ");
    }

    private static void refused(String json, String sentence) {
        Safetensors model = new Safetensors(
                Path.of("model.safetensors"), new LinkedHashMap<>(Map.of("data.table", json)), new LinkedHashMap<>());
        assertThatThrownBy(() -> TableEncoding.of(model))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("model.safetensors says nothing of its table that can be used: " + sentence);
    }
}
