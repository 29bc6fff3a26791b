package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.checkpoint.Safetensors;

/** Who may have a folder, and what is said of files that are not what they should be. */
class RunDirectoryTest {

    @TempDir
    private Path folder;

    @Test
    void namesAreCountedOn() throws Exception {
        for (String name : List.of("copy", "copy-2", "copy-3")) {
            try (RunDirectory directory = RunDirectory.next(folder, "copy")) {
                assertThat(directory.path()).isEqualTo(folder.resolve(name));
                directory.writeConfig("");
            }
        }
        assertThat(RunDirectory.latest(folder, "copy")).isEqualTo(folder.resolve("copy-3"));
        RunDirectory.next(folder, "copy").close(); // killed before it had a config.yaml
        assertThat(RunDirectory.latest(folder, "copy")).isEqualTo(folder.resolve("copy-3"));
        assertThat(RunDirectory.latest(folder, "adding")).isNull();
        assertThat(RunDirectory.latest(folder.resolve("none"), "copy")).isNull();
        try (Stream<Path> files = Files.list(folder.resolve("copy-2"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(
                folder.resolve("copy-2")); // a gap: the latest is still the latest, and the next one comes behind it
        assertThat(RunDirectory.latest(folder, "copy")).isEqualTo(folder.resolve("copy-3"));
        try (RunDirectory next = RunDirectory.next(folder, "copy")) {
            assertThat(next.path()).isEqualTo(folder.resolve("copy-5"));
        }
    }

    @Test
    void aRunIsNotOverwritten() throws Exception {
        Path path = folder.resolve("run");
        Small.until(2, path, Small.layer());
        assertThatThrownBy(() -> Small.whole(path, Small.layer()))
                .isInstanceOf(RunException.class)
                .hasMessage(path + " holds a run already: sab train --resume " + path
                        + " goes on with it, and --run DIR takes another folder");
        Files.writeString(folder.resolve("letter.txt"), "Dear");
        assertThatThrownBy(() -> Small.whole(folder, Small.layer())).hasMessageContaining("is not empty");
        assertThatThrownBy(() -> Small.whole(folder.resolve("letter.txt"), Small.layer()))
                .hasMessageContaining("cannot be made");
        assertThatThrownBy(() -> Small.resume(folder)).hasMessageContaining("holds no run");
        assertThatThrownBy(() -> Small.resume(folder.resolve("none"))).hasMessageContaining("does not exist");
    }

    /** As Linux tells it: a try from within this process would end the lock. */
    private static boolean isLocked(Path file) throws Exception {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.exists(locks), "there is no /proc/locks to look at");
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readAllLines(locks).stream().anyMatch(line -> line.contains(inode));
    }

    @Test
    void aFolderInUseIsRefusedAndFreeAgainAfterwards() throws Exception {
        Path path = folder.resolve("run");
        Small.until(2, path, Small.layer());
        try (Run run = Run.resume(List.of(), path, Small.KERNELS)) {
            assertThat(run.resumed()).isTrue();
            assertThatThrownBy(() -> Small.resume(path)).hasMessageContaining("is in use by another sab");
            assertThat(isLocked(path.resolve(FolderLock.FILE)))
                    .as("the refusal has not ended the lock")
                    .isTrue();
        }
        Small.resume(path, Small.options("--updates=3"));
    }

    @Test
    void otherFilesInPlaceOfACheckpoint() throws Exception {
        Path path = folder.resolve("run");
        Small.until(12, path, Small.layer());
        Path checkpoint = path.resolve("checkpoint.safetensors");
        byte[] bytes = Files.readAllBytes(checkpoint);

        Files.copy(path.resolve("model.safetensors"), checkpoint, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Small.resume(path))
                .hasMessageStartingWith(checkpoint + " is no checkpoint of a run of sab; without a checkpoint")
                .hasMessageContaining("sab train --config " + path.resolve("config.yaml"))
                .hasMessageContaining("model.safetensors is still the best model");

        Files.write(checkpoint, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Small.resume(path)).hasMessageStartingWith(checkpoint + " is truncated");

        Files.write(checkpoint, bytes);
        change(checkpoint, "format", "2");
        assertThatThrownBy(() -> Small.resume(path)).hasMessageContaining("was written by a newer sab4j");

        Files.write(checkpoint, bytes);
        change(checkpoint, "setting.wormholes", "4");
        assertThatThrownBy(() -> Small.resume(path))
                .hasMessageContaining("wormholes, which this version does not know");

        Files.write(checkpoint, bytes);
        change(checkpoint, "setting.beta2", null); // of a version that did not have it
        assertThatThrownBy(() -> Small.resume(path, Small.options("--updates=13", "--beta2=0.5")))
                .hasMessageContaining("--beta2 can't change from 0.999 to 0.5");

        Files.write(checkpoint, bytes);
        Small.resume(path, Small.options("--updates=13"));
    }

    @Test
    void otherFilesInPlaceOfAModel() throws Exception {
        Path path = folder.resolve("run");
        assertThatThrownBy(() -> TrainedModel.read(path, Small.KERNELS)).hasMessageContaining("does not exist");
        Small.until(5, path, Small.layer());
        assertThatThrownBy(() -> TrainedModel.read(path, Small.KERNELS)).hasMessageContaining("has no model yet");
        Small.resume(path, Small.options("--updates=10"));
        Path model = path.resolve("model.safetensors");
        assertThat(TrainedModel.read(path, Small.KERNELS).options()).isEqualTo(new CopyOptions(4));
        assertThat(TrainedModel.read(model, Small.KERNELS).task()).isEqualTo(TaskKind.COPY);

        byte[] bytes = Files.readAllBytes(model);
        for (String[] change : new String[][] {
            {"hidden", "100000000", "too large"},
            {"hidden", "9", "has 1043 parameters"},
            {"hidden", "7", "shape"},
            {"hidden", "many", "does not know"},
            {"length", "-", "no usable \"length\""},
            {"task", "juggling", "juggling"},
            {"task", "adding", "does not fit its task"},
            {"format", "7", "newer sab4j"}
        }) {
            Files.write(model, bytes);
            change(model, change[0], change[1]);
            assertThatThrownBy(() -> TrainedModel.read(path, Small.KERNELS))
                    .as(change[0])
                    .hasMessageStartingWith(model.toString())
                    .hasMessageContaining(change[2]);
        }
    }

    private static void change(Path path, String key, @Nullable String value) throws Exception {
        Safetensors file = Safetensors.read(path);
        SequencedMap<String, String> metadata = new LinkedHashMap<>(file.metadata());
        if (value == null) {
            assertThat(metadata.remove(key)).isNotNull();
        } else {
            metadata.put(key, value);
        }
        Safetensors.write(path, metadata, file.tensors());
    }

    /** Two streams that keep their sequences in one file would each throw away the other's. */
    @Test
    void aFileForOneAlone() throws Exception {
        Path file = folder.resolve("log.state");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        try (FolderLock held = FolderLock.beside(file)) {
            Path inside = Files.createDirectory(folder.resolve("x"));
            assertThatThrownBy(() -> FolderLock.beside(inside.resolve("../log.state")))
                    .hasMessageContaining("in use by another sab (this process)");
            Files.writeString(file, "kept");
            assertThatThrownBy(() -> FolderLock.beside(link)).hasMessageContaining("in use by another sab");
            assertThat(held).isNotNull();
        }
        FolderLock.beside(link).close();
        assertThatThrownBy(() -> FolderLock.beside(folder.resolve("none/log.state")))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("log.state cannot be written: the folder ");
        assertThatThrownBy(() -> FolderLock.beside(folder)).hasMessageContaining("it is a folder");
        assertThat(folder.resolve("..").resolve("." + folder.getFileName() + FolderLock.FILE))
                .doesNotExist();
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no " + device);
        assertThatThrownBy(() -> FolderLock.beside(device)).hasMessageContaining("it is no plain file");
        assertThat(device.resolveSibling(".null.lock")).doesNotExist();
    }
}
