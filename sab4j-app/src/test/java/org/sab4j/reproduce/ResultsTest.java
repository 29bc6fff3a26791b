package org.sab4j.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.sweep.TrialRecord;

/** From what trials left to tables. */
class ResultsTest {

    @TempDir
    private Path folder;

    private static <V> SequencedMap<String, V> map(Map<String, V> entries) {
        return new LinkedHashMap<>(entries);
    }

    private static Results.Trial trial(long seed, double value, String measure, double... evaluations) {
        TrialRecord.Test test = new TrialRecord.Test(
                100,
                2048,
                null,
                500,
                0.0083,
                map(measure.equals("mse") ? Map.of("mse", value) : Map.of("accuracy", value, "ceLast", 0.1)),
                1);
        TrialRecord record = new TrialRecord(
                TrialRecord.End.UPDATES,
                null,
                1000 * seed,
                500,
                0,
                2.5 * seed,
                null,
                map(Map.of("commit", "abc")),
                List.of(test));
        List<List<Double>> points = new java.util.ArrayList<>();
        for (int i = 0; i < evaluations.length; i++) {
            points.add(List.of(500.0 * (i + 1), evaluations[i]));
        }
        return new Results.Trial(seed, record, points);
    }

    private static Results.Row row(String measure, String paper, @Nullable Double target, Results.Trial... trials) {
        return new Results.Row(
                "sab-5-5",
                "SAB 5,5",
                "copy",
                measure,
                100,
                List.of(100),
                map(Map.of("k-trunc", 5)),
                map(Map.of(measure, paper)),
                target,
                List.of(trials));
    }

    private static Results results(Results.Row... rows) {
        return new Results(
                1,
                "table2-t100",
                "Copying",
                false,
                "sab reproduce table2-t100",
                map(Map.of("hidden", 128, "batch", 64)),
                List.of("hidden", "k-trunc"),
                List.of(rows),
                List.of());
    }

    @Test
    void meanSpreadAndBestOverSeeds() {
        Summary summary = Summary.of(
                row(
                        "accuracy",
                        "99.8",
                        null,
                        trial(1, 0.99, "accuracy"),
                        trial(2, 0.97, "accuracy"),
                        trial(3, 0.98, "accuracy")),
                100);
        assertThat(summary.mean()).isCloseTo(98, within(1e-9));
        assertThat(summary.deviation()).isCloseTo(1, within(1e-9));
        assertThat(summary.best()).isCloseTo(99, within(1e-9));
        assertThat(Summary.of(summary.row(), 200).values()).isEmpty();
        Summary adding = Summary.of(row("mse", "1e-4", null, trial(1, 3e-5, "mse"), trial(2, 1e-5, "mse")), 100);
        assertThat(adding.best()).isEqualTo(1e-5);
    }

    private static Results.Row row(String name, int kTrunc, Results.Trial... trials) {
        return new Results.Row(
                name,
                "SAB",
                "copy",
                "accuracy",
                100,
                List.of(100),
                map(Map.of("k-trunc", kTrunc, "updates", 30_000L)),
                map(Map.of("accuracy", "99.8")),
                null,
                List.of(trials));
    }

    private static Results made(String command, Results.Row... rows) {
        Results results = results(rows);
        return new Results(
                1,
                results.name(),
                results.title(),
                false,
                command,
                results.settings(),
                results.states(),
                results.rows(),
                List.of());
    }

    private static List<Long> seeds(Results results, int row) {
        return results.rows().get(row).trials().stream()
                .map(Results.Trial::seed)
                .toList();
    }

    @Test
    void resultsOfAnotherFolderStayWhereTheirSettingsAreTheSame() throws Exception {
        made("first", row("a", 5, trial(1, 0.9, "accuracy"), trial(3, 0.7, "accuracy")))
                .write(folder);
        Results both = made("second", row("a", 5, trial(2, 0.8, "accuracy"), trial(3, 0.6, "accuracy")))
                .withThoseIn(folder);
        assertThat(seeds(both, 0)).containsExactly(1L, 2L, 3L);
        assertThat(Summary.of(both.rows().getFirst(), 100).mean()).isCloseTo(100 * (0.9 + 0.8 + 0.6) / 3, within(1e-9));
        assertThat(both.notes()).isEmpty();
        assertThat(both.command()).isEqualTo("first · second");
        Results alone = made("second", row("a", 5, trial(1, 0.8, "accuracy"), trial(3, 0.6, "accuracy")))
                .withThoseIn(folder);
        assertThat(alone.command()).isEqualTo("second");
        assertThat(both.withThoseIn(folder.resolve("none"))).isEqualTo(both);
        both.write(folder); // and a folder that has all the trials keeps the commands that made them
        assertThat(made("third", both.rows().getFirst()).withThoseIn(folder).command())
                .isEqualTo("first · second · third");
    }

