package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.data.image.PixelTask;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.train.TrainEvent;

/** Runs on data that lie in files: epochs, going on to the same bits, data that have changed, options of the task. */
class DataTaskTest {

    @TempDir
    private Path folder;

    private Path text;

    @BeforeEach
    void write() throws Exception {
        Random random = new Random(1);
        StringBuilder words = new StringBuilder();
        while (words.length() < 1000) {
            words.append(List.of("salt ", "and ", "pepper\n").get(random.nextInt(3)));
        }
        text = Files.writeString(folder.resolve("text.txt"), words.substring(0, 1000));
    }

    private Layer chars(String... more) {
        Layer layer = new Layer();
        layer.option("task", "chars").option("text", text.toString());
        List<String> options = new ArrayList<>(Small.OPTIONS);
        options.removeIf(option -> option.startsWith("--evaluat"));
        options.addAll(List.of("--length=7", "--batch=16", "--epochs=3"));
        options.addAll(List.of(more));
        for (String option : options) {
            String[] parts = option.substring(2).split("=", 2);
            layer.option(parts[0], parts[1]);
        }
        return layer;
    }

    @Test
    void epochsAndAnEvaluationAfterEach() throws Exception {
        Path path = folder.resolve("run");
        assertThat(Small.whole(path, chars())).isEqualTo(TrainEvent.Reason.UPDATES);
        // 900 characters are 129 sequences, 9 updates an epoch.
        assertThat(Small.metrics(path).stream().filter(line -> line.contains("\"eval\"")))
                .extracting(line -> line.replaceAll(".*\"update\":([0-9]+).*", "$1"))
                .containsExactly("9", "18", "27");
        TrainedModel trained = TrainedModel.read(path, Small.KERNELS);
        FiniteTask task = (FiniteTask) trained.open(null).task();
        assertThat(task.sequences(Part.TRAINING)).isEqualTo(129);
        assertThat(Small.resume(path, Small.options("--epochs=4"))).isEqualTo(TrainEvent.Reason.UPDATES);
        assertThat(Small.metrics(path).getLast()).contains("\"update\":36");
    }

    /** The same text with other parts would be measured on what was trained on. */
    @Test
    void aTextThatIsCutElsewhereIsAnotherOne() throws Exception {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        Files.writeString(parts.resolve("train.txt"), "salt and pepper\n".repeat(9));
        Files.writeString(parts.resolve("valid.txt"), "salt and pepper\n".repeat(3));
        Files.writeString(parts.resolve("test.txt"), "salt and pepper\n".repeat(3));
        TaskOptions options =
                Resolver.resolve(List.of(chars("--text=" + parts))).options();
        Map<String, String> facts = options.open().facts();
        Files.writeString(parts.resolve("train.txt"), "salt and pepper\n".repeat(8));
        Files.writeString(parts.resolve("valid.txt"), "salt and pepper\n".repeat(4));
        assertThatThrownBy(() -> options.reopen(facts, null)).hasMessageContaining("is not what it was");
        Map<String, String> fewer = new LinkedHashMap<>(facts); // of a model that did not note it
        fewer.remove("parts");
        assertThat(options.reopen(fewer, null).task().inputs())
                .isEqualTo(options.open().task().inputs());
    }

    @Test
    void charactersThatTheTrainingPartDoesNotHave() throws Exception {
        Files.writeString(text, "ab".repeat(400) + "az".repeat(100));
        String[] shares = {"--validation=0.1", "--test=0.2"};
        TaskOptions open = Resolver.resolve(List.of(chars(shares).option("unknown", "true")))
                .options();
        OpenTask opened = open.open();
        assertThat(opened.summary())
                .isEqualTo("chars, 700 / 100 / 200 characters for training, validation and test; 3 symbols; T = 7");
        assertThat(open.reopen(opened.facts(), null).task().inputs()).isEqualTo(3);
        TaskOptions closed = Resolver.resolve(List.of(chars(shares).option("unknown", "false")))
                .options();
        assertThatThrownBy(closed::open)
                .hasMessageContaining("of the test part does not occur in the training part")
                .hasMessageContaining("--no-unknown");
    }

