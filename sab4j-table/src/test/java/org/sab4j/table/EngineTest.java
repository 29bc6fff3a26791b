package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {

    @TempDir
    private Path folder;

    /** Opens databases in a process of its own, and prints what comes of it. */
    static final class Opening {

        private Opening() {}

        /** Two, one after the other, in the folder that the arguments name. */
        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) { // a class that could not be initialised fails otherwise the second time
                try (Engine engine = Engine.open(Path.of(args[0]), 1)) {
                    System.out.println("open in " + engine.folder());
                } catch (TableException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    /** Its library goes into the system's folder for temporary files first, which need not be there. */
    @Test
    void whereTheLibraryDoesNotLoad() throws Exception {
        Path none = folder.resolve("none");
        Path scratch = folder.resolve("scratch");
        ProcessBuilder child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + none,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Opening.class.getName(),
                        scratch.toString())
                .redirectErrorStream(true);
        child.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")); // which are told of
        Process process = child.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines().filter(line -> !line.startsWith("WARNING: ")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("tables can't be read here, the database for them does not start in " + scratch
                                + ": its library does not load from " + none + ", where it is unpacked: ")
                        .endsWith(" (SAB_JAVA_OPTS=-Djava.io.tmpdir=DIR names another folder)"));
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    /** On disk, or in memory: neither is the file's fault. */
    @Test
    void whereThereIsNoRoom() throws Exception {
        Path table = folder.resolve("table.parquet");
        try (Engine engine = Engine.open(folder, 1)) {
            engine.execute("COPY (SELECT repeat(CAST(hash(range) AS VARCHAR), 20) AS x FROM range(100000)) TO "
                    + Engine.text(table.toString())
                    + " (FORMAT parquet, ROW_GROUP_SIZE 100000, COMPRESSION uncompressed)");
            TableFile file = TableFile.of(table);
            engine.executeBeside("SET memory_limit = '20MB'"); // a statement that fails is closed
            assertThat(failure(engine, file, "SELECT * FROM " + file.source()))
                    .hasMessage(table
                            + " does not fit into the 1 GiB of memory that reading may take: write smaller row groups, if"
                            + " it is Parquet, or shorter values; or take fewer --threads");
            engine.executeBeside("SET max_temp_directory_size = '1MB'");
            assertThat(failure(engine, file, "SELECT hash(range) AS x FROM range(3000000) ORDER BY x"))
                    .hasMessageStartingWith(table + " has no room where it is put for a while, the disk is full");
        }
    }

    private static TableException failure(Engine engine, TableFile file, String sql) {
        return file.failure(catchThrowableOfType(
                SQLException.class, () -> engine.executeBeside("CREATE OR REPLACE TABLE rows AS " + sql)));
    }

    @Test
    void whatCannotBeClosedKeepsNothingOpen() {
        List<String> closed = new ArrayList<>();
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(() -> closed.add("scratch"));
        opened.push(() -> {
            throw new IOException("the disk is gone");
        });
        opened.push(() -> closed.add("other"));
        Engine.close(opened);
        assertThat(closed).containsExactly("other", "scratch");
    }
}