    @Test
    void resultsWithOtherSettingsStayOnlyWhereTheFolderHasNone() throws Exception {
        made(
                        "first",
                        row("a", 5, trial(1, 0.9, "accuracy")),
                        row("b", 5, trial(1, 0.9, "accuracy")),
                        row("gone", 5, trial(1, 0.9, "accuracy")))
                .write(folder);
        Results found = made("second", row("a", 6, trial(2, 0.8, "accuracy")), row("b", 6))
                .withThoseIn(folder);
        assertThat(seeds(found, 0)).containsExactly(2L);
        assertThat(seeds(found, 1)).containsExactly(1L);
        assertThat(found.rows().get(1).settings()).containsEntry("k-trunc", 5);
        assertThat(found.notes())
                .containsExactly(
                        "Earlier results of a had other settings and are left out: k-trunc 5, now 6",
                        "b was trained with other settings than it would be now: k-trunc 5, now 6",
                        "Earlier results of gone, which the study no longer has, are left out");
        assertThat(ResultsPage.section(found, 2)).contains("\n- b was trained", "k-trunc 5, now 6.\n");
        found.write(folder);
        assertThat(made("third", row("a", 6), row("b", 6)).withThoseIn(folder).notes())
                .containsExactly("b was trained with other settings than it would be now: k-trunc 5, now 6");
        Results again = made("third", row("a", 6), row("b", 6, trial(1, 0.9, "accuracy")))
                .withThoseIn(folder);
        assertThat(again.notes())
                .containsExactly("Earlier results of b had other settings and are left out: k-trunc 5, now 6");
    }

    /** A setting that is new to the program is not taken for one that an earlier row had. */
    @Test
    void whatAKeptRowHasNotStaysNamed() throws Exception {
        made("first", lstm(Map.of("k-trunc", 5), trial(1, 0.9, "accuracy"))).write(folder);
        String note = "a was trained with other settings than it would be now: score-credit none, now true";
        for (String command : List.of("second", "third")) {
            Results kept = withCredit(command).withThoseIn(folder);
            assertThat(kept.notes()).containsExactly(note);
            kept.write(folder);
        }
        Results trained = withCredit("fourth", trial(2, 0.8, "accuracy")).withThoseIn(folder);
        assertThat(seeds(trained, 0)).containsExactly(2L);
    }

    /** One that is new, and at its default, has changed nothing; nor has what plays no part beside it. */
    @Test
    void aLaterSettingAtItsDefaultIsNoOther() throws Exception {
        Map<String, Object> before = Map.of("mental-updates", false, "memory-bound", 0.0);
        made("first", lstm(before, trial(1, 0.9, "accuracy"))).write(folder);
        Map<String, Object> now = Map.of("mental-updates", false, "direct-credit", false);
        for (String command : List.of("second", "third")) {
            Results kept = made(command, lstm(now)).withThoseIn(folder);
            assertThat(kept.notes()).isEmpty();
            assertThat(kept.rows().getFirst().settings()).isEqualTo(now);
            kept.write(folder);
        }
        Results seeds = made("fourth", lstm(now, trial(2, 0.8, "accuracy"))).withThoseIn(folder);
        assertThat(seeds(seeds, 0)).containsExactly(1L, 2L);
    }

    /** Of some settings it is known what training did before they were there. */
    @Test
    void aLaterSettingWasWhatItWasBefore() throws Exception {
        made("first", lstm(Map.of("k-trunc", 5), trial(1, 0.9, "accuracy"))).write(folder);
        Map<String, Object> now = Map.of("k-trunc", 5, "beta1", 0.9, "beta2", 0.99, "warm-up", 500);
        for (String command : List.of("second", "third")) {
            Results kept = made(command, lstm(now)).withThoseIn(folder);
            assertThat(kept.notes())
                    .containsExactly(
                            "a was trained with other settings than it would be now: beta2 0.999, now 0.99, warm-up 0, now 500");
            assertThat(kept.rows().getFirst().settings()).containsEntry("beta2", 0.999);
            kept.write(folder);
        }
    }

    private static Results withCredit(String command, Results.Trial... trials) {
        Results made = made(command, lstm(Map.of("k-trunc", 5), trials));
        SequencedMap<String, Object> settings = new LinkedHashMap<>(made.settings());
        settings.put("score-credit", true);
        return new Results(
                1, made.name(), made.title(), false, command, settings, made.states(), made.rows(), List.of());
    }

