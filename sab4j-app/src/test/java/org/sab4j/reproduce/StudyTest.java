package org.sab4j.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.sab4j.run.Settings;
import org.sab4j.run.TaskKind;
import org.sab4j.sweep.Sweep;
import org.sab4j.sweep.Trial;

/** The sweep files of the paper's tables, against the paper's figures. */
class StudyTest {

    static final List<String> NAMES = Study.NAMES;

    @ParameterizedTest
    @FieldSource("NAMES")
    void everyFileCanBeRunAndHasATrialForEveryFigure(String name) throws Exception {
        Study study = Study.read(name, false);
        List<Trial> trials = Sweep.planned(study.plan(), Path.of("s"), 1);
        assertThat(trials.stream().map(Trial::name)).doesNotHaveDuplicates();
        assertThat(Paper.rows(name))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(study.plan().rows())
                        .anySatisfy(planned -> assertThat(Paper.figures(name, planned.name()))
                                .isNotEmpty()
                                .isEqualTo(Paper.figures(name, row))));
        assertThat(study.plan().rows())
                .allSatisfy(row -> assertThat(Paper.figures(name, row.name())).isNotEmpty());
        assertThat(study.targets().keySet())
                .allSatisfy(row -> assertThat(study.plan().rows())
                        .anySatisfy(planned -> assertThat(planned.name()).isEqualTo(row)));
    }

    /** A value that the paper states must be spelled as settings spell it, or none would ever be the paper's. */
    @Test
    void whatThePaperStatesCanBeSet() {
        assertThat(Paper.STATES).isNotEmpty();
        for (String state : Paper.STATES) {
            String[] parts = state.split(" ", 2);
            Settings.Entry setting = Settings.all(TaskKind.COPY).stream()
                    .filter(entry -> entry.key().equals(parts[0]))
                    .findFirst()
                    .orElseThrow();
            if (parts.length > 1 && setting.type() == double.class) {
                assertThat(parts[1]).isEqualTo(String.valueOf(Double.parseDouble(parts[1])));
            } else if (parts.length > 1 && setting.type() == boolean.class) {
                assertThat(parts[1]).isIn("true", "false");
            } else if (parts.length > 1) {
                assertThat(setting.choices()).as(state).contains(parts[1]);
            }
        }
    }

    /** What the paper states must be in the file: a default might become another. */
    @ParameterizedTest
    @FieldSource("NAMES")
    void whatThePaperStatesIsSetInTheFile(String name) throws Exception {
        Study study = Study.read(name, false);
        assertThat(study.plan().rows())
                .allSatisfy(row -> assertThat(row.settings().keys())
                        .contains("task", "length", "model", "hidden", "k-trunc", "learning-rate"));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theQuickVersionIsSmall(String name) throws Exception {
        assertThat(Sweep.planned(Study.read(name, true).plan(), Path.of("s"), 1))
                .allSatisfy(trial -> {
                    assertThat(trial.config().length()).isLessThanOrEqualTo(20);
                    assertThat(trial.config().updates()).isLessThanOrEqualTo(2000);
                });
    }

    @Test
    void transferTakesTheModelsOfTheTable() throws Exception {
        Study transfer = Study.read("transfer", false);
        Study table = Study.read("table2-t100", false);
        assertThat(transfer.folder()).isEqualTo("table2-t100");
        for (Trial trial : Sweep.planned(transfer.plan(), Path.of("s"), 1)) {
            assertThat(Sweep.planned(table.plan(), Path.of("s"), 1)).anySatisfy(other -> {
                assertThat(other.folder()).isEqualTo(trial.folder());
                assertThat(other.config()).isEqualTo(trial.config());
            });
            assertThat(trial.tests().lengths()).containsExactly(100, 200, 300, 400, 2000, 5000);
        }
    }

    /** A rate that a trial has in place of the paper's is another; on what is not named the paper is silent. */
    @Test
    void whoseASettingIsGoesByItsValue() throws Exception {
        Study study = Study.read("adding", false);
        Results results =
                new Results(1, "adding", "", false, "", new LinkedHashMap<>(), study.states(), List.of(), List.of());
        assertThat(results.whose("learning-rate", 0.001)).isEqualTo(Results.Whose.PAPER);
        assertThat(results.whose("learning-rate", 1e-5)).isEqualTo(Results.Whose.OTHER);
        assertThat(results.whose("k-top", 5)).isEqualTo(Results.Whose.PAPER);
        assertThat(results.whose("batch", 64)).isEqualTo(Results.Whose.OURS);
    }

    /** A run ends when its task is solved: that must be good enough for the target. */
    @Test
    void noAddingRunEndsShortOfThePapersFigure() throws Exception {
        for (Trial trial : Sweep.planned(Study.read("adding", false).plan(), Path.of("s"), 1)) {
            double paper = Objects.requireNonNull(
                            Paper.figures("adding", trial.row()).get("mse"))
                    .value();
            assertThat(trial.config().stopWhenSolved()).as(trial.row()).isEqualTo(paper >= 1e-6);
        }
    }

    /** The paper's "no mental updates" can be read in two ways, and what it says of one it says of both. */
    @Test
    void anotherReadingOfARowHasItsFigures() {
        assertThat(Paper.figures("ablation", "direct-5-5"))
                .isNotEmpty()
                .isEqualTo(Paper.figures("ablation", "no-mu-5-5"));
        assertThat(Paper.contradictions()).noneMatch(sentence -> sentence.startsWith("ablation, direct"));
    }

    @Test
    void contradictionsOfThePaperAreFound() {
        assertThat(Paper.contradictions())
                .contains(
                        "table2-t300, lstm-bptt: CE10 0.197 is less than an accuracy of 35.9 % allows, 0.44",
                        "table2-t300, sab-1-1: CE10 0.231 is less than an accuracy of 43.1 % allows, 0.39",
                        "table2-t100, sab-10-10: CE10 0.000 makes a CE of 0.0, printed is 0.001, which takes loss on the steps before",
                        "table2-t200, lstm-bptt: CE10 1.07 makes a CE of 0.049, printed is 0.046, which no model can have")
                .doesNotHaveDuplicates()
                .noneMatch(sentence -> sentence.contains("tbptt-1:") || sentence.contains("table2-t100, lstm-bptt"))
                .noneMatch(sentence -> sentence.contains("direct-"));
    }
}
