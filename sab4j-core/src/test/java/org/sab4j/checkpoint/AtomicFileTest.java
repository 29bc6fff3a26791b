package org.sab4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesAFileAndLeavesNothingBeside() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "something longer");

        AtomicFile.replace(file, beside -> Files.writeString(beside, "new"));

        assertThat(file).hasContent("new");
        assertOnly(file);
    }

    @Test
    void keepsTheOldFileWhenTheDiskIsFull() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");

        assertThatThrownBy(() -> AtomicFile.replace(file, beside -> {
                    Files.write(beside, new byte[100]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " cannot be written: No space left on device; the file that was there is untouched");

        assertThat(file).hasContent("old");
        assertOnly(file);
    }

    @Test
    void leavesNothingWhenANewFileFails() {
        Path file = folder.resolve("file");

        assertThatThrownBy(() -> AtomicFile.replace(file, beside -> {
                    throw new IOException("No space left on device");
                }))
                .hasMessage(file + " cannot be written: No space left on device");
        assertThatThrownBy(() -> AtomicFile.replace(file, beside -> {
                    throw new IllegalStateException("a bug");
                }))
                .hasMessage("a bug");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.replace(link, beside -> Files.writeString(beside, "n"));
        assertThat(file).hasContent("n");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aDeviceStaysADevice() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no /dev/null");
        assertThatThrownBy(() -> AtomicFile.replace(device, beside -> Files.writeString(beside, "n")))
                .hasMessage(
                        device + " cannot be written: it is no plain file, and would be replaced: give another name");
    }

    @Test
    void saysWhereItCannotWrite() {
        Path orphan = folder.resolve("none").resolve("file");

        assertThatThrownBy(() -> Safetensors.write(orphan, new LinkedHashMap<>(), new LinkedHashMap<>()))
                .isInstanceOf(IOException.class)
                .hasMessage(orphan + " cannot be written: the folder " + orphan.getParent() + " does not exist");
        assertThatThrownBy(() -> Safetensors.write(folder, new LinkedHashMap<>(), new LinkedHashMap<>()))
                .isInstanceOf(IOException.class)
                .hasMessage(folder + " cannot be written: it is a folder");
    }

    @Test
    void writesAndReadsOnAnInterruptedThread() throws IOException {
        Path file = folder.resolve("file");
        Thread.currentThread().interrupt();
        boolean interrupted;
        try {
            Safetensors.write(file, new LinkedHashMap<>(), new LinkedHashMap<>());
            assertThat(Safetensors.read(file).tensors()).isEmpty();
        } finally {
            interrupted = Thread.interrupted();
        }
        assertThat(interrupted).isTrue();
        assertOnly(file);
    }

    @Test
    void deletesOnlyWhatKilledWritersLeft() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        Path[] others = {
            Files.writeString(folder.resolve(".file2." + UUID.randomUUID() + ".tmp"), "kept"),
            Files.writeString(folder.resolve(".file.b." + UUID.randomUUID() + ".tmp"), "another is writing file.b"),
            Files.writeString(folder.resolve(".file.notes.tmp"), "kept")
        };
        Files.writeString(folder.resolve(".file." + UUID.randomUUID() + ".tmp"), "half");

        AtomicFile.deleteLeftovers(file);

        assertOnly(file, others[0], others[1], others[2]);
    }

    @Test
    void deletesWhatNobodyIsWritingAnyMore() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        Path notes = Files.writeString(folder.resolve(".file.notes.tmp"), "kept");
        Path fresh = Files.writeString(folder.resolve(".file." + UUID.randomUUID() + ".tmp"), "may be another's");
        Path old = Files.writeString(folder.resolve(".report.html." + UUID.randomUUID() + ".tmp"), "half");
        FileTime twoDaysAgo = FileTime.from(Instant.now().minus(2, ChronoUnit.DAYS));
        for (Path each : List.of(file, notes, old)) {
            Files.setLastModifiedTime(each, twoDaysAgo);
        }

        AtomicFile.deleteOldLeftovers(folder);

        assertOnly(file, notes, fresh);
    }

    @Test
    void whoMayReadAFileMayReadTheNewOne() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        assumeTrue(
                Files.getFileAttributeView(file, PosixFileAttributeView.class) != null,
                "there are no permissions here");
        for (String permissions : List.of("rw-------", "r--r-----", "rw-rw-r--")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            AtomicFile.replace(file, beside -> Files.writeString(beside, permissions));
            assertThat(file).hasContent(permissions);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(permissions);
        }
        assertOnly(file);
    }

    /** The longest names that there are on Linux have 255 bytes. */
    @Test
    void takesTheLongestNames() throws IOException {
        for (String name : List.of("n".repeat(213), "n".repeat(214), "n".repeat(255))) {
            Path file = folder.resolve(name);
            Path[] killed = new Path[1];
            AtomicFile.replace(file, beside -> {
                Files.writeString(beside, "new");
                killed[0] = beside;
            });
            assertThat(file).hasContent("new");
            Files.writeString(killed[0], "half");
            AtomicFile.deleteLeftovers(folder.resolve("n".repeat(212)));
            assertThat(killed[0]).exists();
            AtomicFile.deleteLeftovers(file);
            assertOnly(file);
            Files.delete(file);
        }
    }

    @Test
    void saysThatAJarIsNoFolder() throws IOException {
        Path jar = folder.resolve("a.jar");
        try (FileSystem inner = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Path file = inner.getPath("/model.safetensors");
            assertThatThrownBy(() -> Safetensors.write(file, new LinkedHashMap<>(), new LinkedHashMap<>()))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "/model.safetensors cannot be written: it is within another file, such as a jar; give one"
                                    + " in a folder of the system's");
            Files.writeString(file, "{}");
            assertThatThrownBy(() -> Safetensors.read(file))
                    .isInstanceOf(FormatException.class)
                    .hasMessageStartingWith("/model.safetensors cannot be read: it is within another file");
        }
    }

    private void assertOnly(Path... files) {
        assertThat(folder.toFile().listFiles()).extracting(File::toPath).containsExactlyInAnyOrder(files);
    }
}