    @Test
    void resultsStayWhereOnlyWhatPlaysNoPartIsDifferent() throws Exception {
        Results.Trial one = trial(1, 0.9, "accuracy");
        made(
                        "first",
                        lstm(
                                Map.of(
                                        "model",
                                        "lstm",
                                        "k-trunc",
                                        1,
                                        "k-top",
                                        5,
                                        "early-rate",
                                        1.0,
                                        "early-until",
                                        4000),
                                one))
                .write(folder);
        Results.Row row = lstm(Map.of("model", "lstm", "k-trunc", 1, "early-rate", 1.0));
        Results found = made("second", row).withThoseIn(folder);
        assertThat(seeds(found, 0)).containsExactly(1L);
        assertThat(found.notes()).isEmpty();
        assertThat(found.rows().getFirst().settings()).isEqualTo(row.settings());
    }

    /** Seeds whose sums were rounded otherwise belong together, and it is said. */
    @Test
    void otherRoundingIsNoOtherSetting() throws Exception {
        made("first", lstm(Map.of("k-trunc", 5, "shard-rows", 16), trial(1, 0.9, "accuracy")))
                .write(folder);
        Map<String, Object> eight = Map.of("k-trunc", 5, "shard-rows", 8);
        Results kept = made("second", lstm(eight)).withThoseIn(folder);
        assertThat(seeds(kept, 0)).containsExactly(1L);
        assertThat(kept.rows().getFirst().settings()).containsEntry("shard-rows", 16);
        assertThat(kept.notes()).isEmpty();
        Results both = made("third", lstm(eight, trial(2, 0.8, "accuracy"))).withThoseIn(folder);
        assertThat(seeds(both, 0)).containsExactly(1L, 2L);
        assertThat(both.notes()).containsExactly("a has seeds with shard-rows 16 and 8, which round otherwise");
        both.write(folder);
        assertThat(made("fourth", lstm(eight)).withThoseIn(folder).notes()).isEqualTo(both.notes());
    }

    private static Results.Row lstm(Map<String, Object> settings, Results.Trial... trials) {
        return new Results.Row(
                "a",
                "LSTM",
                "copy",
                "accuracy",
                100,
                List.of(100),
                map(settings),
                map(Map.of()),
                null,
                List.of(trials));
    }

    @Test
    void aFailedTrialDoesNotTakeThePlaceOfOneThatIsThere() throws Exception {
        made("first", row("a", 5, trial(1, 0.9, "accuracy"))).write(folder);
        TrialRecord failure = new TrialRecord(
                TrialRecord.End.FAILED, "no room", 0, 0, 0, 0, null, map(Map.of("commit", "abc")), List.of());
        Results found = made("second", row("a", 5, new Results.Trial(1, failure, List.of())))
                .withThoseIn(folder);
        assertThat(found.rows().getFirst().trials().getFirst().record().ended()).isEqualTo(TrialRecord.End.UPDATES);
    }

    /** As after --hours between two lengths. */
    @Test
    void aTrialThatIsNotYetMeasuredDoesNotTakeThePlaceOfOneThatIs() throws Exception {
        made("first", row("a", 5, trial(1, 0.9, "accuracy"))).write(folder);
        TrialRecord unmeasured = new TrialRecord(
                TrialRecord.End.UPDATES, null, 9, 9, 0, 0, null, map(Map.of("commit", "abc")), List.of());
        Results found = made("second", row("a", 5, new Results.Trial(1, unmeasured, List.of())))
                .withThoseIn(folder);
        assertThat(found.rows().getFirst().trials().getFirst().record().tests()).hasSize(1);
    }

    @Test
    void aBrokenFileIsNotJoined() throws Exception {
        Files.writeString(folder.resolve("table2-t100.json"), "{");
        assertThatThrownBy(() -> Results.earlier(folder, "table2-t100", false))
                .hasMessageContaining("is no file of results")
                .hasMessageEndingWith("move it away, or give --results another folder");
    }

    @ParameterizedTest
    @CsvSource({
        "accuracy, 100.0, , 0.9996, 0.9997, MET", // rounds to what is printed
        "accuracy, 100.0, , 0.9992, 0.9997, BEST_ONLY",
        "accuracy, 100.0, , 0.99, 0.98, MISSED",
        "accuracy, 100.0, 99.9, 0.9991, 0.9993, MET",
        "accuracy, 20.6, , 0.2056, 0.2058, MET",
        "mse, 4.59e-6, , 4.594e-6, 4.594e-6, MET",
        "mse, 4.59e-6, , 4.6e-6, 4.6e-6, MISSED",
        "mse, 4.59e-6, , 4.0e-6, 9e-6, BEST_ONLY",
    })
    void aFigureIsReachedOrMissed(
            String measure, String paper, @Nullable Double target, double one, double two, Summary.Verdict verdict) {
        Results.Row row = row(measure, paper, target, trial(1, one, measure), trial(2, two, measure));
        assertThat(Summary.of(row, 100).verdict()).isEqualTo(verdict);
    }

