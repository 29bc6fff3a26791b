package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.run.ResumeTest;
import org.sab4j.run.Small;

/** Real processes, killed, stopped, and left without room or readers. */
class KilledTest extends ChildTest {

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

    private static void signal(Process process, String signal) throws Exception {
        shell("kill -" + signal + " " + process.pid());
    }

    /** What a shell can do without other programs, such as kill, which not each system has. */
    private static void shell(String script) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", script).start().waitFor();
    }

    /** {@code sab} that heeds a signal, where the system can do that also if whoever started the tests has it ignored. */
    private static List<String> heeding(String signal, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        String option = "--default-signal=" + signal;
        if (new ProcessBuilder("env", option, "true").start().waitFor() == 0) {
            command.addAll(List.of("env", option));
        }
        command.addAll(command(args));
        return command;
    }

    /** Whether whoever started the process has it ignore a signal, as nohup does: Java then leaves it so. */
    private static boolean ignores(Process process, int signal) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(line.length() - 16), 16) >> (signal - 1) & 1)
                                        == 1);
    }

    @Test
    void killedAtAnyMomentItGoesOnToTheSameBits() throws Exception {
        Path killed = folder.resolve("killed");
        Path whole = folder.resolve("whole");
        Process process = start(exact(train(killed, "--updates=1000000000", "--checkpoint-every=4")));
        awaitUpdate(process, killed, 23);
        assertThat(Main.run("train", "--resume", killed.toString())).isEqualTo(ExitCode.FAILED); // in use
        process.destroyForcibly().waitFor();

        String updates = String.valueOf((update(killed) / 10 + 2) * 10);
        assertThat(Main.run("train", "--resume", killed.toString(), "--updates", updates))
                .isZero();
        assertThat(Main.run(train(whole, "--updates", updates))).isZero();
        ResumeTest.assertSame(whole, killed);
    }

    /** Ctrl-C, a polite kill, and a terminal that is closed. */
    @ParameterizedTest
    @CsvSource({"INT, 2", "TERM, 15", "HUP, 1"})
    void politelyStoppedItSaysHowToGoOn(String signal, int number) throws Exception {
        Path run = folder.resolve("run");
        Process process = start(heeding(signal, train(run, "--updates=1000000000")));
        awaitUpdate(process, run, 10);
        assumeFalse(ignores(process, number), () -> "whoever started the tests has SIG" + signal + " ignored");
        String kill = "kill -" + signal + " " + process.pid();
        shell(kill + "; " + kill); // as timeout does, to the process and to its group
        end(ExitCode.SIGNALLED + number, process);
        assertThat(output()).contains("Stopped at update ", "Go on     sab train --resume " + run);
        assertThat(Small.metrics(run).getLast()).contains("\"kind\":\"end\"", "stopped");
        assertThat(Main.run("train", "--resume", run.toString(), "--updates", String.valueOf(update(run) + 1)))
                .isZero();
    }

    /** Somebody who is not heard, since nobody reads what it writes, and who asks again later. */
    @Test
    void theSecondSignalLeavesAtOnce() throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), "abcd".repeat(100));
        Path run = folder.resolve("run");
        // Quick enough to fill a pipe soon: with memories each further character would have to score them all.
        Small.trainOn("chars", run, "--text=" + text, "--length=8", "--updates=1", "--model=lstm", "--hidden=4");
        Process process = start(prepared(command("sample", run.toString(), "--characters=1000000000000")));
        InputStream unread = process.getInputStream();
        int before = 0;
        for (int same = 0; same < 3; same++) { // until it waits for a reader
            Thread.sleep(500);
            assertThat(process.isAlive()).as(this::output).isTrue();
            if (unread.available() == 0 || unread.available() > before) {
                before = unread.available();
                same = -1;
            }
        }
        int signals = 0;
        do { // one that comes within a second of the first is taken for its echo
            signal(process, "TERM");
            signals++;
        } while (!process.waitFor(2, TimeUnit.SECONDS));
        assertThat(signals).as(this::output).isGreaterThan(1);
        assertThat(process.exitValue()).as(this::output).isEqualTo(ExitCode.SIGNALLED + 15);
    }

    /** It would last for days. */
    @Test
    void anEvaluationIsStoppedAndBegunAgain() throws Exception {
        Path run = folder.resolve("run");
        Process process =
                sab(train(run, "--updates=1000000000", "--evaluation-sequences=2000000000", "--checkpoint-every=1"));
        awaitUpdate(process, run, 9);
        Thread.sleep(100); // into the evaluation: a machine that is slow may not be there yet
        signal(process, "TERM");
        assertThat(end(ExitCode.SIGNALLED + 15, process)).containsPattern("Stopped at update (9|10)\\b");
        assertThat(Small.metrics(run)).noneMatch(line -> line.contains("\"eval\""));

        process = sab("train", "--resume", run.toString());
        while (!output().contains(", from update ")) {
            assertThat(process.isAlive()).as(this::output).isTrue();
            Thread.sleep(5);
        }
        Thread.sleep(100);
        signal(process, "TERM");
        assertThat(end(ExitCode.SIGNALLED + 15, process)).containsPattern("Stopped at update (9|10)\\b");
    }

    @ParameterizedTest
    @CsvSource({"KILL, 9", "TERM, 15"})
    void aSweepThatIsEndedGoesOnToTheSameBits(String signal, int number) throws Exception {
        Path file = Files.writeString(folder.resolve("s.yaml"), """
                settings: {task: copy, length: 4, hidden: 8, batch: 6, shard-rows: 4, evaluate-every: 10,
                           evaluation-sequences: 16, log-every: 3, updates: 1500, checkpoint-every: 20}
                trials: {lstm: {model: lstm}, sab: {}}
                """);
        Path ended = folder.resolve("ended");
        Path whole = folder.resolve("whole");
        Process process = start(exact("sweep", file.toString(), "--dir", ended.toString(), "--parallel=2"));
        awaitUpdate(process, ended.resolve("lstm.seed-1"), 20);
        signal(process, signal);
        end(ExitCode.SIGNALLED + number, process); // so it was not over
        if (signal.equals("TERM")) {
            assertThat(output()).containsPattern("trials? (is|are) left; the same command goes on");
        }

        assertThat(Main.run("sweep", file.toString(), "--dir", ended.toString()))
                .isZero();
        assertThat(Main.run("sweep", file.toString(), "--dir", whole.toString()))
                .isZero();
        for (String trial : List.of("lstm.seed-1", "sab.seed-1")) {
            ResumeTest.assertSame(whole.resolve(trial), ended.resolve(trial));
        }
    }

    /** As on a disk that is full, a file can't grow. */
    @Test
    void withoutRoomItStopsAndGoesOnOnceThereIsSome() throws Exception {
        Path shell = Path.of("/bin/sh");
        assumeTrue(Files.isExecutable(shell), "there is no shell that limits files");
        Path full = folder.resolve("full");
        Path whole = folder.resolve("whole");
        List<String> limited = new ArrayList<>(List.of(shell.toString(), "-c", "ulimit -f 80; exec \"$@\"", "sh"));
        limited.addAll(exact(train(full, "--updates=1000000000", "--log-every=1", "--evaluate-every=50")));
        assertThat(end(ExitCode.FAILED, start(limited)))
                .containsPattern("(?m)^sab: .* cannot be written: .*; sab train --resume " + full
                        + " goes on from the last checkpoint once that is fixed$")
                .doesNotContain("\tat ");

        assertThat(update(full)).isPositive();
        String updates = String.valueOf((update(full) / 10 + 2) * 10);
        assertThat(Main.run("train", "--resume", full.toString(), "--updates", updates))
                .isZero();
        assertThat(Main.run(train(whole, "--updates", updates, "--log-every=1", "--evaluate-every=50")))
                .isZero();
        ResumeTest.assertSame(whole, full);
    }

    /** In a mount of its own, which not every system lets one make, and which is gone with the process. */
    @Test
    void whereATableHasNoRoomThePredictionsStayAsTheyWere() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        String mount = "mount -t tmpfs -o size=64k none '" + disk + "'";
        assumeTrue(makes(List.of("unshare", "-rm", "sh", "-c", mount)), "no small disk can be mounted here");
        Path data = folder.resolve("logs.csv");
        Path run = trainedOnLogs(data);
        String script = mount + " && cd '" + disk + "' && echo before > p.csv && { \"$@\"; code=$?; ls -A; cat p.csv;"
                + " exit $code; }";
        List<String> limited = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script, "sh"));
        limited.addAll(command("predict", run.toString(), "--data=" + data, "--out=p.csv"));
        assertThat(end(ExitCode.FAILED, start(limited)))
                .doesNotContain("\tat ")
                .endsWith(
                        "sab: " + data + " has no room where it is put for a while, the disk is full: make room there,"
                                + " or for training give --scratch a folder on another disk, for predictions --out\n"
                                + "p.csv\nbefore\n");
    }

    private static boolean makes(List<String> command) throws Exception {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) { // there is no such program
            return false;
        }
    }

    /** A model of machines' logs, which are written to that file. */
    private Path trainedOnLogs(Path data) {
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
        return run;
    }

    @Test
    void aStreamThatIsStoppedGoesOn() throws Exception {
        Path run = trainedOnLogs(folder.resolve("logs.csv"));
        for (int minute = 1; minute <= 3; minute++) {
            List<String> stream = command("predict", run.toString(), "--stream", "--state=log.state");
            Process process = start(prepared(stream));
            String row = "{\"machine\": \"M7\", \"minute\": " + minute
                    + ", \"temperature\": 61, \"vibration\": 0.2, \"event\": null}\n";
            process.getOutputStream().write(row.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            assertThat(process.inputReader().readLine()).contains("\"step\":" + minute);
            if (minute == 1) {
                Process second = start(prepared(stream).redirectErrorStream(true));
                second.getOutputStream().close();
                assertThat(second.inputReader().readAllAsString())
                        .contains("sab: log.state is in use by another sab (process " + process.pid()
                                + "): wait for its end, or take another\n");
                assertThat(second.waitFor()).isEqualTo(ExitCode.FAILED);
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
        Process process = start(prepared(command(args)));
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

    /** Of models that another study trains, too, in its folder, and of what is measured there so far. */
    @Test
    void aStudyWhoseTimeIsOverShowsWhatIsThere() throws Exception {
        List<String> study =
                List.of("reproduce", "transfer", "--quick", "--only=lstm-bptt", "--seeds=9", "--hours=1e-9");
        Path models = folder.resolve("runs/table2-t100-quick");
        assertThat(Main.run(Stream.concat(study.stream(), Stream.of("--dir=" + models))
                        .toArray(String[]::new)))
                .isZero();
        Files.writeString(models.resolve("lstm-bptt.seed-9/trial.json"), """
                {"ended": "updates", "updates": 1000, "bestUpdate": 0, "skipped": 0, "minutes": 1, "madeBy": {},
                 "tests": [{"length": 50, "sequences": 256, "update": 0, "loss": 1, "measures": {"accuracy": 0.625},
                            "seconds": 1}]}
                """);
        Process process =
                sab(Stream.concat(study.stream(), Stream.of("--markdown")).toArray(String[]::new));
        assertThat(end(ExitCode.DONE, process))
                .contains("1 trial in runs/table2-t100-quick", "1 trial is left; the same command goes on with it")
                .contains("## Transfer of copying", "|  | measured, 1 seed | – | – | – | 62.50 | – | – |\n");
    }

    /** What a script would take for the whole output must not end as if it were. */
    @Test
    void outputThatIsLostIsAFailure() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no /dev/full to write to");
        Process process = start(prepared(command("data", "list")).redirectOutput(full.toFile()));
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(output()).contains("standard output could not be written: No space left on device");
    }
}
