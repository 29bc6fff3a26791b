package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sab4j.run.Small;
import org.sab4j.run.Version;

/** The command as {@code ./sab} starts it: of modules, each of which opens and provides what others take from it. */
class ModulePathTest extends ChildTest {

    /** Where on the class path the command's modules are: jars of tests would be modules, too, some of the same packages. */
    private static String modulePath() {
        Map<String, ModuleReference> all = new HashMap<>();
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            for (ModuleReference module : modules(Path.of(entry))) {
                all.putIfAbsent(module.descriptor().name(), module);
            }
        }
        Map<String, String> wanted = new LinkedHashMap<>();
        Deque<String> names = new ArrayDeque<>(List.of("org.sab4j.app", "org.sab4j.kernels.vector"));
        while (!names.isEmpty()) {
            ModuleReference module = all.get(names.remove());
            if (module != null // else one of Java's own
                    && wanted.put(
                                    module.descriptor().name(),
                                    Path.of(module.location().orElseThrow()).toString())
                            == null) {
                module.descriptor().requires().stream()
                        .map(ModuleDescriptor.Requires::name)
                        .forEach(names::add);
            }
        }
        return String.join(File.pathSeparator, wanted.values());
    }

    private static Set<ModuleReference> modules(Path entry) {
        try {
            return ModuleFinder.of(entry).findAll();
        } catch (FindException e) {
            return Set.of(); // a jar whose name makes no module's
        }
    }

    private String modular(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:-UsePerfData"));
        command.addAll(QUICK);
        command.addAll(List.of(
                "--enable-native-access=duckdb.jdbc", "-p", modulePath(), "-m", "org.sab4j.app/org.sab4j.cli.Main"));
        command.addAll(Arrays.asList(args));
        return end(ExitCode.DONE, start(command));
    }

    @Test
    void theFastKernelsAreFound() throws Exception {
        assertThat(modular("doctor")).contains("Kernels   " + Version.of(Small.KERNELS));
    }

    /** Records are written and read by reflection; charts and reports are made of resources. */
    @Test
    void aSweepGoesOnAndIsExplained() throws Exception {
        Files.writeString(folder.resolve("s.yaml"), """
                settings: {task: copy, length: 4, hidden: 8, batch: 6, evaluation-sequences: 16, updates: 2}
                trials: {sab: {}}
                test: {sequences: 16}
                """);
        assertThat(modular("sweep", "s.yaml")).contains("sab.seed-1  ended at update 2");
        assertThat(modular("sweep", "s.yaml")).doesNotContain("begins").containsPattern("\\(sab\\) +[0-9.]+ ");
        assertThat(modular("explain", "runs/s/sab.seed-1", "--json"))
                .contains("\"kind\":\"step\"", "\"reminders\":{\"2\":");
        assertThat(modular("report", "runs/s", "--figures", "figures").lines())
                .contains("runs/s/sab.seed-1/report.html", "figures/loss.svg", "figures/loss.png");
    }

    @Test
    void aTableIsRead() throws Exception {
        assertThat(Main.run(
                        "example",
                        "machine-logs",
                        "--machines=20",
                        "--out",
                        folder.resolve("logs.csv").toString()))
                .isZero();
        assertThat(modular(
                        "train",
                        "classify",
                        "--data=logs.csv",
                        "--sequence=machine",
                        "--order=minute",
                        "--target=outcome",
                        "--hidden=4",
                        "--batch=8",
                        "--updates=2"))
                .contains("All 2 updates are made", "runs/classify/report.html");
    }

    @Test
    void resultsAreReadAndWritten() throws Exception {
        Path results = Path.of("..", "results").toAbsolutePath().normalize();
        modular("reproduce", "--results", results.toString(), "--page", "page.md");
        assertThat(folder.resolve("page.md")).content().contains("## Copying");
    }
}
