package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.train.TrainEvent;

/** A run that was stopped or killed and goes on gives what one gives that never stopped. */
public class ResumeTest {

    @TempDir
    private Path folder;

    /** Everything but times. */
    public static void assertSame(Path expected, Path actual) throws IOException {
        assertThat(Small.metrics(actual)).isEqualTo(Small.metrics(expected));
        assertThat(actual.resolve("model.safetensors")).hasSameBinaryContentAs(expected.resolve("model.safetensors"));
        Safetensors one = Safetensors.read(expected.resolve("checkpoint.safetensors"));
        Safetensors other = Safetensors.read(actual.resolve("checkpoint.safetensors"));
        assertThat(other.metadata()).isEqualTo(one.metadata());
        assertThat(other.tensors().keySet()).isEqualTo(one.tensors().keySet());
        one.tensors().forEach((name, tensor) -> {
            if (!name.equals("train.measures")) { // holds the time
                assertThat(values(Objects.requireNonNull(other.tensors().get(name))))
                        .as(name)
                        .isEqualTo(values(tensor));
            }
        });
    }

    private static Object values(TensorData tensor) {
        return switch (tensor) {
            case TensorData.Floats floats -> floats.values();
            case TensorData.Doubles doubles -> doubles.values();
            case TensorData.Longs longs -> longs.values();
            case TensorData.Ints ints -> ints.values();
            case TensorData.Bytes bytes -> bytes.values();
        };
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "17, 0", "20, 7", "29, 9"})
    void stoppedAndResumedGivesTheSameBits(int stop, int every) throws Exception {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Layer layer = Small.layer("--updates=30", "--checkpoint-every=" + every);
        assertThat(Small.whole(whole, layer)).isEqualTo(TrainEvent.Reason.UPDATES);
        assertThat(Small.until(stop, parts, layer)).isEqualTo(TrainEvent.Reason.STOPPED);
        assertThat(Small.metrics(parts).getLast())
                .isEqualTo("{\"kind\":\"end\",\"update\":" + stop + ",\"reason\":\"stopped\"}");
        assertThat(Small.resume(parts)).isEqualTo(TrainEvent.Reason.UPDATES);
        assertSame(whole, parts);
    }

    /** What a setting says must not be lost on the way through the folder. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--keep=used --memories=3",
                "--keep=surprising --memories=3 --recompute=true",
                "--keep=latest --memories=2 --max-hops=1",
                "--memory-bound=0.001 --score-credit=false",
                "--mental-updates=false --sparsifier=relu",
                "--mental-updates=false --direct-credit=true --memory-bound=0.001",
                "--beam=8 --length=300 --sparsifier=softmax --k-top=2",
                "--score=salience --early-rate=3 --early-until=5 --early-fade=25 --warm-up=4 --beta1=0.8 --beta2=0.99 --beta3=0.95 --slow-weight=4",
            })
    void settingsStayWhenItGoesOn(String options) throws Exception {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        List<String> all = new ArrayList<>(List.of(options.split(" ")));
        all.addAll(List.of("--updates=12", "--evaluate-every=5", "--k-att=1"));
        Layer layer = Small.layer(all.toArray(String[]::new));
        Small.whole(whole, layer);
        Small.until(4, parts, layer);
        Small.resume(parts);
        assertSame(whole, parts);
    }

    /** Stopped between two evaluations, and given no more updates: what it has come to is measured, and kept. */
    @ParameterizedTest
    @ValueSource(ints = {7, 3})
    void fewerUpdatesEndWithAnEvaluation(int updates) throws Exception {
        Path path = folder.resolve("run");
        Small.until(7, path, Small.layer("--updates=30"));
        assertThat(path.resolve("model.safetensors")).doesNotExist();
        assertThat(Small.resume(path, Small.options("--updates=" + updates))).isEqualTo(TrainEvent.Reason.UPDATES);
        assertThat(Small.metrics(path)).anyMatch(line -> line.startsWith("{\"kind\":\"eval\",\"update\":7,"));
        assertThat(path.resolve("model.safetensors")).isRegularFile();
    }

    /** The model in the folder is the one whose evaluation was the best: the average then, not the parameters. */
    @Test
    void keepsTheModelThatWasMeasured() throws Exception {
        Path path = folder.resolve("run");
        Small.whole(path, Small.layer("--updates=10"));
        Safetensors model = Safetensors.read(path.resolve("model.safetensors"));
        Safetensors state = Safetensors.read(path.resolve("checkpoint.safetensors"));
        for (String name : List.of("cell.weight_hh", "attention.w1", "output.v1")) {
            Object kept = values(model.tensor(name));
            assertThat(kept).isEqualTo(values(state.tensor("average." + name)));
            assertThat(kept).isNotEqualTo(values(state.tensor(name)));
        }
    }

    /** As a kill leaves it: a checkpoint, and behind it newer lines, a newer model, a line cut short, files half written. */
    @Test
    void whatIsNewerThanTheCheckpointIsMadeAgain() throws Exception {
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        Layer layer = Small.layer("--updates=40");
        Small.whole(whole, layer);
        Small.until(15, killed, layer);
        for (String file : List.of("metrics.jsonl", "model.safetensors")) {
            Files.copy(whole.resolve(file), killed.resolve(file), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(killed.resolve("metrics.jsonl"), "{\"kind\":\"tra", StandardOpenOption.APPEND);
        List<Path> halfWritten = new ArrayList<>();
        for (String file : List.of("config.yaml", "model.safetensors", "checkpoint.safetensors")) {
            halfWritten.add(Files.writeString(killed.resolve("." + file + "." + UUID.randomUUID() + ".tmp"), "x"));
        }
        Path old = killed.resolve(".report.html." + UUID.randomUUID() + ".tmp");
        halfWritten.add(Files.writeString(old, "x"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(2, ChronoUnit.DAYS)));
        Path fresh = killed.resolve(".report.html." + UUID.randomUUID() + ".tmp");
        Files.writeString(fresh, "sab report may be writing it");
        Small.resume(killed);
        assertSame(whole, killed);
        assertThat(halfWritten).noneMatch(Files::exists);
        assertThat(fresh).exists();
    }

    @Test
    void moreUpdatesAndOtherThreadsMayBeAsked() throws Exception {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Small.whole(whole, Small.layer("--updates=40"));
        Small.whole(parts, Small.layer("--updates=20"));
        assertThat(Small.resume(
                        parts,
                        Small.options("--updates=40", "--threads=3", "--checkpoint-every=3", "--recompute=true")))
                .isEqualTo(TrainEvent.Reason.UPDATES);
        assertSame(whole, parts);
        assertThat(parts.resolve("config.yaml")).content().contains("updates: 40", "threads: 3", "recompute: true");
    }

    @Test
    void aRunThatIsOverStaysAsItIs() throws Exception {
        Path path = folder.resolve("run");
        Small.whole(path, Small.layer("--updates=20"));
        List<String> before = Files.readAllLines(path.resolve("metrics.jsonl"));
        assertThat(Small.resume(path)).isEqualTo(TrainEvent.Reason.UPDATES);
        assertThat(Files.readAllLines(path.resolve("metrics.jsonl"))).isEqualTo(before);
    }

    /** The rate is so small that no evaluation is better than the first but by chance. */
    @Test
    void patienceEndsAndMorePatienceGoesOn() throws Exception {
        Path path = folder.resolve("run");
        Layer layer = Small.layer("--updates=400", "--evaluate-every=1", "--learning-rate=1e-9", "--patience=3");
        assertThat(Small.whole(path, layer)).isEqualTo(TrainEvent.Reason.PATIENCE);
        List<String> lines = Small.metrics(path);
        assertThat(lines.getLast()).contains("\"reason\":\"patience\"");
        assertThat(Small.resume(path)).isEqualTo(TrainEvent.Reason.PATIENCE);
        assertThat(Small.metrics(path)).isEqualTo(lines);
        assertThat(Small.resume(path, Small.options("--patience=0", "--updates=20")))
                .isEqualTo(TrainEvent.Reason.UPDATES);
        assertThat(Small.metrics(path).size()).isGreaterThan(lines.size());
    }

    @Test
    void otherSettingsAreRefusedAllAtOnce() throws Exception {
        Path path = folder.resolve("run");
        Small.until(5, path, Small.layer());
        assertThatThrownBy(() -> Small.resume(path, Small.options("--hidden=16", "--seed=2", "--log-every=1")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("--hidden can't change from 8 to 16")
                .hasMessageContaining("--seed can't change from 1 to 2")
                .hasMessageNotContaining("log-every");
        assertThat(Small.resume(path, Small.options("--updates=10"))).isEqualTo(TrainEvent.Reason.UPDATES);
    }

    @Test
    void aRunKilledBeforeItsFirstCheckpointBegins() throws Exception {
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        Layer layer = Small.layer("--updates=10");
        Small.whole(whole, layer);
        Run.start(List.of(layer), killed, killed, Small.KERNELS).close();
        assertThat(killed.resolve("checkpoint.safetensors")).doesNotExist();
        Small.resume(killed);
        assertSame(whole, killed);
    }

    @Test
    void whatIsDamagedIsTold() throws Exception {
        Path path = folder.resolve("run");
        Small.until(12, path, Small.layer());
        Path metrics = path.resolve("metrics.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(metrics));
        int whole = lines.size() - 1; // without the end
        lines.add(1, "\0\0\0");
        lines.add(2, "[1]");
        Files.write(metrics, lines);
        Files.writeString(path.resolve("attention.jsonl"), "{\"update\":\n", StandardOpenOption.APPEND);
        Files.writeString(path.resolve("model.safetensors"), "no model");
        try (Run run = Run.resume(List.of(), path, Small.KERNELS)) {
            assertThat(run.notes())
                    .satisfiesExactlyInAnyOrder(
                            note -> assertThat(note)
                                    .isEqualTo(
                                            metrics
                                                    + " is damaged: 2 lines that are not of this run are taken out, and the others stay"),
                            note -> assertThat(note)
                                    .isEqualTo(
                                            path.resolve("attention.jsonl")
                                                    + " is damaged: a line that is not of this run is taken out, and the others stay"),
                            note -> assertThat(note)
                                    .startsWith(path.resolve("model.safetensors") + " is ")
                                    .endsWith("there will be one again when an evaluation is the best so far"));
        }
        assertThat(Files.readAllLines(metrics)).hasSize(whole);
    }

    @Test
    void aConfigurationThatIsNoneIsTold() throws Exception {
        Path path = folder.resolve("run");
        Small.until(5, path, Small.layer());
        Files.writeString(path.resolve("config.yaml"), "");
        assertThatThrownBy(() -> Small.resume(path))
                .isInstanceOf(RunException.class)
                .hasMessageStartingWith(path.resolve("config.yaml") + " names no task");
        Files.writeString(path.resolve("config.yaml"), "task: copy\nearly-until: 200\nearly-fade: 100");
        assertThatThrownBy(() -> Small.resume(path))
                .isInstanceOf(RunException.class)
                .hasMessageStartingWith(
                        path.resolve("config.yaml") + " can't be used (--early-fade must not be before --early-until");
    }

    @Test
    void withoutItsCheckpointARunIsNotBegunAgain() throws Exception {
        Path path = folder.resolve("run");
        Small.until(5, path, Small.layer());
        Files.delete(path.resolve("checkpoint.safetensors"));
        assertThatThrownBy(() -> Small.resume(path))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("is gone");
    }
}
