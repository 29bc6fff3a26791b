package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.run.Small;

/** A test of the command in processes of its own, none of which it leaves behind. They work in its folder. */
@Timeout(
        value = 120,
        threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // nothing interrupts who reads what a process prints
abstract class ChildTest {

    /** Options of a Java that starts soon and works slowly. */
    static final List<String> QUICK = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    @TempDir
    Path folder = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    final void leaveNone() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    /** The class path of the tests. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** The Java that runs the tests. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** {@code sab} with arguments, from the class path, with what makes a short life shortest. */
    static List<String> command(String... args) {
        return command(QUICK, args);
    }

    /** The same, to the bits that the tests' own process would come to. */
    static List<String> exact(String... args) {
        return command(
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                        ? List.of("--add-modules=jdk.incubator.vector")
                        : List.of(),
                args);
    }

    private static List<String> command(List<String> options, String... args) {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:-UsePerfData"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), "org.sab4j.cli.Main"));
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** Arguments that train a small model in a folder. */
    static String[] train(Path run, String... more) {
        List<String> args = new ArrayList<>(List.of("train", "copy", "--run", run.toString()));
        args.addAll(Small.OPTIONS);
        args.addAll(Arrays.asList(more));
        return args.toArray(String[]::new);
    }

    /** A process whose standard output can be read, and whose standard error goes to {@link #output}. */
    final ProcessBuilder prepared(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("output.txt").toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("LANGUAGE");
        builder.environment().put("DISPLAY", ":99"); // as of a session that is over
        return builder;
    }

    /** Starts a process that ends with the test at the latest. */
    final Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Starts a process that writes all to {@link #output}. */
    final Process start(List<String> command) throws IOException {
        return start(prepared(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile()));
    }

    /** Starts {@code sab}. */
    final Process sab(String... args) throws IOException {
        return start(command(args));
    }

    /** Waits for the end. Returns {@link #output}. */
    final String end(int code, Process process) throws InterruptedException {
        assertThat(process.waitFor()).as(this::output).isEqualTo(code);
        return output();
    }

    /** What the last process has written. */
    final String output() {
        try {
            return Files.readString(folder.resolve("output.txt"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
