package org.sab4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.Reminder;
import org.sab4j.run.FolderLock;
import org.sab4j.run.Limits;
import org.sab4j.run.RunException;
import org.sab4j.run.TableModel;
import org.sab4j.run.TrainedModel;
import org.sab4j.table.PredictionFormat;
import org.sab4j.table.TablePrediction;
import org.sab4j.table.TableStream;
import org.sab4j.train.ThreadTeam;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab predict}. */
@Command(
        name = "predict",
        description = {
            "Predicts with a model that was trained on a table: for a file, or row by row as they come.",
            "",
            "A model of a class or number a sequence says it after the sequence's last row, and, with --stream, what it"
                    + " would say after each."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sab predict runs/classify --data new.csv --out predictions.parquet",
            "  tail -f log.jsonl | sab predict runs/classify --stream --state log.state"
        })
final class PredictCommand implements Callable<Integer> {

    private static final int SEQUENCES = 10_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The run's folder, or a model.safetensors.")
    private String run = "";

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "A table with the columns of the training, CSV or Parquet.")
    private @Nullable String data;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to: .csv, .parquet or .jsonl (JSON, an object a line).")
    private @Nullable String out;

    @Option(
            names = "--stream",
            description =
                    "Read rows from standard input, a line of JSON each ({\"machine\": \"M7\", \"load\": 3}), and answer each at"
                            + " once with a line of JSON. Sequences may come in turn, each in its order.")
    private boolean stream;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            description =
                    "With --stream, how many sequences to know at a time; for one more, that which had no row for the"
                            + " longest time is forgotten. Default: " + SEQUENCES + ".")
    private @Nullable String sequences;

    @Option(
            names = "--memories",
            paramLabel = "N",
            description =
                    "With --stream, how many memories of a sequence to keep, the latest. Default: as in training, all"
                            + " unless --keep and --memories said otherwise.")
    private @Nullable String memories;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "With --stream, go on with the sequences in that file, if it is there, and leave them in it when"
                            + " standard input ends or a signal (Ctrl-C, TERM) ends the command.")
    private @Nullable String state;

    @Option(
            names = "--reminders",
            paramLabel = "N",
            description =
                    "With --stream, say of each answer which past steps of the sequence the model was reminded of, at most N, the"
                            + " largest weight first; steps are counted from 1.")
    private @Nullable String reminders;

    @Option(names = "--threads", paramLabel = "N", description = "Without --stream, threads. Default: all cores.")
    private @Nullable String threads;

    PredictCommand() {}

    @Override
    public Integer call() throws RunException, IOException {
        boolean file = data != null && out != null;
        if (stream ? data != null || out != null : !file) {
            throw new ParameterException(
                    spec.commandLine(), "Give --data FILE and --out FILE, or --stream alone for rows as they come");
        }
        if (!stream && (sequences != null || memories != null || state != null || reminders != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--sequences, --memories, --state and --reminders are of use with --stream alone");
        }
        if (stream && threads != null) {
            throw new ParameterException(
                    spec.commandLine(), "--threads is of no use with --stream, which answers row by row: leave it out");
        }
        int most =
                sequences == null ? SEQUENCES : Arguments.number(spec, "--sequences", sequences, 1, Limits.SEQUENCES);
        int told = reminders == null ? 0 : Arguments.number(spec, "--reminders", reminders, 1, Reminder.MOST);
        int workers = threads == null
                ? Runtime.getRuntime().availableProcessors()
                : Arguments.number(spec, "--threads", threads, 1, Limits.THREADS);
        TableModel model = TableModel.of(TrainedModel.read(Arguments.path(spec, run), KernelProviders.kernels()));
        return data == null || out == null
                ? stream(model, most, told)
                : predict(model, Arguments.path(spec, data), Arguments.path(spec, out), workers);
    }

    private int stream(TableModel model, int most, int told) throws IOException, RunException {
        Path file = state == null ? null : Arguments.path(spec, state);
        if (file == null) {
            return stream(model, most, told, null);
        }
        try (FolderLock _ = FolderLock.beside(file)) {
            return stream(model, most, told, file);
        }
    }

    private int stream(TableModel model, int most, int told, @Nullable Path file) throws IOException {
        TableStream stream = model.stream(policy(model.model().config()), most, file);
        stream.remind(told);
        if (stream.known() > 0) {
            Main.say("goes on with " + TextProgress.count(stream.known())
                    + (stream.known() == 1 ? " sequence of " : " sequences of ") + file);
        }
        return new StreamSession(model, stream, file).run();
    }

    private WritePolicy policy(ModelConfig config) {
        return memories == null
                ? config.writePolicy()
                : new WritePolicy.Latest(
                        config.kAtt(), Arguments.number(spec, "--memories", memories, 1, Limits.MEMORIES));
    }

    private static int predict(TableModel model, Path table, Path file, int workers) throws RunException, IOException {
        Terminal terminal = new Terminal();
        TablePrediction.Result result;
        List<String> notes = new ArrayList<>();
        try (ThreadTeam team = new ThreadTeam(workers)) {
            result = new TablePrediction(model.model(), model.encoding(), team)
                    .write(table, file, PredictionFormat.of(file), notes::add, rows -> {
                        if (Terminal.isLive()) {
                            terminal.show(TextProgress.count(rows) + " rows");
                        }
                    });
        } finally {
            terminal.clear();
        }
        System.out.println(file + ": " + TextProgress.count(result.predictions()) + " predictions from "
                + TextProgress.count(result.rows()) + " rows of " + table
                + result.judgement().map(judgement -> said(model, judgement)).orElse(""));
        if (result.judgement().isPresent()) {
            model.options().own(table).ifPresent(notes::add);
        }
        notes.forEach(Main::say);
        return ExitCode.DONE;
    }

    private static String said(TableModel model, TablePrediction.Judgement judgement) {
        String judged = String.format(
                Locale.ROOT,
                "; %s %s for the %s that have the target '%s'",
                model.measure(),
                TextProgress.measure(model.measure(), judgement.measure()),
                TextProgress.count(judgement.judged()),
                model.encoding().target());
        String strangers = TextProgress.count(judgement.strangers())
                + (judgement.strangers() == 1 ? " has a target" : " have a target") + " that the model does not know";
        return (judgement.judged() == 0 ? "" : judged) + (judgement.strangers() == 0 ? "" : "; " + strangers);
    }
}
