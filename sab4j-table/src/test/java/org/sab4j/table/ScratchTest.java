package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** As Linux tells it: a try from within this process would end the lock. */
    private static boolean isLocked(Path file) throws IOException {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.exists(locks), "there is no /proc/locks to look at");
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readAllLines(locks).stream().anyMatch(line -> line.contains(inode));
    }
}
