package org.sab4j.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.data.text.Alphabet;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.report.Explainer;
import org.sab4j.report.Explanation;
import org.sab4j.report.GivenSequence;
import org.sab4j.report.Look;
import org.sab4j.report.Sequences;
import org.sab4j.report.TrainedRun;
import org.sab4j.run.CharsOptions;
import org.sab4j.run.OpenTask;
import org.sab4j.run.RunException;
import org.sab4j.run.TableModel;
import org.sab4j.run.TableTaskOptions;
import org.sab4j.run.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab explain}. */
@Command(
        name = "explain",
        description = {
            "Shows which past steps a run's best model was reminded of, and where the credit of an output went.",
            "",
            "Sequences are unseen ones, as sab eval has them, one of yours, or those of a table by their names. Steps count"
                    + " from 1."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sab explain runs/copy",
            "  sab explain runs/copy --sequence 1,2,7 --output 120",
            "  sab explain runs/classify --data machine-logs.csv --sequence M00002",
            "  sab explain runs/copy --json > reminders.jsonl"
        })
final class ExplainCommand implements Callable<Integer> {

    private static final long MOST_BYTES = 1 << 24;
    private static final String YOURS = "your sequence";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The run's folder, or a model.safetensors.")
    private String run = "";

    @Option(
            names = "--sequence",
            paramLabel = "N",
            description =
                    "Which of the unseen sequences, from 1, with commas between; with --data, the name of one of the table's, of which the last --window is shown, and the option once more for each further one. Default: the first.")
    private @Nullable List<String> sequences;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "For a model of a table: a table with the columns of the training, whose sequences to explain.")
    private @Nullable String data;

    @Option(
            names = "--input",
            paramLabel = "TEXT",
            description = "A sequence of your own: symbols, or vectors with a line for each.")
    private @Nullable String input;

    @Option(names = "--input-file", paramLabel = "FILE", description = "The same from a file.")
    private @Nullable String inputFile;

    @Option(
            names = "--output",
            split = ",",
            paramLabel = "STEP",
            description =
                    "Whose credit to follow. Default: up to 16 of the steps that are scored, of which the last is shown, and with --json all.")
    private @Nullable List<String> outputs;

    @Option(names = "--json", description = "Print one JSON object a line on standard output, and nothing else there.")
    private boolean json;

    ExplainCommand() {}

    @Override
    public Integer call() throws RunException, IOException {
        boolean own = input != null || inputFile != null;
        if (input != null && inputFile != null) {
            throw new ParameterException(spec.commandLine(), "--input and --input-file: give one of them");
        } else if (own && (sequences != null || data != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--sequence or --data, and a sequence of your own: give one of them");
        }
        Path path = Arguments.path(spec, run);
        Explanation explanation = explanation(path, own);
        if (json) {
            ExplanationLines.of(explanation).forEach(JsonProgress::print);
        } else {
            System.out.print(ExplanationPicture.of(explanation, Terminal.width(), outputs != null));
        }
        return ExitCode.DONE;
    }

    private Explanation explanation(Path path, boolean own) throws RunException, IOException {
        TrainedModel trained = TrainedModel.read(path, KernelProviders.kernels());
        if (data != null) {
            return ofTable(trained, Arguments.path(spec, data));
        } else if (own && trained.options() instanceof TableTaskOptions) {
            throw new ParameterException(
                    spec.commandLine(),
                    (input != null ? "--input" : "--input-file")
                            + " takes no row of a table: put the sequence into a file with the table's columns, and give it as --data");
        } else if (own && trained.options() instanceof CharsOptions chars) {
            return ofText(trained, chars);
        }
        try (OpenTask opened = trained.open(null)) {
            return explanation(new TrainedRun(trained, opened), own);
        }
    }

    /** What it takes is in the model: the text of the training may be gone. */
    private Explanation ofText(TrainedModel trained, CharsOptions chars) throws RunException, IOException {
        Alphabet alphabet = trained.alphabet(chars);
        String read = input != null ? chars.typed(input) : chars.read(given());
        Batch text = GivenSequence.ofCharacters(read, alphabet, origin());
        Explainer explainer = new Explainer(trained.model());
        return explainer.together(trained.update(), Look.of(alphabet), List.of(explain(explainer, YOURS, text, 0)));
    }

    private Explanation explanation(TrainedRun trained, boolean own) throws RunException {
        Explainer explainer = trained.explainer();
        int from = trained.task().reportFrom();
        List<Explanation.Sequence> explained = new ArrayList<>();
        if (own) {
            explained.add(explain(
                    explainer, YOURS, GivenSequence.parse(given(), trained.task(), trained.look(), origin()), from));
        } else {
            Sequences unseen = trained.sequences();
            List<String> numbers = sequences == null ? List.of("1") : sequences;
            for (String number : String.join(",", numbers).split(",", -1)) {
                int n = Arguments.number(spec, "--sequence", number, 1, Math.min(Sequences.MOST, unseen.count()));
                explained.add(explain(explainer, "sequence " + n, unseen.at(n - 1), from));
            }
        }
        return explainer.together(trained.trained().update(), trained.look(), explained);
    }

    private Explanation ofTable(TrainedModel trained, Path table) throws RunException, IOException {
        TableModel model = TableModel.of(trained);
        Explainer explainer = new Explainer(model.model());
        List<Explanation.Sequence> explained = new ArrayList<>();
        if (model.encoding().window() > 0) {
            Main.say("the model was trained with --window " + model.encoding().window()
                    + ": of a longer sequence this is what it sees at its end, and steps are counted from there");
        }
        for (var entry : sequences(model, table).entrySet()) {
            String name = entry.getKey().isEmpty() ? table.toString() : entry.getKey();
            explained.add(explain(explainer, name, entry.getValue(), 0));
        }
        return explainer.together(trained.update(), Look.of(model.encoding()), explained);
    }

    private Map<String, Batch> sequences(TableModel model, Path table) throws RunException, IOException {
        try {
            return model.sequences(table, sequences == null ? List.of() : sequences);
        } catch (OutOfMemoryError e) {
            throw RunException.memory("a sequence of " + table + " takes", "");
        }
    }

    private Explanation.Sequence explain(Explainer explainer, String name, Batch batch, int from) throws RunException {
        try {
            return explainer.explain(name, batch, from, chosen(batch.steps()));
        } catch (OutOfMemoryError | ArithmeticException | NegativeArraySizeException e) {
            throw RunException.memory(
                    "explaining " + batch.steps() + " steps takes", "follow fewer outputs with --output");
        }
    }

    private int @Nullable [] chosen(int steps) {
        return outputs == null
                ? null
                : outputs.stream()
                        .mapToInt(step -> Arguments.number(spec, "--output", step, 1, steps) - 1)
                        .toArray();
    }

    /** Where the sequence of {@link #given} is from. */
    private String origin() {
        return input != null ? "--input" : String.valueOf(inputFile);
    }

    private String given() throws RunException {
        if (input != null) {
            return input;
        }
        Path file = Arguments.path(spec, origin());
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new RunException(file + " is too large for one sequence: " + Files.size(file) + " bytes");
            }
            String text = Files.readString(file);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new RunException(file + " is not UTF-8: convert it, for instance with iconv -f LATIN1 -t UTF-8");
        } catch (IOException e) {
            throw RunException.unreadable(file, e);
        }
    }
}
