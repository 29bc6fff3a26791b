package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sab4j.run.Setting.Group.MODEL;
import static org.sab4j.run.Setting.Group.START;
import static org.sab4j.run.Setting.Group.TRAINING;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.memory.Keep;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.Attention;
import org.sab4j.model.Initialization;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.table.Goal;
import org.sab4j.table.SplitBy;
import org.sab4j.table.TableOptions;
import org.sab4j.table.TargetPer;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;
import org.sab4j.train.Adam;
import org.sab4j.train.EarlyRate;
import org.sab4j.train.TrainConfig;

/** From defaults, a file and options to a configuration. */
class SettingsTest {

    @TempDir
    private Path folder;

    private static RunConfig resolve(String... options) throws SettingsException {
        return Resolver.resolve(List.of(Small.options(options)));
    }

    private Layer file(String text) throws Exception {
        return ConfigFile.read(Files.writeString(folder.resolve("my.yaml"), text));
    }

    private AbstractThrowableAssert<?, ?> complaint(String text) {
        return assertThatThrownBy(() -> Resolver.resolve(List.of(file(text), new Layer().option("task", "copy"))))
                .isInstanceOf(SettingsException.class);
    }

    @Test
    void defaultsOfTheTasks() throws Exception {
        RunConfig copy = resolve("--task=copy");
        assertThat(copy.options()).isEqualTo(new CopyOptions(100));
        assertThat(copy.hidden()).isEqualTo(128);
        assertThat(copy.attentionHidden()).isEqualTo(128);
        assertThat(copy.kTrunc()).isEqualTo(5);
        assertThat(copy.kTop()).isEqualTo(new KTop(5));
        assertThat(copy.kAtt()).isEqualTo(2);
        assertThat(copy.batch()).isEqualTo(64);
        assertThat(copy.learningRate()).isEqualTo(1e-3);
        assertThat(copy.clipNorm()).isEqualTo(1);
        assertThat(copy.evaluationSequences()).isEqualTo(2048);
        assertThat(resolve("--task=adding").options()).isEqualTo(new AddingOptions(200));
    }

    @Test
    void defaultsOfTheModels() throws Exception {
        assertThat(resolve("--task=copy", "--model=lstm").kTrunc()).isZero();
        RunConfig attention = resolve("--task=copy", "--model=self-attention");
        assertThat(attention.kTrunc()).isZero();
        assertThat(attention.kAtt()).isEqualTo(1);
        assertThat(resolve("--task=copy", "--model=lstm", "--k-trunc=7").kTrunc())
                .isEqualTo(7);
        assertThat(resolve("--task=copy", "--hidden=10").attentionHidden()).isEqualTo(10);
        assertThat(resolve("--task=copy", "--hidden=10", "--attention-hidden=4").attentionHidden())
                .isEqualTo(4);
    }

    @Test
    void theOptimizer() throws Exception {
        Task task = new CopyTask(100);
        assertThat(resolve("--task=copy").trainConfig(task).adam()).isEqualTo(Adam.DEFAULT);
        assertThat(resolve(
                                "--task=copy",
                                "--learning-rate=0.01",
                                "--beta1=0.95",
                                "--beta2=0.99",
                                "--beta3=0.98",
                                "--slow-weight=4")
                        .trainConfig(task)
                        .adam())
                .isEqualTo(new Adam(0.01, 0.95, 0.99, Adam.DEFAULT.epsilon(), 0.98, 4));
        assertThat(resolve("--task=copy", "--early-rate=2", "--early-until=3", "--early-fade=9", "--warm-up=7")
                        .trainConfig(task)
                        .earlyRate())
                .isEqualTo(new EarlyRate(2, 3, 9, 7));
        for (String below : List.of("1", "0.99999999999")) {
            assertThatThrownBy(() -> resolve("--task=copy", "--beta2=" + below))
                    .hasMessageContaining("--beta2 must be below 1");
        }
    }

    /** The library's constants are what the command takes. */
    @Test
    void initializations() throws Exception {
        assertThat(resolve("--task=copy").initialization()).isEqualTo(Initialization.DEFAULT);
        assertThat(resolve("--task=regress", "--data=x.csv", "--target=y").initialization())
                .isEqualTo(Initialization.VECTORS);
    }

