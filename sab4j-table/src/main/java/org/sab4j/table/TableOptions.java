package org.sab4j.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.util.List;

/**
 * What the user says of a table.
 *
 * @param goal what is learnt
 * @param sequence the column that tells sequences apart; empty if the whole table is one
 * @param order the column by which a sequence's rows are sorted; empty for the order of the file
 * @param target the column to predict
 * @param features the columns to predict from; empty for all others
 * @param without columns that are not used
 * @param categorical columns whose values are names even where they look like numbers
 * @param missing texts that stand for a missing value, beside the usual ones
 * @param per what has a target of its own
 * @param horizon how many steps ahead to forecast, at least 1; 0 will do for another goal
 * @param window the most steps of a piece into which sequences are cut, at least 2; 0 for whole sequences
 * @param splitBy how the table is divided
 * @param validation the share of the validation part, in (0, 1)
 * @param test the share of the test part, in [0, 1); with that of the validation part below 1
 * @param classWeights {@code none}; {@code balanced} for rare classes to count more, so that all count the same; or weights by class,
 *     {@code fault=5,ok=1}, 1 for classes that are not named
 * @param seed of the lot
 */
public record TableOptions(
        Goal goal,
        String sequence,
        String order,
        String target,
        List<String> features,
        List<String> without,
        List<String> categorical,
        List<String> missing,
        TargetPer per,
        int horizon,
        int window,
        SplitBy splitBy,
        double validation,
        double test,
        String classWeights,
        long seed) {

    /** Copies the lists; refuses what no table can be divided or cut by, in a sentence that names the setting. */
    public TableOptions {
        int leastHorizon = goal == Goal.FORECAST ? 1 : 0;
        if (horizon < leastHorizon) {
            throw new IllegalArgumentException("horizon must be at least " + leastHorizon + ": " + horizon);
        }
        if (window < 0 || window == 1) {
            throw new IllegalArgumentException("window must be 0 or at least 2: " + window);
        }
        if (!(validation > 0 && validation < 1)) {
            throw new IllegalArgumentException("validation must be in (0, 1): " + validation);
        }
        if (!(test >= 0 && test < 1)) {
            throw new IllegalArgumentException("test must be in [0, 1): " + test);
        }
        if (validation + test >= 1) {
            throw new IllegalArgumentException(
                    "validation and test leave nothing to train on: " + validation + " and " + test);
        }
        features = List.copyOf(features);
        without = List.copyOf(without);
        categorical = List.copyOf(categorical);
        missing = List.copyOf(missing);
    }

    /**
     * Names with commas between them; a name with a comma in it stands in quotes.
     *
     * @throws IllegalArgumentException if a quote is not closed; the message goes on where a name for the text ended
     */
    public static List<String> names(String text) {
        try {
            return text.isBlank()
                    ? List.of()
                    : CsvReader.builder().allowUnclosedQuote(false).ofSingleCsvRecord(text).getFields().stream()
                            .map(String::strip)
                            .toList();
        } catch (CsvParseException e) {
            throw new IllegalArgumentException(
                    "can't be taken apart: put commas between names, and names with commas in quotes", e);
        }
    }

    /** How the table is divided, where {@link SplitBy#AUTO} is resolved. */
    SplitBy split() {
        if (splitBy != SplitBy.AUTO) {
            return splitBy;
        }
        return sequence.isEmpty() || (goal == Goal.FORECAST && !order.isEmpty()) ? SplitBy.TIME : SplitBy.SEQUENCE;
    }

    /** The least that must be said, and what is sensible for the rest. */
    public static TableOptions of(Goal goal, String sequence, String target) {
        return new TableOptions(
                goal,
                sequence,
                "",
                target,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                TargetPer.AUTO,
                1,
                0,
                SplitBy.AUTO,
                0.15,
                0.15,
                "none",
                1);
    }
}