    @Test
    void dataMayMoveBeforeARunGoesOn() throws Exception {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Small.whole(whole, chars());
        Small.until(5, parts, chars());
        Path moved = Files.move(text, folder.resolve("moved.txt"));
        assertThatThrownBy(() -> Small.resume(parts))
                .hasMessageContaining(text + " does not exist")
                .hasMessageEndingWith("; if the data have moved, write where to into " + parts.resolve("config.yaml")
                        + " (text: PATH)");
        assertThat(Small.resume(parts, Small.options("--text=" + moved))).isEqualTo(TrainEvent.Reason.UPDATES);
        assertThat(Small.metrics(parts)).isEqualTo(Small.metrics(whole));
        Files.writeString(moved, "other than before ".repeat(60));
        assertThatThrownBy(() -> Small.resume(parts, Small.options("--epochs=4")))
                .hasMessageContaining("the data have changed");
    }

    /** The best model, which may be older, remembers where they were before. */
    @Test
    void aRunsDataAreWhereItWentOnWithThem() throws Exception {
        Path run = folder.resolve("run");
        Small.whole(run, chars());
        Path moved = Files.move(text, folder.resolve("moved.txt"));
        TrainedModel before = TrainedModel.read(run, Small.KERNELS);
        assertThatThrownBy(() -> before.open(null)).hasMessageEndingWith("config.yaml (text: PATH)");
        Path config = run.resolve("config.yaml");
        String written = Files.readString(config);
        Small.resume(run, Small.options("--text=" + moved, "--epochs=2")); // nothing is left to train
        assertThat(config).hasContent(written.replace(text.toString(), moved.toString()));
        assertThat(TrainedModel.read(run, Small.KERNELS).open(null).task().name())
                .isEqualTo("chars");
        assertThat(TrainedModel.read(run.resolve("model.safetensors"), Small.KERNELS)
                        .open(null)
                        .task()
                        .name())
                .isEqualTo("chars");
        Path copied = Files.copy(run.resolve("model.safetensors"), folder.resolve("copied.safetensors"));
        Files.writeString(folder.resolve("config.yaml"), "servers: [a, b]"); // of another program
        TrainedModel alone = TrainedModel.read(copied, Small.KERNELS);
        assertThatThrownBy(() -> alone.open(null)).hasMessageEndingWith(text + " does not exist: check the name");
    }