    /** No two are the same, so that none can take another's place. */
    @Test
    void everySettingOfModelStartAndTrainingHasItsPlace() throws Exception {
        Layer given = file("""
                {model: sab, hidden: 12, attention-hidden: 13, k-trunc: 14, k-top: 15, k-att: 16, score: salience,
                 sparsifier: relu, epsilon: 0.25, score-scale: 0.75, mental-updates: false, direct-credit: true,
                 score-credit: false, memory-bound: 0.125, max-hops: 17, keep: used, memories: 18, beam: 0,
                 input-deviation: 1.5, candidate-gain: 2.5, gate-spread: 3.5, forget-bias: -4.5, forget-spread: 5.5,
                 score-bound: 6.5,
                 batch: 19, learning-rate: 0.01, beta1: 0.85, beta2: 0.95, beta3: 0.98, slow-weight: 4, early-rate: 2,
                 early-until: 20, early-fade: 21, warm-up: 22, clip-norm: 0.5, normalize-gradient: true, average: 0.7,
                 updates: 23, epochs: 24, evaluate-every: 25, evaluation-sequences: 26, stop-when-solved: false,
                 patience: 27, most-skipped: 28, seed: 29, shard-rows: 30}
                """);
        assertThat(given.keys())
                .containsAll(Settings.GENERAL.stream()
                        .filter(entry -> Set.of(MODEL, START, TRAINING)
                                .contains(entry.about().group()))
                        .map(Settings.Entry::key)
                        .toList());
        RunConfig config = Resolver.resolve(List.of(given.option("task", "copy")));
        Task task = new CopyTask(4);
        assertThat(config.seed()).isEqualTo(29);
        assertThat(config.epochs()).isEqualTo(24);
        assertThat(config.initialization()).isEqualTo(new Initialization(1.5f, 2.5f, 3.5f, -4.5f, 5.5f, 6.5f));
        assertThat(config.modelConfig(task))
                .isEqualTo(new ModelConfig(
                        task.inputs(),
                        12,
                        13,
                        task.outputs(),
                        Attention.SPARSE,
                        ScoreKind.SALIENCE,
                        Sparsifier.RELU,
                        15,
                        16,
                        14,
                        MentalUpdates.DIRECT,
                        0.25f,
                        0.75f,
                        false,
                        0.125f,
                        17,
                        Keep.USED,
                        18,
                        0));
        assertThat(config.trainConfig(task))
                .isEqualTo(new TrainConfig(
                        19,
                        23,
                        25,
                        26,
                        new Adam(0.01, 0.85, 0.95, Adam.DEFAULT.epsilon(), 0.98, 4),
                        new EarlyRate(2, 20, 21, 22),
                        0.5,
                        true,
                        0.7,
                        30,
                        28,
                        27,
                        false,
                        false));
        ModelConfig searching =
                resolve("--task=copy", "--beam=29", "--score-credit=false").modelConfig(task);
        assertThat(searching.beam()).isEqualTo(29);
        assertThat(searching.mentalUpdates()).isEqualTo(MentalUpdates.ON);
        assertThat(searching.scoreCredit()).isFalse();
        assertThat(resolve("--task=copy", "--model=lstm").modelConfig(task).attention())
                .isEqualTo(Attention.NONE);
        assertThat(resolve("--task=copy", "--model=self-attention")
                        .modelConfig(task)
                        .attention())
                .isEqualTo(Attention.DENSE);
    }

    @Test
    void everyOptionOfATableHasItsPlace() throws Exception {
        RunConfig config = resolve(
                "--task=forecast",
                "--data=x.csv",
                "--sequence=machine",
                "--order=minute",
                "--target=load",
                "--features=load,\"a,b\"",
                "--without=c",
                "--categorical=d, e",
                "--missing=?,-",
                "--target-per=step",
                "--horizon=3",
                "--window=40",
                "--split=sequence",
                "--validation=0.2",
                "--test=0.1",
                "--split-seed=7");
        assertThat(((TableTaskOptions) config.options()).options())
                .isEqualTo(new TableOptions(
                        Goal.FORECAST,
                        "machine",
                        "minute",
                        "load",
                        List.of("load", "a,b"),
                        List.of("c"),
                        List.of("d", "e"),
                        List.of("?", "-"),
                        TargetPer.STEP,
                        3,
                        40,
                        SplitBy.SEQUENCE,
                        0.2,
                        0.1,
                        "none",
                        7));
        RunConfig classify = resolve("--task=classify", "--data=x.csv", "--target=failed", "--class-weights=balanced");
        assertThat(((TableTaskOptions) classify.options()).options().classWeights())
                .isEqualTo("balanced");
    }