    @Test
    void theTableSetsThePaperBesideWhatWasMeasured() {
        Results.Row row = row(
                "accuracy",
                "57.9",
                null,
                trial(1, 0.60, "accuracy", 0.2, 0.58, 0.6),
                trial(2, 0.50, "accuracy", 0.3, 0.5));
        Results.Row none = new Results.Row(
                "x", "SAB 9,9", "copy", "accuracy", 100, List.of(100), map(Map.of()), map(Map.of()), null, List.of());
        assertThat(new ResultsTable(results(row, none)).text())
                .contains("copy, trained at T = 100", "55.00 ± 7.07  60.00  0.100  0.0083")
                .contains("1/2 at 1,000  best seed only")
                .containsPattern("SAB 9,9 +– +– +– +– +– +– +– +0 +– +– +–");
        assertThat(ResultsPage.section(results(row), 2))
                .contains("## Copying", "| SAB 5,5 | 57.9 | – | – | 55.00 ± 7.07 | 60.00 |")
                .contains("`sab reproduce table2-t100`; seeds 1, 2; commit abc")
                .contains(
                        "Common to all rows to which they apply: hidden 128; ours: batch 64.", "- SAB 5,5: k-trunc 5");
    }

    @Test
    void theOverviewNamesWhatIsNotMet() {
        Results.Row met = row("accuracy", "57.9", null, trial(1, 0.60, "accuracy"));
        Results.Row bestOnly = row("accuracy", "57.9", null, trial(1, 0.60, "accuracy"), trial(2, 0.50, "accuracy"));
        Results.Row missed = row("accuracy", "57.9", 99.9, trial(1, 0.60, "accuracy"));
        Results.Row unmeasured = row("accuracy", "57.9", null);
        Results results = new Results(
                1,
                "table2-t100",
                "Copying, T = 100 (Table 2)",
                false,
                "sab reproduce table2-t100",
                map(Map.of()),
                List.of(),
                List.of(met, bestOnly, missed, unmeasured),
                List.of());
        assertThat(Overview.of(List.of(results)).markdown())
                .contains("| [Copying, T = 100 (Table 2)](#copying-t--100-table-2) | 1 of 4, 1 not yet measured"
                        + " | SAB 5,5 (copy, T = 100) | SAB 5,5 (copy, T = 100) | 4 |");
    }

    @Test
    void aSeedsFallIsNotHiddenByAMean() {
        Results.Row row = row("accuracy", "57.9", null, trial(1, 0.60, "accuracy", 0.2, 0.92, 0.6, 0.95, 0.999));
        assertThat(SeedTable.of(List.of(row)).text())
                .contains("50 %   90 %   99 %  99.9 %", " 1,000  1,000  2,500   2,500          32.0");
        Results.Row adding = row("mse", "1e-5", null, trial(1, 2e-4, "mse", 0.1, 5e-3, 2e-4));
        assertThat(SeedTable.of(List.of(adding)).text())
                .contains("1e-02  1e-03  1e-04  1e-05", "1,000  1,500      –      –");
    }

    /** That of this project: {@code sab reproduce --results results --page docs/results.md} writes it. */
    @Test
    void thePageIsThatOfTheResults() throws Exception {
        Path folder = Path.of("../results");
        String page = ResultsPage.of(folder).replace("--results ../results", "--results results");
        assertThat(Path.of("../docs/results.md")).content().isEqualTo(page);
        for (String name : Study.NAMES) {
            assertThat(folder.resolve(name + ".md"))
                    .content()
                    .isEqualTo(ResultsPage.section(Results.read(folder.resolve(name + ".json")), 1));
        }
    }

    @Test
    void thePageIsMadeFromTheFilesAlone() throws Exception {
        assertThatThrownBy(() -> ResultsPage.of(folder)).hasMessageContaining("holds no results");
        Results results = results(row("accuracy", "57.9", 99.9, trial(1, 0.60, "accuracy", 0.2)));
        results.write(folder);
        assertThat(Results.read(folder.resolve("table2-t100.json"))).isEqualTo(results);
        Files.writeString(folder.resolve("table2-t100.notes.md"), "It falls back.\n");
        assertThat(ResultsPage.of(folder)).contains("## Copying", "It falls back.", "The paper's own figures");
        Path file = folder.resolve("table2-t100.json");
        String json = Files.readString(file);
        Files.writeString(file, json.substring(0, json.length() / 2));
        assertThatThrownBy(() -> ResultsPage.of(folder)).hasMessageContaining("is no file of results");
        Files.writeString(file, json.replace("\"format\" : 1", "\"format\" : 2"));
        assertThatThrownBy(() -> ResultsPage.of(folder)).hasMessageContaining("has the format 2");
        assertThat(folder.resolve("table2-t100.md"))
                .content()
                .startsWith("# Copying")
                .contains("| SAB 5,5 | 57.9 | – | – | 60.00 | 60.00 |", "missed (99.9)");
    }
}
