package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;

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
        }
        assertThat(folder).isDirectoryNotContaining(path -> Files.exists(path.resolve("lock")));
    }
}