    @Test
    void theBatchIsCutFinerForMoreThreadsThanShards() throws Exception {
        for (String threads : List.of("1", "2", "3", "8")) {
            assertThat(resolve("--task=copy", "--threads=" + threads).shardRows())
                    .isEqualTo(8);
        }
        assertThat(resolve("--task=copy", "--threads=16").shardRows()).isEqualTo(4);
        assertThat(resolve("--task=copy", "--threads=64").shardRows()).isEqualTo(4);
        assertThat(resolve("--task=copy", "--threads=9").shardRows()).isEqualTo(4);
        assertThat(resolve("--task=copy", "--threads=2", "--batch=8").shardRows())
                .isEqualTo(4);
        assertThat(resolve("--task=copy", "--threads=1", "--batch=8").shardRows())
                .isEqualTo(8);
        assertThat(resolve("--task=copy", "--threads=4", "--hidden=129").shardRows())
                .isEqualTo(16);
        assertThat(resolve("--task=copy", "--threads=5", "--hidden=129").shardRows())
                .isEqualTo(8);
        assertThat(resolve("--task=copy", "--threads=16", "--shard-rows=10").shardRows())
                .isEqualTo(10);
        assertThat(resolve("--task=copy", "--batch=4").threads()).isEqualTo(1);
        assertThat(resolve("--task=copy", "--shard-rows=64").threads()).isEqualTo(1);
        // Up to four threads share a shard of a large model.
        assertThat(resolve("--task=copy", "--threads=16", "--hidden=511").shardRows())
                .isEqualTo(4);
        assertThat(resolve("--task=copy", "--threads=16", "--hidden=512").shardRows())
                .isEqualTo(16);
        assertThat(resolve("--task=copy", "--threads=4", "--batch=32", "--hidden=699")
                        .shardRows())
                .isEqualTo(16);
        assertThat(resolve("--task=copy", "--threads=4", "--batch=32", "--hidden=700")
                        .shardRows())
                .isEqualTo(32);
        assertThat(resolve("--task=copy", "--threads=16", "--batch=32", "--hidden=700")
                        .shardRows())
                .isEqualTo(8);
        assertThat(resolve("--task=copy", "--batch=1", "--hidden=1000").threads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void whatScoresAndSparsifiersHaveDifferentForATask() throws Exception {
        RunConfig salience = resolve("--task=copy", "--score=salience");
        assertThat(salience).isEqualTo(resolve("--task=copy", "--score=salience", "--sparsifier=relu"));
        assertThat(salience.sparsifier()).isEqualTo(Sparsifier.RELU);
        assertThat(salience.gateSpread()).isEqualTo(2);
        assertThat(resolve("--task=copy", "--score=salience", "--sparsifier=softmax")
                        .scoreScale())
                .isEqualTo(0.1);
        assertThat(resolve("--task=copy", "--score=salience", "--model=self-attention")
                        .sparsifier())
                .isEqualTo(Sparsifier.SOFTMAX);
        RunConfig text = resolve("--task=chars", "--text=any", "--sparsifier=relu");
        assertThat(text.gateSpread()).isZero();
        assertThat(text.scoreBound()).isEqualTo(1);
    }

    @Test
    void everySettingButThoseWorkedOutHasADefault() {
        for (TaskKind task : TaskKind.values()) {
            List<String> known =
                    new java.util.ArrayList<>(Defaults.section("all").keySet());
            known.addAll(Defaults.section(Settings.text(task)).keySet());
            known.addAll(List.of("task", "attention-hidden", "threads", "shard-rows"));
            assertThat(known)
                    .containsAll(
                            Settings.all(task).stream().map(Settings.Entry::key).toList());
        }
    }

    /** LSTM's early rate stands in a section behind the task's. */
    @Test
    void ofTwoDefaultsTheLaterWins() throws Exception {
        assertThat(resolve("--task=mnist", "--data=any").scoreScale()).isEqualTo(1);
        assertThat(resolve("--task=mnist", "--data=any", "--model=self-attention")
                        .scoreScale())
                .isEqualTo(0.1);
        assertThat(resolve("--task=copy", "--model=lstm").earlyRate()).isEqualTo(1);
        assertThat(resolve("--task=forecast", "--data=any", "--sequence=a", "--target=b")
                        .options())
                .isInstanceOfSatisfying(
                        TableTaskOptions.class,
                        options -> assertThat(options.window()).isEqualTo(500));
    }

    @Test
    void whatPlaysNoPartDoesNotDecideOnResults() throws Exception {
        assertThat(Settings.fixed(resolve("--task=copy", "--model=lstm")))
                .containsEntry("hidden", "128")
                .doesNotContainKeys("k-top", "k-att", "score", "sparsifier", "epsilon", "early-until");
        assertThat(Settings.fixed(resolve("--task=copy")))
                .containsKeys("k-top", "attention-hidden", "early-until")
                .doesNotContainKey("epsilon");
        assertThat(Settings.fixed(resolve("--task=copy", "--sparsifier=relu"))).containsKey("epsilon");
        assertThat(Settings.fixed(resolve("--task=copy", "--score=salience")))
                .containsKey("k-top")
                .doesNotContainKey("attention-hidden");
        assertThat(Settings.fixed(resolve("--task=copy", "--model=self-attention")))
                .containsKeys("k-att", "score-scale", "mental-updates")
                .doesNotContainKeys("k-top", "sparsifier");
        assertThat(Settings.texts(resolve("--task=copy", "--model=lstm"))).containsKeys("k-top", "epsilon");
    }

    /** Also of a task's own. */
    @Test
    void whatMayChangeDoesNotDecideOnResultsButTheBudget() throws Exception {
        RunConfig table = resolve("--task=classify", "--data=a.csv", "--sequence=id", "--target=y", "--scratch=b");
        assertThat(Settings.decisive(Settings.texts(table)))
                .containsKeys("updates", "epochs", "patience", "window", "k-top")
                .doesNotContainKeys("scratch", "threads", "epsilon");
        assertThat(Settings.fixed(table))
                .containsKeys("window", "k-top")
                .doesNotContainKeys("updates", "epochs", "patience", "scratch", "threads", "epsilon");
    }

    /** Options that the task has, and that are allowed. */
    @Test
    void whatMakesTrainingSmaller() throws Exception {
        assertThat(Experiment.smaller(resolve("--task=copy"), "--threads"))
                .isEqualTo("lower --hidden, --batch, --length or --threads, or try --recompute");
        assertThat(Experiment.smaller(resolve("--task=copy", "--k-trunc=0"), "--threads"))
                .isEqualTo("lower --hidden, --batch, --length or --threads");
        assertThat(Experiment.smaller(resolve("--task=mnist", "--recompute=true"), "--threads"))
                .isEqualTo("lower --hidden, --batch or --threads");
        String[] table = {"--task=classify", "--data=a.csv", "--target=y", "--k-trunc=0", "--window=0"};
        assertThat(Experiment.smaller(resolve(table), "--threads"))
                .isEqualTo("lower --hidden, --batch or --threads, or cut sequences with --window");
        table[4] = "--window=50";
        assertThat(Experiment.smaller(resolve(table), "--threads"))
                .isEqualTo("lower --hidden, --batch, --window or --threads");
    }

    @Test
    void settingsOfAnotherTask() {
        assertThat(Settings.tasksWith("length")).contains(TaskKind.COPY, TaskKind.ADDING);
        assertThat(Settings.tasksWith("hidden")).isEmpty();
    }

    @Test
    void anOptionWinsOverTheFileAndTheFileOverTheDefaults() throws Exception {
        Layer file = file(
                "task: adding\nhidden: 64\nk-top: all\nscore: salience\nlearning-rate: 2e-3\nmental-updates: false\n");
        RunConfig config = Resolver.resolve(List.of(file, Small.options("--hidden=32", "--task=copy")));
        assertThat(config.task()).isEqualTo(TaskKind.COPY);
        assertThat(config.hidden()).isEqualTo(32);
        assertThat(config.kTop()).isEqualTo(KTop.ALL);
        assertThat(config.score()).isEqualTo(ScoreKind.SALIENCE);
        assertThat(config.learningRate()).isEqualTo(0.002);
        assertThat(config.mentalUpdates()).isFalse();
        assertThat(config.kAtt()).isEqualTo(2);
    }

    @Test
    void whatARunWritesIsReadBackTheSame() throws Exception {
        RunConfig config = resolve(
                "--task=adding", "--k-top=all", "--epsilon=1e-9", "--seed=-12345678901234", "--model=self-attention");
        Layer read = file(ConfigFile.text(config, Version.madeBy(Small.KERNELS)));
        assertThat(Resolver.resolve(List.of(read))).isEqualTo(config);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        complaint(
                        "hiden: 3\nbatch: many\nk-top: -1\nlearning-rate: .nan\naverage: 1\nmodel: gru\nmental-updates: perhaps\n")
                .hasMessageContaining("my.yaml, line 1: hiden is no setting: did you mean hidden?")
                .hasMessageContaining("my.yaml, line 2: batch must be a whole number: many")
                .hasMessageContaining("my.yaml, line 3: k-top must be at least 0: -1")
                .hasMessageContaining("line 4: learning-rate must be a")
                .hasMessageContaining("line 5: average must be below 1: 1")
                .hasMessageContaining("line 6: model must be sab or lstm or self-attention: gru")
                .hasMessageContaining("line 7: mental-updates must be true or false: perhaps");
    }

    @Test
    void unknownKeysGetTheKnownOnes() {
        complaint("colour: red\n").hasMessageContaining("colour is no setting: there are task, length");
        complaint("kTrunc: 3\n").hasMessageContaining("did you mean k-trunc?");
        complaint("k_trunc: 3\n").hasMessageContaining("did you mean k-trunc?");
    }

    @Test
    void filesThatAreNoSettings() throws Exception {
        complaint("- hidden\n- batch\n").hasMessageContaining("my.yaml, line 1: settings are wanted");
        complaint("hidden: [1, 2]\n").hasMessageContaining("hidden must be one value");
        complaint("hidden:\n").hasMessageContaining("hidden has no value");
        complaint("hidden: 1\nhidden: 2\n")
                .hasMessageContaining("my.yaml, line 2")
                .hasMessageContaining("hidden");
        complaint("hidden: \"1\nbatch: {").hasMessageContaining("not valid YAML");
        complaint("hidden: 1\n---\nhidden: 2\n").hasMessageContaining("second document");
        complaint("hidden: 1\u0000\n").hasMessageContaining("not valid YAML");
        complaint("task: copy\n\thidden: 9\n")
                .hasMessageContaining("my.yaml, line 2: not valid YAML: found character '\\t(TAB)' that cannot start");
        complaint("task: copy\nhidd")
                .hasMessageContaining("my.yaml, line 2: not valid YAML: could not find expected ':'");
        assertThat(Resolver.resolve(List.of(file(""), Small.options("--task=copy")))
                        .hidden())
                .isEqualTo(128);
        assertThat(Resolver.resolve(List.of(file("# nothing\n"), Small.options("--task=copy")))
                        .hidden())
                .isEqualTo(128);
        Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> ConfigFile.read(binary)).hasMessage(binary + " is not a text file in UTF-8");
        assertThatThrownBy(() -> ConfigFile.read(folder)).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> ConfigFile.read(folder.resolve("no.yaml"))).hasMessageContaining("does not exist");
    }

