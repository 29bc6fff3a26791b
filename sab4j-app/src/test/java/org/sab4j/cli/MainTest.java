package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.run.Layer;
import org.sab4j.run.OpenTask;
import org.sab4j.run.Run;
import org.sab4j.run.Small;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command as a user sees it. */
class MainTest extends CommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private String[] train(String... more) {
        List<String> args = new ArrayList<>(List.of("train", "copy"));
        args.addAll(Small.OPTIONS);
        args.addAll(Arrays.asList(more));
        return args.toArray(String[]::new);
    }

    private List<JsonNode> lines() {
        return out().lines().map(JSON::readTree).toList();
    }

    @Test
    void trainsAndEvaluates() {
        String run = folder.resolve("my run").toString();
        assertThat(sab(train("--run", run, "--updates", "20"))).isZero();
        assertThat(out())
                .contains(
                        "Task      copy, T = 4",
                        "Model     sab, H = 8",
                        "All 20 updates are made",
                        "sab eval '" + run + "'");
        assertThat(sab("eval", run, "--length", "4,9", "--sequences=40", "--threads=2"))
                .isZero();
        assertThat(out()).contains("accuracy", "ceLast").containsPattern("(?m)^ +9 +[0-9.]+ %");
        assertThat(sab("train", "--resume", run)).isZero();
        assertThat(out()).contains("All 20 updates are made.");
        assertThat(err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --k-att=24                          | no step is ever reminded of anything: the first memory is written at step 24, and sequences have 24
            --k-att=23                          |
            --k-top=0                           | with --k-top 0: this is the plain LSTM
            --sparsifier=relu --k-att=12        | relu gives a memory no weight that is there alone, and the second one is written at step 24
            --sparsifier=relu --k-att=11        |
            --sparsifier=relu --keep=latest --memories=1 | there is never another, with --memories 1
            --keep=used --memories=5            | always the newest that was used least
            --keep=used --memories=6            |
            --max-hops=1                        | --max-hops bounds nothing here
            --max-hops=1 --k-trunc=0            | --max-hops bounds nothing with --k-trunc 0
            --max-hops=1 --model=lstm           | --max-hops plays no part with --model lstm
            --score=salience --attention-hidden=64 | --attention-hidden plays no part with --score salience
            --epochs=3                          | --epochs plays no part: the task copy has none, and trains as long as --updates says
            --epochs=0                          |
            --early-until=3 --early-rate=1      | --early-until plays no part with --early-rate 1.0
            --memory-bound=1 --no-mental-updates | --memory-bound plays no part with --no-mental-updates and --no-direct-credit
            --direct-credit                     | --direct-credit plays no part with --mental-updates
            --direct-credit --no-mental-updates |
            """)
    void whatDoesNothingIsToldOf(String options, @Nullable String note) {
        List<String> given =
                new ArrayList<>(List.of("--run", folder.resolve("run").toString(), "--updates", "1"));
        given.addAll(List.of(options.split(" ")));
        assertThat(sab(train(given.toArray(String[]::new)))).isZero();
        if (note == null) {
            assertThat(err()).isEmpty();
        } else {
            assertThat(err()).contains(note).hasLineCount(1);
        }
    }

    @Test
    void whatDoesNothingWithATextIsToldOf() throws Exception {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        for (String part : List.of("train", "valid", "test")) {
            Files.writeString(parts.resolve(part + ".txt"), "salt and pepper\n".repeat(9));
        }
        String[] train = {
            "train", "chars", "--text=" + parts, "--hidden=4", "--length=8", "--k-att=2", "--updates=1", "--threads=1"
        };
        assertThat(sab(with(train, "--run=" + folder.resolve("one"), "--test=0.2", "--data=elsewhere")))
                .isZero();
        assertThat(err())
                .contains(
                        "--test plays no part: the text has a file for each part",
                        "--data plays no part with --text, which names the text")
                .hasLineCount(2);
        assertThat(sab(with(train, "--run=" + folder.resolve("two")))).isZero();
        assertThat(err()).isEmpty();
    }

    @Test
    void aHopIsBoundedWhereOnlyTheEndIsScored() {
        String run = folder.resolve("run").toString();
        assertThat(sab("train", "adding", "--length=9", "--hidden=4", "--updates=1", "--max-hops=1", "--run", run))
                .isZero();
        assertThat(err()).isEmpty();
    }

    @Test
    void aRunWithoutAModelIsNotSentToItsEvaluation() {
        String run = folder.resolve("run").toString();
        assertThat(sab(
                        "train",
                        "copy",
                        "--length=3",
                        "--hidden=16",
                        "--batch=4",
                        "--updates=20",
                        "--learning-rate=3e38",
                        "--early-rate=1",
                        "--warm-up=0",
                        "--evaluation-sequences=16",
                        "--run",
                        run))
                .isZero();
        assertThat(out()).contains("Next      sab train --resume").doesNotContain("sab eval");
    }

    @Test
    void aRunThatDivergesSaysSoWithItsExitStatus() throws Exception {
        String run = folder.resolve("run").toString();
        assertThat(sab(
                        "train",
                        "copy",
                        "--length=3",
                        "--hidden=3",
                        "--batch=4",
                        "--learning-rate=1e30",
                        "--most-skipped=3",
                        "--updates=100",
                        "--evaluation-sequences=16",
                        "--run",
                        run))
                .isEqualTo(ExitCode.DIVERGED);
        assertThat(out())
                .contains("too many updates in a row had to be skipped", "with a lower --learning-rate")
                .containsPattern("(?m)^Diverged at update [0-9]");
        assertThat(sab("train", "--resume", run)).isEqualTo(ExitCode.DIVERGED);
        assertThat(out()).contains("Diverged at update ");

        Path file = Files.writeString(folder.resolve("s.yaml"), """
                settings: {task: copy, length: 3, hidden: 3, batch: 4, learning-rate: 1e30, most-skipped: 3,
                           evaluation-sequences: 16, updates: 100}
                trials: {sab: {}}
                """);
        assertThat(sab(
                        "sweep",
                        file.toString(),
                        "--dir",
                        folder.resolve("sweep").toString()))
                .isZero();
        assertThat(out()).contains("sab.seed-1  diverged at update ");
    }

    @Test
    void evaluationMeasuresTheBestModelOnSequencesOfItsOwn() {
        String run = folder.resolve("run").toString();
        sab(train("--run", run, "--updates", "20", "--json"));
        JsonNode best = lines().stream()
                .filter(line -> line.path("best").asBoolean(false)
                        && line.path("kind").asString().equals("eval"))
                .reduce((a, b) -> b)
                .orElseThrow();
        sab("eval", run, "--length", "4", "--sequences", "200", "--json");
        double loss = lines().getFirst().get("loss").asDouble();
        double chosenBy = best.get("loss").asDouble();
        assertThat(loss).isCloseTo(chosenBy, within(0.2 * chosenBy));
        sab("eval", run, "--length", "4", "--sequences", "200", "--json", "--threads", "1");
        assertThat(lines().getFirst().get("loss").asDouble()).isEqualTo(loss);
        sab("eval", run, "--length", "4", "--sequences", "16", "--json"); // as many as chose it
        assertThat(lines().getFirst().get("loss").asDouble()).isNotCloseTo(chosenBy, within(1e-5 * chosenBy));
    }

    @Test
    void aModelThatSaysNoNumbers() throws Exception {
        Path run = folder.resolve("nan");
        assertThat(sab(train("--run", run.toString(), "--updates=10"))).isZero();
        Path model = run.resolve("model.safetensors");
        Safetensors file = Safetensors.read(model);
        float[] weights = ((TensorData.Floats) file.tensor("output.v1")).values();
        Arrays.fill(((TensorData.Floats) file.tensor("cell.bias")).values(), 100); // states of almost 1
        for (float weight : new float[] {Float.MAX_VALUE, Float.NaN}) {
            Arrays.fill(weights, weight);
            Safetensors.write(model, file.metadata(), file.tensors());
            for (String command : List.of("eval", "explain")) {
                assertThat(sab(command, run.toString())).isEqualTo(ExitCode.FAILED);
                assertThat(err())
                        .contains(
                                Float.isNaN(weight)
                                        ? model + " holds NaN in the tensor \"output.v1\""
                                        : "is no finite number: its file is damaged");
            }
        }
    }

    @Test
    void aFileOfSettingsMayNameTheFolder() throws Exception {
        Path run = folder.resolve("named");
        Path file = Files.writeString(folder.resolve("my.yaml"), "run: " + run + "\nupdates: 10\n");
        assertThat(sab(train("--config", file.toString(), "--updates=10"))).isZero();
        assertThat(run.resolve("model.safetensors")).exists();
        assertThat(sab(train("--config", file.toString()))).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains(run + " holds a run already");

        Files.writeString(file, "resume: " + run + "\nupdates: 20\n");
        assertThat(sab("train", "--config", file.toString())).isZero();
        assertThat(out()).contains("All 20 updates are made");
        String other = folder.resolve("other").toString();
        Files.writeString(file, "resume: false\nupdates: 10\n");
        assertThat(sab(train("--config", file.toString(), "--run", other + "-1")))
                .isZero();
        Files.writeString(file, "resume: true\nupdates: 20\n");
        assertThat(sab("train", "--config", file.toString(), "--run", other + "-1"))
                .isZero();
        assertThat(out()).contains(other + "-1, from update 10");
        Files.writeString(file, "resume: " + run + "\nrun: " + other + "\n");
        assertThat(sab("train", "--config", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("both name a folder");
        Files.writeString(file, "resume: " + run + "\nupdates: 20\n");
        assertThat(sab(train("--config", file.toString(), "--run", other))).isZero(); // the command line wins
        assertThat(out()).contains(other);
    }

    @Test
    void jsonAndNothingElse() {
        String run = folder.resolve("run").toString();
        assertThat(sab(train("--run", run, "--updates=20", "--json"))).isZero();
        assertThat(lines())
                .extracting(line -> line.get("kind").asString())
                .containsExactly("start", "train", "train", "train", "eval", "train", "train", "train", "eval", "end");
        assertThat(lines().get(1).propertyNames())
                .containsExactly(
                        "kind",
                        "update",
                        "loss",
                        "gradNorm",
                        "msPerUpdate",
                        "msBackward",
                        "blocksReplayed",
                        "blocks",
                        "rowsReplayed",
                        "rows");
        assertThat(lines().get(4).propertyNames()).contains("kind", "update", "loss", "accuracy", "ceLast");
        assertThat(lines().getLast().get("reason").asString()).isEqualTo("updates");
        assertThat(sab("eval", run, "--length=3,5,3", "--sequences=8", "--json"))
                .isZero();
        assertThat(lines()).extracting(line -> line.get("length").asInt()).containsExactly(3, 5);
    }

    /** Of default lengths those beyond the longest there is are that one. */
    @Test
    void everyLengthIsMeasuredOnce() throws Exception {
        Path run = folder.resolve("long");
        Small.train(
                run,
                event -> {},
                "--model=lstm",
                "--length=400000",
                "--hidden=1",
                "--batch=1",
                "--updates=1",
                "--evaluate-every=1",
                "--evaluation-sequences=1");
        assertThat(sab("eval", run.toString(), "--sequences=1", "--threads=1", "--json"))
                .isZero();
        assertThat(lines()).extracting(line -> line.get("length").asInt()).containsExactly(400_000, 800_000, 1_000_000);
    }

    @Test
    void imagesThatHaveMovedAreFoundWithData() throws Exception {
        Path images = folder.resolve("data/mnist");
        Files.createDirectories(images);
        Small.images(images, "train", 24);
        Small.images(images, "t10k", 10);
        String run = folder.resolve("run").toString();
        assertThat(sab(
                        "train",
                        "mnist",
                        "--data=" + images.getParent(),
                        "--validation=8",
                        "--hidden=4",
                        "--batch=8",
                        "--epochs=2",
                        "--shard-rows=8",
                        "--run",
                        run))
                .isZero();
        assertThat(sab("eval", run)).isZero();
        String measured = out();
        assertThat(measured).contains("10 of 10 sequences of the test part");
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(images.getParent(), elsewhere);
        assertThat(sab("eval", run)).isNotZero();
        assertThat(err()).contains("--data").doesNotContain("\tat ");
        assertThat(sab("eval", run, "--data", elsewhere.toString(), "--part", "test"))
                .isZero();
        assertThat(out()).isEqualTo(measured);
        Small.images(elsewhere.resolve("mnist"), "t10k", 11);
        assertThat(sab("eval", run, "--data", elsewhere.toString())).isNotZero();
        assertThat(err()).contains(elsewhere.toString());
    }

    @Test
    void trainsOnATextAndWritesOne() throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), "salt and pepper\n".repeat(80));
        String run = folder.resolve("run").toString();
        assertThat(sab(
                        "train",
                        "chars",
                        "--text=" + text,
                        "--hidden=8",
                        "--length=10",
                        "--validation=0.1",
                        "--epochs=2",
                        "--shard-rows=8",
                        "--run",
                        run))
                .isZero();
        assertThat(out()).contains("1,088 / 128 / 64 characters", "12 symbols", "epoch 2.00", "bpc ");
        assertThat(sab("eval", run)).isZero();
        assertThat(out()).contains("7 of 7 sequences of the test part").containsPattern("(?m)^ +test +[0-9.]+");
        Map<String, Integer> parts = Map.of("training", 109, "validation", 13, "test", 7);
        Set<Double> losses = new HashSet<>();
        parts.forEach((part, sequences) -> {
            assertThat(sab("eval", run, "--part", part, "--json")).isZero();
            assertThat(lines().getFirst().path("part").asString()).isEqualTo(part);
            assertThat(lines().getFirst().path("sequences").asInt()).isEqualTo(sequences);
            losses.add(lines().getFirst().path("loss").asDouble());
        });
        assertThat(losses).hasSize(3);
        assertThat(sab("eval", run, "--data", text.toString(), "--part", "test", "--json"))
                .isZero();
        assertThat(lines().getFirst().get("sequences").asInt()).isEqualTo(128);
        assertThat(sab("eval", run, "--data", text.toString(), "--part", "validation"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("leave out either --part or --data");
        assertThat(sab("eval", run, "--length", "5")).isEqualTo(ExitCode.USAGE);
        assertThat(sab("sample", run, "--prompt", "salt \u00e9", "--characters", "50", "--temperature", "0.5"))
                .isZero();
        assertThat(out())
                .startsWith("salt \u00e9")
                .hasSize(6 + 50 + System.lineSeparator().length());
        String before = out();
        sab("sample", run, "--prompt", "salt \u00e9", "--characters", "50", "--temperature", "0.5");
        assertThat(out()).isEqualTo(before);
        assertThat(sab("sample", run, "--window", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(sab("sample", run, "--context", "1")).isEqualTo(ExitCode.USAGE);
        Path model = folder.resolve("run/model.safetensors");
        Safetensors file = Safetensors.read(model);
        Arrays.fill(((TensorData.Floats) file.tensor("output.bias")).values(), Float.MAX_VALUE);
        Arrays.fill(((TensorData.Floats) file.tensor("output.v1")).values(), Float.MAX_VALUE);
        Arrays.fill(((TensorData.Floats) file.tensor("cell.bias")).values(), 100); // states of almost 1
        Safetensors.write(model, file.metadata(), file.tensors());
        assertThat(sab("sample", run)).isEqualTo(ExitCode.FAILED);
        assertThat(out()).isEmpty();
        assertThat(err()).startsWith("sab: " + model + ": what the model says is no finite number");
        sab(train("--run", folder.resolve("copy").toString(), "--updates=10"));
        assertThat(sab("sample", folder.resolve("copy").toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("was trained on copy");
    }

    private String sample(Path run, String... more) {
        assertThat(sab(with(new String[] {"sample", run.toString(), "--characters=300"}, more)))
                .isZero();
        return out();
    }

    @Test
    void whatATextThatIsWrittenDependsOn() throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), "salt and pepper\n".repeat(40));
        Path run = folder.resolve("run");
        Small.trainOn("chars", run, "--text=" + text, "--hidden=8", "--length=10", "--k-att=2", "--updates=1");
        String written = sample(run);
        assertThat(sample(run, "--seed=1", "--context=10", "--window=5")).isEqualTo(written);
        assertThat(sample(run, "--seed=2")).isNotEqualTo(written);
        assertThat(sample(run, "--context=4")).isNotEqualTo(written);
        String all = sample(run, "--context=0", "--window=all");
        assertThat(all).isNotEqualTo(written);
        assertThat(sample(run, "--context=0", "--window=1")).isNotEqualTo(all);
    }

    @Test
    void addingReportsItsError() {
        String run = folder.resolve("run").toString();
        assertThat(sab(
                        "train",
                        "adding",
                        "--length=6",
                        "--hidden=4",
                        "--updates=3",
                        "--evaluation-sequences=8",
                        "--model=lstm",
                        "--run",
                        run,
                        "--json"))
                .isZero();
        assertThat(lines()).anySatisfy(line -> assertThat(line.propertyNames()).contains("mse"));
        assertThat(sab("eval", run, "--sequences=8")).isZero();
        assertThat(out()).contains("mse").containsPattern("(?m)^ +24 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | Which command?               |",
                "2 | There is no command 'trian': did you mean train? | trian copy",
                "2 | There is no command 'evaluate': did you mean eval? | evaluate runs/x",
                "2 | x' is not a whole number      | sample runs/x --seed x",
                "2 | y' is not a number            | sample runs/x --temperature y",
                "2 | There is no option --lenght: did you mean --length? | train copy --lenght 10",
                "2 | There is no option --lenght: did you mean --length? | train copy --lenght=10",
                "2 | did you mean --no-mental-updates?                   | train copy --no-mental-update",
                "2 | There is no option --kTrunc: did you mean --k-trunc? | train copy --kTrunc 10",
                "2 | There is no option --dta: did you mean --data? | predict runs/x --dta a.csv",
                "2 | Try 'sab help train'          | train copy --lenght 10",
                "2 | of use with --stream alone    | predict runs/x --data a.csv --out b.csv --memories 3",
                "2 | --threads is of no use with --stream | predict runs/x --stream --threads 2",
                "2 | --threads must be a whole number from 1 to 1,024: '0' | predict runs/x --data a.csv --out b.csv --threads 0",
                "2 | does not go with              | reproduce adding --settings --results results",
                "2 | Each of --settings, --json prints something of its own | reproduce adding --settings --json",
                "2 | --file prints the whole file, for which --quick means nothing | reproduce adding --quick --file",
                "2 | --seeds without the name of a study | reproduce --results r --page p --seeds 4",
                "2 | train nothing: leave out --only, --hours | reproduce adding --show --only x --hours 1",
                "2 | There is no task 'juggling'  | train juggling",
                "2 | which task?                  | train",
                "2 | --hidden must be a whole number: abc | train copy --hidden abc",
                "2 | --hidden must be at least 1: 0       | train copy --hidden 0",
                "2 | --learning-rate must be a finite     | train copy --learning-rate NaN",
                "2 | --early-rate times --learning-rate must be above 0 and finite in single precision: 5.0E38 | train copy --learning-rate 1e38",
                "2 | '--hiden'                    | train copy --hiden 5",
                "2 | Missing required parameter   | eval",
                "2 | --length must be a whole number from 1 to 1,000,000: '-5' | eval nowhere --length -5",
                "2 | --length must be a whole number | eval nowhere --length 100,x",
                "2 | --length must be a whole number | eval nowhere --length ,",
                "2 | --sequences must be          | eval nowhere --sequences 0",
                "1 | nowhere does not exist       | eval nowhere",
                "1 | nowhere does not exist       | train --resume nowhere",
                "2 | which run?                   | train --resume",
                "2 | nowhere.yaml does not exist  | train copy --config nowhere.yaml",
                "2 | both name a folder           | train copy --run a --resume b",
                "2 | --hidden must be at least 1: 0 | train copy --hidden x --hidden 0",
                "2 | --resume                     | train copy --run --resume",
                "2 | --text is no setting of the task copy, only of chars | train copy --text x",
                "2 | which text? --text FILE      | train chars",
                "1 | nowhere.txt does not exist   | train chars --text nowhere.txt",
                "1 | mnist does not exist: sab data get mnist --data  | train mnist --data nowhere",
                "2 | sab data list, get or check  | data",
                "2 | There is no data set 'imagenet': there are mnist | data get imagenet",
                "1 | nowhere does not exist: --from takes a folder | data get mnist --data target/none --from nowhere",
                "1 | train-images-idx3-ubyte.gz is missing | data check mnist --data nowhere",
                "2 | --temperature must be a number of at least 0 | sample nowhere --temperature -1",
                "1 | nowhere does not exist       | sample nowhere",
                "1 | more than 2,147,483,647 numbers | train copy --hidden 100000000",
                "1 | nowhere does not exist: name a run's folder | serve nowhere",
                "2 | --token must be 16 to 256 letters | serve target --token short",
                "2 | beyond this machine the view needs a token | serve target --host 0.0.0.0",
                "2 | beyond this machine the view needs a token | train copy --live --host 0.0.0.0",
                "2 | of use with --live alone     | train copy --port 1",
            })
    void oneSentence(int code, String sentence, String args) {
        String before = runs();
        int exit = sab(args == null ? new String[0] : args.split(" "));
        assertThat(err())
                .contains(sentence)
                .startsWith("sab: ")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(exit).isEqualTo(code);
        assertThat(out()).isEmpty();
        assertThat(runs()).isEqualTo(before);
    }

    /** What is in the folder in which a run is put that nobody names one for. */
    private static String runs() {
        return Arrays.toString(Path.of("runs").toFile().list());
    }

    @Test
    void anArgumentThatBeginsWithAnAtIsTakenAsItIs() throws Exception {
        String file = "@" + Files.writeString(folder.resolve("arguments"), "--help");
        for (String argument : List.of(file, "@@none")) {
            assertThat(sab("eval", argument)).isEqualTo(ExitCode.FAILED);
            assertThat(err()).startsWith("sab: " + argument + " does not exist");
        }
    }

    @Test
    void aFolderThatCannotBeMade() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(sab(train("--run", file.resolve("run").toString(), "--updates=1")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err()).startsWith("sab: the folder " + file.resolve("run") + " cannot be made: ");
    }

    @Test
    void doctor() {
        assertThat(sab("doctor")).isZero();
        assertThat(out()).contains("Java ", "Kernels ", "Cores ", "Memory ", "GFLOP/s", "Not used ");
    }

    @Test
    void help() {
        assertThat(sab("--version")).isZero();
        assertThat(out()).startsWith("sab4j ");
        assertThat(sab("help", "data", "get")).isZero();
        assertThat(out()).contains("--from");
        assertThat(sab("help", "train")).isZero();
        assertThat(out()).contains("--k-trunc=K", "--[no-]mental-updates", "Default: 128; chars: 256;", "--resume");
        assertThat(out().replaceAll("\\s+", " "))
                .contains("Default: 100; text8: 180.", "Default: true; ptb, text8: false.");
        assertThat(sab("completion")).isZero();
        assertThat(out())
                .contains(
                        "--k-trunc",
                        "complete ",
                        "score_option_args=(\"mlp\" \"salience\")",
                        "part_option_args=(\"training\" \"validation\" \"test\")",
                        "'--no-mental-updates'",
                        "flag_opts=\"'--json' '-h' '--help'\"",
                        "compgen -f",
                        "\"ptb\"",
                        "\"machine-logs\"");
    }

    /** What goes wrong in it, even in the system, is told, and the training is not called failed for it. */
    @Test
    void aReportThatCannotBeMade() throws Exception {
        Path run = folder.resolve("run");
        assertThat(sab(train("--run", run.toString(), "--updates=10"))).isZero();
        Task task = (Task) Proxy.newProxyInstance(
                Task.class.getClassLoader(), new Class<?>[] {Task.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("batch")) {
                        throw new InternalError("of a task");
                    }
                    return method.invoke(new CopyTask(4), arguments);
                });
        Reports.end(run, new OpenTask(task, "broken"), false);
        assertThat(err()).startsWith("sab: there is no report of " + run + ": ").contains("of a task");
    }

    /** Its data are there to be explained, and are not read once more. */
    @Test
    void aTrainingsReportTakesTheDataThatAreOpen() throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), "salt and pepper\n".repeat(40));
        Path path = folder.resolve("run");
        Layer layer = new Layer();
        Map.of("task", "chars", "text", text.toString(), "length", "7", "hidden", "4", "updates", "1", "epochs", "0")
                .forEach(layer::option);
        try (Run run = Run.start(List.of(layer), path, path, Small.KERNELS)) {
            run.train(event -> {}, () -> false);
            Files.delete(text);
            Reports.end(path, run.experiment().task(), false);
            assertThat(err()).isEmpty();
            assertThat(path.resolve("report.html")).content().contains("\"explanation\":{\"update\":1,");
            Reports.end(path, new OpenTask(run.experiment().task().task(), "of other facts"), false);
            assertThat(err()).contains("model.safetensors was trained on other data than those of its run");
        }
        assertThat(sab("report", path.toString())).isZero();
        assertThat(err()).contains("the report has no reminders of " + path, text + " does not exist");
    }

    private Path sweep() throws IOException {
        return Files.writeString(folder.resolve("which.yaml"), """
                title: Which model?
                settings: {task: copy, length: 4, hidden: 8, batch: 6, shard-rows: 4, evaluate-every: 10,
                           evaluation-sequences: 16, updates: 20}
                trials: {lstm: {model: lstm}, sab: {}}
                seeds: [1, 2]
                test: {sequences: 16}
                """);
    }

    @Test
    void aSweepEndsWithATable() throws Exception {
        Path file = sweep();
        String dir = folder.resolve("sweep").toString();
        assertThat(sab("sweep", file.toString(), "--dir", dir)).isZero();
        assertThat(out())
                .contains(
                        "Which model?",
                        "4 trials in " + dir,
                        "lstm.seed-1  begins",
                        "sab.seed-2  ended at update 20 after ")
                .containsPattern("LSTM, BPTT \\(lstm\\) +[0-9.]+ ± [0-9.]+ ");
        assertThat(sab("sweep", file.toString(), "--dir", dir, "--json")).isZero();
        assertThat(lines().stream().map(line -> line.path("kind").asString())).containsExactly("sweep", "end");
        assertThat(lines().getLast().path("over").asInt()).isEqualTo(4);

        assertThat(sab("sweep", folder.resolve("none.yaml").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("none.yaml does not exist");
        assertThat(sab("sweep", file.toString(), "--dir", dir, "--only", "gru")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("there is no trial gru in the sweep: there are lstm, sab");
        assertThat(sab("sweep", file.toString(), "--seeds", "1,1")).isEqualTo(ExitCode.USAGE);
        for (String nothing : List.of("", ",")) {
            assertThat(sab("sweep", file.toString(), "--dir", dir, "--seeds", nothing))
                    .isEqualTo(ExitCode.USAGE);
            assertThat(sab("sweep", file.toString(), "--dir", dir, "--only", nothing))
                    .isEqualTo(ExitCode.USAGE);
            assertThat(err()).contains("--only must be names of trials, such as lstm");
        }
        Path mistyped = folder.resolve("mistyped.yaml");
        Files.writeString(mistyped, Files.readString(file).replace("sab: {}", "sab: {k-topp: 1}"));
        assertThat(sab("sweep", mistyped.toString(), "--dir", dir, "--only", "lstm"))
                .isEqualTo(ExitCode.USAGE); // before anything is trained, since the table has all rows
        assertThat(err()).contains("k-topp");
        assertThat(sab("sweep", file.toString(), "--hours", "no")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatHoldsForSeveralTrialsIsSaidOnceAndCountedAtTheEnd() throws Exception {
        Path file = sweep();
        Files.writeString(file, Files.readString(file).replace("sab: {}", "sab: {k-att: 24}"));
        String[] sweep = {"sweep", file.toString(), "--dir=" + folder.resolve("sweep"), "--parallel=1"};
        assertThat(sab(sweep)).isZero();
        String note = "no step is ever reminded of anything: the first memory is written at step 24, and sequences have"
                + " 24: lower --k-att";
        assertThat(err().lines()).containsExactly("sab: sab.seed-1: " + note, "sab: sab.seed-1 and 1 more: " + note);
        sweep[2] = "--dir=" + folder.resolve("json");
        assertThat(sab(with(sweep, "--json"))).isZero();
        assertThat(err()).isEmpty();
        assertThat(lines().stream()
                        .filter(line -> line.path("trial").asString("").equals("sab.seed-2")
                                && line.path("kind").asString().equals("begin"))
                        .map(line -> line.path("notes").path(0).asString()))
                .containsExactly(note);
    }

    @Test
    void someTrialsOfASweep() throws Exception {
        Path dir = folder.resolve("sweep");
        assertThat(sab("sweep", sweep().toString(), "--dir", dir.toString(), "--seeds", "3", "--only", "sab"))
                .isZero();
        assertThat(out()).contains("1 trial in ", "sab.seed-3  ended at update 20 after ");
        try (Stream<Path> trials = Files.list(dir)) {
            assertThat(trials.filter(Files::isDirectory)).containsExactly(dir.resolve("sab.seed-3"));
        }
        assertThat(dir.resolve("sab.seed-3/report.html")).isNotEmptyFile();
    }

    @Test
    void aSweepGoesOnAfterItsTimeAndAfterAFailure() throws Exception {
        Path dir = folder.resolve("sweep");
        String[] sweep = {"sweep", sweep().toString(), "--dir", dir.toString(), "--only", "sab"};
        assertThat(sab(with(sweep, "--hours", "1e-9"))).isZero();
        assertThat(out()).contains("2 trials are left; the same command goes on with them");
        assertThat(sab(sweep)).isZero();

        Files.delete(dir.resolve("sab.seed-1/trial.json")); // as if it had been killed before it was measured
        Files.delete(dir.resolve("sab.seed-2/trial.json"));
        Path checkpoint = dir.resolve("sab.seed-2/checkpoint.safetensors");
        byte[] whole = Files.readAllBytes(checkpoint);
        Files.writeString(checkpoint, "spoilt");
        assertThat(sab(sweep)).isEqualTo(ExitCode.FAILED);
        assertThat(out())
                .contains("sab.seed-1  ended at update 20", "sab.seed-2  failed: " + checkpoint)
                .contains("1 trial has failed; --retry tries it again.");
        Files.write(checkpoint, whole);
        assertThat(sab(sweep)).isEqualTo(ExitCode.FAILED);
        assertThat(out()).doesNotContain("sab.seed-2  ").contains("--retry tries it again");
        assertThat(sab(with(sweep, "--retry"))).isZero();
        assertThat(out()).contains("sab.seed-2  ended at update 20").doesNotContain("sab.seed-1  ");
    }

    /** The folder goes while it trains; where a disk is full to the last block, the same. */
    @Test
    void aFailureThatCannotBeRecordedIsOneAllTheSame() throws Exception {
        Path file = sweep();
        Files.writeString(file, Files.readString(file).replace("updates: 20", "updates: 100000000"));
        Path trial = folder.resolve("sweep/sab.seed-1");
        Thread mover = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 10_000 && !Files.exists(trial.resolve("metrics.jsonl")); i++) {
                    Thread.sleep(5);
                }
                Files.move(trial, folder.resolve("away"));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(sab(
                        "sweep",
                        file.toString(),
                        "--dir",
                        folder.resolve("sweep").toString(),
                        "--only=sab",
                        "--seeds=1"))
                .isEqualTo(ExitCode.FAILED);
        mover.join();
        assertThat(out())
                .contains("1 trial has failed; --retry tries it again.")
                .doesNotContain("nothing is lost");
    }

    private static String[] with(String[] command, String... more) {
        return Stream.of(command, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Test
    void aRunThatCannotBeReadIsLeftOutOfItsFoldersReport() throws IOException {
        Path runs = folder.resolve("runs");
        assertThat(sab(train("--run", runs.resolve("good").toString(), "--updates=10")))
                .isZero();
        Path config = Files.createDirectory(runs.resolve("foreign")).resolve("config.yaml");
        Files.writeString(config, "model: {layers: [1, 2]}\n");
        Path html = folder.resolve("all.html");
        assertThat(sab("report", runs.toString(), "--out", html.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains(config.toString(), runs.resolve("foreign") + " is left out");
        assertThat(html).content().contains("\"good\"");
        assertThat(sab("report", runs.resolve("foreign").toString())).isNotZero();
        assertThat(err()).doesNotContain("is left out");
    }

    @Test
    void reportsOfRunsOfOneName() {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        assertThat(sab(train("--run", one.resolve("copy").toString(), "--updates=10", "--tensorboard")))
                .isZero();
        assertThat(one.resolve("copy/events.out.tfevents.0.sab4j")).isNotEmptyFile();
        assertThat(sab(train("--run", other.resolve("copy").toString(), "--updates=10", "--seed=2")))
                .isZero();
        Path html = folder.resolve("both.html");
        Path figures = folder.resolve("figures");
        Path events = folder.resolve("events");
        assertThat(sab(
                        "report",
                        one.toString(),
                        other.toString(),
                        "--out=" + html,
                        "--figures=" + figures,
                        "--tensorboard=" + events))
                .isZero();
        assertThat(out().lines().map(Path::of))
                .startsWith(html)
                .contains(figures.resolve("loss.svg"), figures.resolve("loss.png"))
                .endsWith(
                        events.resolve("copy/events.out.tfevents.0.sab4j"),
                        events.resolve("copy-2/events.out.tfevents.0.sab4j"))
                .allSatisfy(file -> assertThat(file).isNotEmptyFile());
        assertThat(html).content().contains("\"name\":\"copy\"", "\"name\":\"copy-2\"");
    }

    @Test
    void aTableOfThePaperIsShownAsFarAsItIsThere() throws Exception {
        String dir = folder.resolve("runs").toString();
        assertThat(sab("reproduce", "table2-t100", "--show", "--dir", dir)).isZero();
        assertThat(out()).contains("Copying, T = 100 (Table 2)").containsPattern("SAB 10,10 +100.0 +0.000 +0.001 +– ");
        assertThat(sab("reproduce", "adding", "--show", "--dir", dir, "--json")).isZero();
        assertThat(lines().getLast().path("results").path("rows").size()).isEqualTo(11);
        assertThat(sab("reproduce", "ablation", "--settings")).isZero();
        assertThat(out()).containsPattern("hidden +128 +the paper's").containsPattern("k-att +2 +ours");
        assertThat(sab("reproduce", "transfer", "--file")).isZero();
        assertThat(out()).contains("trials-of: table2-t100");

        Path results = folder.resolve("my results");
        assertThat(sab("reproduce", "adding", "--show", "--dir", dir, "--results", results.toString()))
                .isZero();
        assertThat(results.resolve("adding.json")).content().contains("--results '" + results + "'");
        Path page = folder.resolve("page.md");
        assertThat(sab("reproduce", "--results", results.toString(), "--page", page.toString()))
                .isZero();
        assertThat(page).content().contains("## Adding, T = 200 and 400", "| SAB 10,10 | 2.0e-6 | – |");

        assertThat(sab("reproduce")).isEqualTo(ExitCode.USAGE);
        assertThat(sab("reproduce", "table3")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("There is no study 'table3': there are table2-t100, ");
        assertThat(sab("reproduce", "--page", page.toString())).isEqualTo(ExitCode.USAGE);
    }
}
