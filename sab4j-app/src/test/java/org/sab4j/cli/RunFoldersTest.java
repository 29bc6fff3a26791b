package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sab4j.run.Small;

/** Where a run is kept for which nobody names a folder, and how it is found again. */
class RunFoldersTest extends ChildTest {

    private Path runs() {
        return folder.resolve("runs");
    }

    private String sabEnds(String... args) throws Exception {
        return end(ExitCode.DONE, sab(args));
    }

    private String trained(String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("train", "copy", "--updates=2"));
        args.addAll(Small.OPTIONS);
        args.addAll(Arrays.asList(more));
        return sabEnds(args.toArray(String[]::new));
    }

    @Test
    void numberedByTaskAndModel() throws Exception {
        assertThat(trained()).contains("Run       runs/copy\n");
        assertThat(trained()).contains("Run       runs/copy-2\n");
        assertThat(trained("--model=lstm")).contains("Run       runs/copy-lstm\n");
        assertThat(runs()).isDirectoryContaining("glob:**/copy-2").isDirectoryContaining("glob:**/copy-lstm");
        for (String[] latest : new String[][] {{"--resume", "copy"}, {"copy", "--resume"}}) {
            assertThat(sabEnds("train", latest[0], latest[1])).contains("Run       runs/copy-2, from update 2\n");
        }
        assertThat(sabEnds("train", "copy", "--resume", "--model", "lstm", "--updates=3"))
                .contains("Run       runs/copy-lstm, from update 2\n", "All 3 updates are made");
        assertThat(end(ExitCode.FAILED, sab("train", "adding", "--resume")))
                .contains("sab: there is no run runs/adding: sab train adding starts one\n");
    }
}