    @Test
    void hugeNumbers() {
        for (String option : List.of(
                "--hidden=99999999999999999999",
                "--hidden=2147483648",
                "--length=1000001",
                "--batch=0",
                "--updates=99999999999999999999",
                "--learning-rate=1e999",
                "--learning-rate=0",
                "--k-top=99999999999",
                "--k-trunc=-1",
                "--threads=0",
                "--epsilon=-1e-9",
                "--k-att=0",
                "--score-scale=0",
                "--seed=1.5")) {
            assertThatThrownBy(() -> resolve("--task=copy", option))
                    .as(option)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith(option.substring(0, option.indexOf('=')) + " ");
        }
        assertThatThrownBy(() -> resolve("--task=copy", "--batch=1000000", "--length=1000000"))
                .hasMessageContaining("--batch times --length");
        assertThatThrownBy(() -> resolve("--task=adding", "--length=1")).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> resolve("--hidden=4")).hasMessageContaining("which task?");
    }

    @Test
    void settingsThatDoNotGoTogether() throws Exception {
        complains("--keep surprising needs a bound: give --memories", "--keep=surprising");
        complains("--memories is a bound", "--memories=3");
        complains("--recompute works block by block", "--recompute=true", "--k-trunc=0");
        complains("--beam searches among all memories", "--beam=8", "--keep=latest", "--memories=9");
        complains("--beam searches among all memories", "--beam=8", "--score=salience");
        complains("--beam must be at most 65,536", "--beam=65537");
        complains("--learning-rate must be a number: 1f", "--learning-rate=1f");
        complains("--beam searches for the largest scores, and --k-top all", "--beam=8", "--k-top=all");
        complains("--beam must be at least 5", "--beam=4", "--k-top=5");
        assertThat(resolve("--task=copy", "--keep=used", "--memories=9", "--max-hops=3")
                        .modelConfig(new CopyTask(4))
                        .writePolicy())
                .isEqualTo(new WritePolicy.MostUsed(2, 9));
    }

    private static void complains(String start, String... options) {
        String[] all =
                Stream.concat(Stream.of("--task=copy"), Stream.of(options)).toArray(String[]::new);
        assertThatThrownBy(() -> resolve(all))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(start);
    }

    @Test
    void trainingMayGoOnBeyondSolved() throws Exception {
        assertThat(resolve("--task=copy").trainConfig(new CopyTask(4)).stopWhenSolved())
                .isTrue();
        assertThat(resolve("--task=copy", "--stop-when-solved=false")
                        .trainConfig(new CopyTask(4))
                        .stopWhenSolved())
                .isFalse();
    }
}