    /** It goes on as it began, whatever the default has become. */
    @Test
    void aRunFromBeforeASettingWasThere() throws Exception {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Small.whole(whole, Small.layer("--normalize-gradient=false", "--updates=20"));
        Small.until(5, parts, Small.layer("--normalize-gradient=false", "--updates=20"));
        Path config = parts.resolve("config.yaml");
        String written = Files.readString(config);
        String before = written.replace("normalize-gradient: false\n", "")
                .replace("beta1: 0.9\n", "")
                .replace("beta2: 0.999\n", "")
                .replace("beta3: 0.99\n", "")
                .replace("slow-weight: 0.0\n", "")
                .replace("warm-up: 0\n", "");
        Files.writeString(config, before);
        assertThat(before.lines().count()).isEqualTo(written.lines().count() - 6);
        Small.resume(parts);
        ResumeTest.assertSame(whole, parts);
        assertThat(config)
                .content()
                .contains("normalize-gradient: false", "beta1: 0.9\n", "beta2: 0.999\n", "warm-up: 0\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 13, 26})
    void stoppedAndResumedGivesTheSameBits(int stop) throws Exception {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Small.whole(whole, chars());
        assertThat(Small.until(stop, parts, chars())).isEqualTo(TrainEvent.Reason.STOPPED);
        assertThat(Small.resume(parts)).isEqualTo(TrainEvent.Reason.UPDATES);
        ResumeTest.assertSame(whole, parts);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 13})
    void carriedOverGoesOnToTheSameBits(int stop) throws Exception {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Small.whole(whole, chars("--carry=true", "--k-att=3"));
        Small.until(stop, parts, chars("--carry=true", "--k-att=3"));
        Small.resume(parts);
        ResumeTest.assertSame(whole, parts);
        assertThatThrownBy(() -> Resolver.resolve(List.of(chars("--carry=true", "--keep=latest", "--memories=2"))))
                .hasMessageContaining("so --keep must be all");
    }

    @Test
    void changedDataAreRefused() throws Exception {
        Path path = folder.resolve("run");
        Small.until(9, path, chars());
        String before = Files.readString(text);
        Files.writeString(text, before.replaceFirst("salt", "SALT"));
        assertThatThrownBy(() -> Small.resume(path))
                .isInstanceOf(RunException.class)
                .hasMessage("the data have changed since " + path
                        + " began (fingerprint, alphabet): put them back as they were, or start a new run");
        TrainedModel trained = TrainedModel.read(path, Small.KERNELS);
        assertThatThrownBy(() -> trained.open(null)).hasMessageContaining("is not what it was");
        FiniteTask other = (FiniteTask) trained.open(text).task();
        assertThat(other.sequences(Part.TEST)).isEqualTo(Math.ceilDiv(999, 7));
        assertThat(other.sequences(Part.TRAINING)).isZero();
        Files.delete(text);
        assertThatThrownBy(() -> Small.resume(path)).hasMessageContaining("does not exist");
        Files.writeString(text, before);
        assertThat(Small.resume(path)).isEqualTo(TrainEvent.Reason.UPDATES);
    }

    @Test
    void whatATaskDoesNotHave() throws Exception {
        assertThatThrownBy(() -> Resolver.resolve(List.of(Small.layer("--text=x"))))
                .isInstanceOf(SettingsException.class)
                .hasMessage("--text is no setting of the task copy, only of chars");
        assertThatThrownBy(() -> Resolver.resolve(
                        List.of(new Layer().option("task", "mnist").option("length", "5"))))
                .hasMessageContaining("--length is no setting of the task mnist, only of copy, adding, chars");
        assertThatThrownBy(() -> Resolver.resolve(List.of(new Layer().option("task", "chars"))))
                .hasMessage("which text? --text FILE, or --preset ptb or text8");
        assertThatThrownBy(() -> Resolver.resolve(List.of(chars("--validation=0.5", "--test=0.5"))))
                .hasMessageContaining("leave nothing to train on");
    }

    @Test
    void trainingThatWouldNotEnd() throws Exception {
        Path path = folder.resolve("run");
        assertThatThrownBy(() -> Small.whole(path, chars("--epochs=0"))).hasMessageContaining("training would not end");
        assertThatThrownBy(() -> Small.whole(path, Small.layer("--updates=0", "--evaluate-every=0")))
                .hasMessageContaining("--updates must be at least 1 for the task copy")
                .hasMessageContaining("--evaluate-every must be at least 1 for the task copy");
        assertThatThrownBy(() -> Small.whole(path, chars("--batch=1000000", "--length=1000000")))
                .hasMessageContaining("too large for one batch");
        assertThat(path).doesNotExist();
    }

    @Test
    void presetsAreThePapers() throws Exception {
        Layer ptb = new Layer().option("task", "chars").option("preset", "ptb");
        RunConfig config = Resolver.resolve(List.of(ptb));
        assertThat(config.hidden()).isEqualTo(1000);
        assertThat(config.learningRate()).isEqualTo(0.002);
        assertThat(config.batch()).isEqualTo(32);
        assertThat(config.epochs()).isEqualTo(100);
        assertThat(((CharsOptions) config.options()).length()).isEqualTo(100);
        RunConfig text8 =
                Resolver.resolve(List.of(new Layer().option("task", "chars").option("preset", "text8")));
        assertThat(text8.batch()).isEqualTo(64);
        assertThat(text8.epochs()).isEqualTo(30);
        assertThat(((CharsOptions) text8.options()).length()).isEqualTo(180);
        assertThat(((CharsOptions) text8.options()).validation()).isEqualTo(0.05);
        assertThatThrownBy(() -> Small.whole(folder.resolve("run"), ptb.option("data", folder.toString())))
                .hasMessageContaining(folder.resolve("ptb") + " does not exist: sab data get ptb --data " + folder);
    }

    @Test
    void aPresetsTextOfAnotherSizeIsTold() throws Exception {
        Path text = Files.createDirectory(folder.resolve("text8")).resolve("text8");
        Files.writeString(text, "abc ".repeat(2000));
        Layer layer = new Layer().option("task", "chars").option("preset", "text8");
        OpenTask task = Resolver.resolve(List.of(layer.option("data", folder.toString())))
                .options()
                .open();
        assertThat(task.notes())
                .singleElement()
                .asString()
                .startsWith(text + " has 8,000 bytes, and the known one 100,000,000: results are not those of text8");
        Path other = Files.writeString(folder.resolve("other.txt"), "abc ".repeat(100));
        assertThat(Resolver.resolve(List.of(layer))
                        .options()
                        .reopen(task.facts(), other)
                        .notes())
                .isEmpty();
        Layer own =
                new Layer().option("task", "chars").option("preset", "text8").option("text", text.toString());
        assertThat(Resolver.resolve(List.of(own)).options().open().notes()).isEmpty();
    }

    @Test
    void imagesThatAreNotThere() {
        for (String task : List.of("mnist", "cifar10")) {
            Layer layer = new Layer().option("task", task).option("data", folder.toString());
            assertThatThrownBy(() -> Small.whole(folder.resolve("run"), layer))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("does not exist: sab data get " + task + " --data " + folder + " fetches it");
        }
    }

    @Test
    void imagesOfTwoSizes() throws IOException {
        Path images = Files.createDirectories(folder.resolve("mnist"));
        Small.images(images, "train", 24);
        Small.images(images, "t10k", 10, 5);
        Layer layer = new Layer().option("task", "mnist").option("data", folder.toString());
        assertThatThrownBy(() -> Small.whole(folder.resolve("run"), layer))
                .isInstanceOf(RunException.class)
                .hasMessage(images + " has images of 4 × 4 pixels in train-images-idx3-ubyte and of 5 × 4 in"
                        + " t10k-images-idx3-ubyte: they don't belong together; sab data get mnist --data " + folder
                        + " fetches what is missing or damaged");
    }

    @Test
    void pixelsAreReadInTheOrderOfASeed() throws Exception {
        Path images = Files.createDirectories(folder.resolve("mnist"));
        Small.images(images, "train", 24);
        Small.images(images, "t10k", 10);
        assertThat(order(0, false)).isEqualTo(IntStream.range(0, 16).boxed().toList());
        assertThat(order(7, false)).isNotEqualTo(order(0, false)).isNotEqualTo(order(8, false));
        assertThat(order(7, true)).isEqualTo(order(7, false));
    }

    private List<Integer> order(long seed, boolean again) throws Exception {
        TaskOptions options = Resolver.resolve(List.of(
                        Small.options("--task=mnist", "--data=" + folder, "--validation=8", "--permute=" + seed)))
                .options();
        OpenTask opened = options.open();
        PixelTask pixels = (PixelTask) (again ? options.reopen(opened.facts(), null) : opened).task();
        assertThat(pixels.sequences(Part.VALIDATION)).isEqualTo(8);
        return IntStream.range(0, pixels.steps()).mapToObj(pixels::pixel).toList();
    }

    @Test
    void imagesThatAreThereInPart() throws IOException {
        Files.createDirectories(folder.resolve("mnist"));
        Files.write(folder.resolve("mnist/train-images-idx3-ubyte"), new byte[7]);
        Files.write(folder.resolve("mnist/train-labels-idx1-ubyte"), new byte[7]);
        Files.createDirectories(folder.resolve("cifar10/cifar-10-batches-bin"));
        for (String task : List.of("mnist", "cifar10")) {
            Layer layer = new Layer().option("task", task).option("data", folder.toString());
            assertThatThrownBy(() -> Small.whole(folder.resolve("run"), layer))
                    .isInstanceOf(RunException.class)
                    .hasMessageEndingWith(
                            "; sab data get " + task + " --data " + folder + " fetches what is missing or damaged");
        }
    }
}
