package org.sab4j.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.report.RunView;

/** Runs that come, go and come back as others. */
class RunsTest {

    @TempDir
    private Path folder;

    private final List<String> troubles = new ArrayList<>();

    private void write(int seed, String metrics) throws IOException {
        Path run = Files.createDirectories(folder.resolve("a"));
        Files.writeString(run.resolve("config.yaml"), "task: copy\nmodel: sab\nseed: " + seed + "\n");
        Files.setLastModifiedTime(run.resolve("config.yaml"), FileTime.fromMillis(1_000_000L * seed));
        Files.writeString(run.resolve("metrics.jsonl"), metrics);
    }

    private static String train(long update) {
        return "{\"kind\":\"train\",\"update\":" + update + ",\"loss\":0.5}\n";
    }

    /** Those of a sweep's folder beside them, but none deeper. */
    @Test
    void runsOfSweepsAreThereToo() throws IOException {
        write(1, train(10));
        for (String run : List.of("sweep/b.seed-1", "sweep/a.seed-1", "sweep/deeper/c", "a/inside")) {
            Path made = Files.createDirectories(folder.resolve(run));
            Files.writeString(made.resolve("config.yaml"), "task: copy\nmodel: sab\nseed: 1\n");
        }
        Files.createDirectories(folder.resolve("empty"));
        Runs runs = new Runs(folder);
        assertThat(runs.list().keySet()).containsExactly("a", "sweep/a.seed-1", "sweep/b.seed-1");
        assertThat(runs.views(List.of("sweep/b.seed-1"), troubles::add)
                        .getFirst()
                        .name())
                .isEqualTo("sweep/b.seed-1");
        assertThat(runs.views(List.of("sweep", "sweep/deeper/c", "../a"), troubles::add))
                .isEmpty();
    }

    /** A link leads to a run or a sweep as well; but to one that is there itself it is no other run. */
    @Test
    void linksToRunsAndSweeps(@TempDir Path elsewhere) throws IOException {
        write(1, train(10));
        Path run = Files.createDirectories(elsewhere.resolve("sweep/one.seed-1"));
        Files.writeString(run.resolve("config.yaml"), "task: copy\nmodel: sab\nseed: 1\n");
        try {
            Files.createSymbolicLink(folder.resolve("0-latest"), folder.resolve("a"));
            Files.createSymbolicLink(folder.resolve("linked"), elsewhere.resolve("sweep"));
            Files.createSymbolicLink(folder.resolve("self"), folder);
        } catch (UnsupportedOperationException | FileSystemException e) {
            assumeTrue(false, "no symbolic links here: " + e);
        }
        assertThat(new Runs(folder).list().keySet()).containsExactly("a", "linked/one.seed-1");
    }

    @Test
    void aRunThatIsMadeAnew() throws IOException {
        write(1, train(10));
        Runs runs = new Runs(folder);
        RunView first = runs.views(List.of("a"), troubles::add).getFirst();
        Files.writeString(folder.resolve("a/metrics.jsonl"), train(10) + train(20));
        assertThat(runs.views(List.of("a"), troubles::add).getFirst()).isSameAs(first);
        assertThat(first.history().update()).isEqualTo(20);

        write(2, train(10) + train(20) + train(30)); // longer than what was read, in the same files
        RunView second = runs.views(List.of("a"), troubles::add).getFirst();
        assertThat(second.run().settings()).containsEntry("seed", "2");
        assertThat(second.history().loss().count()).isEqualTo(3);

        assertThat(troubles).isEmpty();
        Files.writeString(folder.resolve("a/config.yaml"), "seed: {1: 2}");
        assertThat(runs.views(List.of("a"), troubles::add)).isEmpty();
        assertThat(troubles).singleElement().asString().contains("config.yaml");

        Files.delete(folder.resolve("a/config.yaml"));
        assertThat(runs.views(List.of("a"), troubles::add)).isEmpty();
        write(2, train(10));
        assertThat(runs.views(List.of("a"), troubles::add).getFirst().history().update())
                .isEqualTo(10);
    }
}
