package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.run.ResumeTest;
import org.sab4j.run.Small;

/** Real processes, killed. */
@Timeout(120)
class KilledTest {

    @TempDir
    private Path folder;

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) { // the same kernels
            command.add("--add-modules=jdk.incubator.vector");
        }
        command.add("org.sab4j.cli.Main");
        command.addAll(Arrays.asList(args));
        return command;
    }

    private Process sab(String... args) throws IOException {
        return new ProcessBuilder(command(args))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
    }

    private static String[] train(Path run, String... more) {
        List<String> args = new ArrayList<>(List.of("train", "copy", "--run", run.toString()));
        args.addAll(Small.OPTIONS);
        args.addAll(Arrays.asList(more));
        return args.toArray(String[]::new);
    }

    private static long update(Path run) throws IOException {
        Path checkpoint = run.resolve("checkpoint.safetensors");
        return Files.exists(checkpoint)
                        && Safetensors.read(checkpoint).tensor("train.counters") instanceof TensorData.Longs counters
                ? counters.values()[0]
                : -1;
    }

    private void awaitUpdate(Process process, Path run, long update) throws Exception {
        while (update(run) < update) {
            assertThat(process.isAlive()).as(() -> "sab ended: " + output()).isTrue();
            Thread.sleep(5);
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void killedAtAnyMomentItGoesOnToTheSameBits() throws Exception {
        Path killed = folder.resolve("killed");
        Path whole = folder.resolve("whole");
        Process process = sab(train(killed, "--updates=1000000000", "--checkpoint-every=4"));
        awaitUpdate(process, killed, 23);
        assertThat(Main.run("train", "--resume", killed.toString())).isEqualTo(ExitCode.FAILED); // in use
        process.destroyForcibly().waitFor();

        String updates = String.valueOf((update(killed) / 10 + 2) * 10);
        assertThat(Main.run("train", "--resume", killed.toString(), "--updates", updates))
                .isZero();
        assertThat(Main.run(train(whole, "--updates", updates))).isZero();
        ResumeTest.assertSame(whole, killed);
    }

    @Test
    void politelyStoppedItSaysHowToGoOn() throws Exception {
        Path run = folder.resolve("run");
        Process process = sab(train(run, "--updates=1000000000"));
        awaitUpdate(process, run, 10);
        process.destroy(); // SIGTERM; a terminal's Ctrl-C is SIGINT and handled alike
        Thread.sleep(20);
        process.destroy(); // as timeout does, to the process and to its group
        assertThat(process.waitFor()).isEqualTo(ExitCode.SIGNALLED + 15);
        assertThat(output()).contains("Stopped at update ", "Go on     sab train --resume " + run);
        assertThat(Small.metrics(run).getLast()).contains("\"kind\":\"end\"", "stopped");
        assertThat(Main.run("train", "--resume", run.toString(), "--updates", String.valueOf(update(run) + 1)))
                .isZero();
    }

    @Test
    void aSweepThatIsKilledGoesOnToTheSameBits() throws Exception {
        Path file = Files.writeString(folder.resolve("s.yaml"), """
                settings: {task: copy, length: 4, hidden: 8, batch: 6, shard-rows: 4, evaluate-every: 10,
                           evaluation-sequences: 16, log-every: 3, updates: 400, checkpoint-every: 4}
                trials: {lstm: {model: lstm}, sab: {}}
                """);
        Path killed = folder.resolve("killed");
        Path whole = folder.resolve("whole");
        Process process = sab("sweep", file.toString(), "--dir", killed.toString(), "--parallel=2");
        awaitUpdate(process, killed.resolve("lstm.seed-1"), 20);
        process.destroyForcibly().waitFor();

        assertThat(Main.run("sweep", file.toString(), "--dir", killed.toString()))
                .isZero();
        assertThat(Main.run("sweep", file.toString(), "--dir", whole.toString()))
                .isZero();
        for (String trial : List.of("lstm.seed-1", "sab.seed-1")) {
            ResumeTest.assertSame(whole.resolve(trial), killed.resolve(trial));
        }
    }

    @Test
    void aStreamThatIsStoppedGoesOn() throws Exception {
        Path data = folder.resolve("logs.csv");
        Path run = folder.resolve("run");
        assertThat(Main.run("example", "machine-logs", "--out", data.toString(), "--machines=40"))
                .isZero();
        assertThat(Main.run(
                        "train",
                        "classify",
                        "--data=" + data,
                        "--sequence=machine",
                        "--order=minute",
                        "--target=outcome",
                        "--hidden=8",
                        "--batch=8",
                        "--updates=2",
                        "--run=" + run))
                .isZero();
        for (int minute = 1; minute <= 3; minute++) {
            Process process = new ProcessBuilder(command("predict", run.toString(), "--stream", "--state=log.state"))
                    .directory(folder.toFile())
                    .redirectError(folder.resolve("output.txt").toFile())
                    .start();
            String row = "{\"machine\": \"M7\", \"minute\": " + minute
                    + ", \"temperature\": 61, \"vibration\": 0.2, \"event\": null}\n";
            process.getOutputStream().write(row.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            assertThat(process.inputReader().readLine()).contains("\"step\":" + minute);
            if (minute == 1) {
                process.toHandle().destroy(); // Process.destroy would end its standard input, too
            } else {
                process.getOutputStream().close();
            }
            assertThat(process.waitFor()).isEqualTo(minute == 1 ? ExitCode.SIGNALLED + 15 : ExitCode.DONE);
            assertThat(output().contains("goes on with 1 sequence of log.state"))
                    .isEqualTo(minute > 1);
        }
        Files.writeString(folder.resolve("log.state"), "no state");
        Process process = sab("predict", run.toString(), "--stream", "--state=log.state");
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(output()).contains("log.state is not a safetensors file").doesNotContain("\tat ");
    }

    /** What a command prints first, of which no more is read; it fails. */
    private String firstLine(String... args) throws Exception {
        Process process = new ProcessBuilder(command(args))
                .directory(folder.toFile())
                .redirectError(folder.resolve("output.txt").toFile())
                .start();
        String line;
        try (var out = process.inputReader()) {
            line = out.readLine();
        }
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED);
        return line;
    }

    /** A script that has read enough leaves a run that goes on, not one that trains for nobody. */
    @Test
    void whatNobodyReadsStops() throws Exception {
        Path run = folder.resolve("run");
        assertThat(firstLine(train(run, "--updates=1000000000", "--json"))).contains("\"kind\":\"start\"");
        assertThat(output())
                .contains("nobody reads what --json prints any more: stopped at update ", "sab train --resume " + run);
        assertThat(Main.run("train", "--resume", run.toString(), "--updates", String.valueOf(update(run) + 1)))
                .isZero();
    }

    @Test
    void aSweepThatNobodyReadsStops() throws Exception {
        Path file = Files.writeString(folder.resolve("s.yaml"), """
                settings: {task: copy, length: 4, hidden: 8, batch: 6, evaluation-sequences: 16, log-every: 1,
                           updates: 1000000000}
                trials: {sab: {}}
                """);
        Path runs = folder.resolve("runs");
        assertThat(firstLine("sweep", file.toString(), "--dir", runs.toString(), "--json"))
                .startsWith("{");
        assertThat(output()).contains("nobody reads what --json prints any more: stopped; the same command goes on");
    }

    /** What a script would take for the whole output must not end as if it were. */
    @Test
    void outputThatIsLostIsAFailure() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no /dev/full to write to");
        Process process = new ProcessBuilder(command("data", "list"))
                .directory(folder.toFile())
                .redirectOutput(full.toFile())
                .redirectError(folder.resolve("output.txt").toFile())
                .start();
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(output()).contains("standard output could not be written: No space left on device");
    }
}
