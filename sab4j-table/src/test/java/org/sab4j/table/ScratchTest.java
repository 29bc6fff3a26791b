package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

    @TempDir
    private Path folder;

    @Test
    void takesAwayWhatKilledProcessesLeft() throws IOException {
        Path left = Files.createDirectories(folder.resolve(".sab-table-left"));
        Files.writeString(left.resolve("lock"), "");
        Files.writeString(left.resolve("rows.db"), "much");
        Path justMade = Files.createDirectories(folder.resolve(".sab-table-made"));
        Path others = Files.createDirectories(folder.resolve("of others"));
        try (Scratch scratch = Scratch.in(folder);
                Scratch second = Scratch.in(folder)) {
            assertThat(left).doesNotExist();
            assertThat(justMade).exists();
            assertThat(others).exists();
            assertThat(scratch.folder()).exists();
            assertThat(second.folder()).exists();
            assertThat(isLocked(scratch.folder().resolve("lock"))).isTrue();
        }
        assertThat(folder).isDirectoryNotContaining(path -> Files.exists(path.resolve("lock")));
    }

    /** What one has just taken away the other goes round. */
    @Test
    void severalTakeAwayTheSame() throws Exception {
        int several = 4;
        List<Path> left = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Path one = Files.createDirectories(folder.resolve(".sab-table-" + i));
            Files.writeString(one.resolve("lock"), "");
            for (int file = 0; file < 200; file++) {
                Files.writeString(
                        Files.createDirectories(one.resolve("spilled" + file)).resolve("rows.bin"), "");
            }
            left.add(one);
        }
        CyclicBarrier start = new CyclicBarrier(several);
        List<Future<Boolean>> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(several)) {
            for (int i = 0; i < several; i++) {
                made.add(threads.submit(() -> {
                    start.await();
                    try (Scratch scratch = Scratch.in(folder)) {
                        return Files.isDirectory(scratch.folder());
                    }
                }));
            }
        }
        for (Future<Boolean> one : made) {
            assertThat(one.get()).isTrue();
        }
        assertThat(left).noneMatch(Files::exists);
    }

    /** By a process that took it for a leftover. */
    @Test
    void aNewFolderThatIsTakenAwayIsNone() throws IOException {
        assertThat(Scratch.lock(folder.resolve(".sab-table-gone"))).isNull();
        try (Scratch scratch = Scratch.lock(Files.createDirectory(folder.resolve(".sab-table-new")))) {
            assertThat(scratch).isNotNull();
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** As Linux tells it: a try from within this process would end the lock. */
    private static boolean isLocked(Path file) throws IOException {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.exists(locks), "there is no /proc/locks to look at");
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readAllLines(locks).stream().anyMatch(line -> line.contains(inode));
    }
}
