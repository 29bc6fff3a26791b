package org.sab4j.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.run.RunConfig;
import org.sab4j.run.SettingsException;
import org.sab4j.run.YamlNode;

/** What a file of a sweep says, and what is said of one that is wrong. */
class SweepFileTest {

    private static Plan plan(String text, boolean quick) throws SettingsException {
        return SweepFile.plan(YamlNode.parse("s.yaml", text), quick);
    }

    private static List<Trial> trials(String text, boolean quick) throws SettingsException {
        return Sweep.planned(plan(text, quick), Path.of("s"), 1);
    }

    private static AbstractThrowableAssert<?, ?> complaint(String text) {
        return assertThatThrownBy(() -> trials(text, false)).isInstanceOf(SettingsException.class);
    }

    @Test
    void listsAreTriedValueByValueWithEverySeed() throws Exception {
        List<Trial> trials = trials("""
                title: Which?
                settings: {task: copy, length: 8}
                trials:
                  lstm: {model: lstm, k-trunc: 0}
                  sab: {k-top: [1, 5]}
                grid: {hidden: [16, 32]}
                seeds: [3, 4]
                """, false);
        assertThat(trials.stream().map(Trial::name))
                .containsExactly(
                        "lstm-hidden-16.seed-3",
                        "lstm-hidden-32.seed-3",
                        "sab-k-top-1-hidden-16.seed-3",
                        "sab-k-top-1-hidden-32.seed-3",
                        "sab-k-top-5-hidden-16.seed-3",
                        "sab-k-top-5-hidden-32.seed-3",
                        "lstm-hidden-16.seed-4",
                        "lstm-hidden-32.seed-4",
                        "sab-k-top-1-hidden-16.seed-4",
                        "sab-k-top-1-hidden-32.seed-4",
                        "sab-k-top-5-hidden-16.seed-4",
                        "sab-k-top-5-hidden-32.seed-4");
        Trial last = trials.getLast();
        assertThat(last.folder()).isEqualTo(Path.of("s", "sab-k-top-5-hidden-32.seed-4"));
        assertThat(last.config().kTop().memories()).isEqualTo(5);
        assertThat(last.config().hidden()).isEqualTo(32);
        assertThat(last.config().length()).isEqualTo(8);
        assertThat(last.config().seed()).isEqualTo(4);
        assertThat(last.config().threads()).isEqualTo(1);
        assertThat(last.minutes()).isInfinite();
        assertThat(last.tests()).isEqualTo(Tests.DEFAULT);
    }

    /** The usual ones for the model, whatever threads there are, unless a row says otherwise; threads that are given win. */
    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {0, 16})
    void rowsOfShards(int threads) throws Exception {
        Plan plan = plan("""
                settings: {task: copy, batch: 8}
                trials: {small: {hidden: 32}, large: {hidden: 700}, given: {shard-rows: 5, threads: 3}}
                """, false);
        List<RunConfig> configs = Sweep.planned(plan, Path.of("s"), threads).stream()
                .map(Trial::config)
                .toList();
        assertThat(configs.stream().map(RunConfig::shardRows)).containsExactly(8, 32, 5);
        assertThat(configs.stream().map(RunConfig::threads))
                .containsExactlyElementsOf(threads == 0 ? List.of(1, 1, 3) : List.of(16, 16, 16));
    }

    @Test
    void theQuickVersionCoversTheRest() throws Exception {
        String text = """
                settings: {task: copy, updates: 9000}
                trials: {long: {updates: 20000}, short: {}}
                seeds: [1, 2, 3]
                minutes: 40
                test: {lengths: [100, 200]}
                quick: {settings: {updates: 5, length: 4}, seeds: 1, minutes: 1.5, test: {sequences: 10, lengths: 4}}
                """;
        List<Trial> quick = trials(text, true);
        assertThat(quick.stream().map(Trial::name)).containsExactly("long.seed-1", "short.seed-1");
        assertThat(quick).allSatisfy(trial -> {
            assertThat(trial.config().updates()).isEqualTo(5);
            assertThat(trial.config().length()).isEqualTo(4);
            assertThat(trial.minutes()).isEqualTo(1.5);
            assertThat(trial.tests()).isEqualTo(new Tests(10, List.of(4)));
        });
        Trial whole = trials(text, false).getFirst();
        assertThat(whole.config().updates()).isEqualTo(20000);
        assertThat(whole.minutes()).isEqualTo(40);
        assertThat(whole.tests()).isEqualTo(new Tests(2048, List.of(100, 200)));
    }

    @Test
    void theQuickVersionMayStandFirst() throws Exception {
        List<Trial> quick = trials("""
                quick: {settings: {updates: 5}, seeds: [4], minutes: 1, test: {sequences: 10}}
                settings: {task: copy, updates: 9000}
                seeds: [1, 2, 3]
                minutes: 40
                test: {sequences: 99}
                """, true);
        assertThat(quick).singleElement().satisfies(trial -> {
            assertThat(trial.config().updates()).isEqualTo(5);
            assertThat(trial.config().seed()).isEqualTo(4);
            assertThat(trial.minutes()).isEqualTo(1);
            assertThat(trial.tests().sequences()).isEqualTo(10);
        });
    }

    /** All seeds of all trials count. */
    @Test
    void noMoreThanTenThousandTrials() {
        StringBuilder text = new StringBuilder("settings: {task: copy}\nseeds: [1, 2, 3]\ntrials:\n");
        for (int i = 0; i < 3400; i++) {
            text.append("  t").append(i).append(": {}\n");
        }
        assertThatThrownBy(() -> plan(text.toString(), false)).hasMessage("a sweep may have 10,000 trials: divide it");
    }

    @Test
    void someOfTheTrialsInTheirOwnOrder() throws Exception {
        Plan plan = plan("trials: {a: {k-top: [1, 5]}, b: {}, c: {}}\nsettings: {task: copy}", false);
        assertThat(plan.only(List.of("c", "a")).rows().stream().map(Plan.Row::name))
                .containsExactly("c", "a-k-top-1", "a-k-top-5");
        assertThatThrownBy(() -> plan.only(List.of("d"))).hasMessageContaining("there is no trial d");
        Plan near = plan("trials: {a: {k-top: [1, 5]}, a-long: {length: 9}}\nsettings: {task: copy}", false);
        assertThat(near.only(List.of("a")).rows().stream().map(Plan.Row::name))
                .containsExactly("a-k-top-1", "a-k-top-5");
        Plan alike = plan("trials: {a: {}, a-long: {length: 9}}\nsettings: {task: copy}", false);
        assertThat(alike.only(List.of("a")).rows()).hasSize(1);
    }

    @Test
    void everythingWrongIsSaidWithItsLine() {
        complaint("""
                        settings: {task: copy, seed: 3}
                        trials:
                          a/b: {model: lstm}
                          c: 3
                        seeds: [1, 1]
                        test: {sequences: 0, what: 1}
                        minutes: -1
                        stuff: 1
                        quick: {grid: {hidden: [1]}}
                        """)
                .hasMessageContaining("s.yaml, line 1: seeds stand under")
                .hasMessageContaining("line 3: a trial's name becomes a folder's")
                .hasMessageContaining("line 4: c must be a map")
                .hasMessageContaining("line 5: seeds must be")
                .hasMessageContaining("line 6: sequences must be a number above 0")
                .hasMessageContaining("line 6: what is unknown here")
                .hasMessageContaining("line 7: minutes must be a number above 0")
                .hasMessageContaining("line 8: stuff is unknown here")
                .hasMessageContaining("line 9: grid is unknown here: quick takes");
        complaint("settings: {task: &a copy}\ntrials: {b: {task: *a}}")
                .hasMessageContaining("line 2: *a stands for another");
        complaint("settings: &a {task: copy}\ntrials: {b: {<<: *a}}")
                .hasMessageContaining("line 2: << stands for another");
        complaint("title: [a]").hasMessageContaining("line 1: title must be a text");
        complaint("settings: {task: copy, updates: 0}").hasMessageContaining("--updates must be at least 1");
        complaint("trials: {a: {lenght: 3}, b: {hidden: many}}\nsettings: {task: copy}")
                .hasMessageContaining("s.yaml, line 1: lenght is no setting: did you mean length? (a)")
                .hasMessageContaining("s.yaml, line 1: hidden must be a whole number: many (b)");
        complaint("settings: {task: copy}\ngrid: {hidden: [8, 8]}").hasMessageContaining("would be called hidden-8");
        complaint("settings: {task: copy}\ntrials: {a: {hidden: 7}}\ngrid: {hidden: [8]}")
                .hasMessageContaining("line 3: hidden stands in the grid, and in the trial a");
        complaint("settings: {task: copy}\ngrid: {hidden: {a: 1}}").hasMessageContaining("must be one value");
        complaint("settings: {task: mnist}\ntest: {lengths: 5}")
                .hasMessageContaining("test: lengths are for tasks that have one");
        complaint("settings: {task: copy}\ngrid: {hidden: []}").hasMessageContaining("line 2: hidden");
        complaint("- a").hasMessageContaining("a sweep is wanted");
        assertThatThrownBy(() -> plan("settings: {task: copy}", true))
                .hasMessageContaining("--quick takes what stands under quick, and there is none");
        complaint("settings: [").hasMessageContaining("not valid YAML");
        String hundred = String.join(
                ", ",
                java.util.stream.IntStream.rangeClosed(1, 101)
                        .mapToObj(String::valueOf)
                        .toList());
        complaint("settings: {task: copy}\ngrid: {hidden: [" + hundred + "], batch: [" + hundred + "]}")
                .hasMessageContaining("may have 10,000 trials");
    }
}
