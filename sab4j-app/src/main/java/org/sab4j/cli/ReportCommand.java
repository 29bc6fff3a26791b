package org.sab4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.figure.Figures;
import org.sab4j.report.Report;
import org.sab4j.report.RunView;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.run.RunRecord;
import org.sab4j.tensorboard.TensorBoard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab report}. */
@Command(
        name = "report",
        description = {
            "Writes report.html of a run, or of several laid over one another: one file, which needs no network.",
            "",
            "A run that ends writes its own. Runs that differ in their seed alone are put together, with mean and spread."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  sab report runs/copy", "  sab report runs/seed-1 runs/seed-2 --out seeds.html", "  sab report runs"
        })
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "A run's folder, or a folder of runs and sweeps.")
    private List<String> runs = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The report. Default: report.html in the run's folder; of several runs, here.")
    private @Nullable String out;

    @Option(
            names = "--figures",
            paramLabel = "DIR",
            description = "Write the charts as SVG and PNG files, too, for papers; the attention is the first run's.")
    private @Nullable String figures;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Write TensorBoard event files, too: a folder for each run in DIR.")
    private @Nullable String tensorBoard;

    ReportCommand() {}

    @Override
    public Integer call() throws RunException, IOException {
        List<RunView> views = new ArrayList<>();
        int code = ExitCode.DONE;
        for (Map.Entry<Path, String> run : named().entrySet()) {
            RunView view;
            try {
                view = RunView.read(run.getValue(), run.getKey());
            } catch (RunException e) {
                if (runs.stream().anyMatch(text -> Arguments.path(spec, text).equals(run.getKey()))) {
                    throw e;
                }
                // The others in its folder are not to blame.
                Main.say(e.getMessage() + "; " + run.getKey() + " is left out");
                code = ExitCode.FAILED;
                continue;
            }
            if (view.unreadable() > 0) {
                Main.say(TextProgress.count(view.unreadable()) + " lines of the files of " + run.getKey()
                        + " could not be read and are left out");
            }
            views.add(Reports.explained(view, null));
        }
        if (views.isEmpty()) {
            return code;
        }
        Path file = out != null
                ? Arguments.path(spec, out)
                : views.size() == 1 ? views.getFirst().run().folder().report() : Path.of(RunFolder.REPORT);
        Report.write(file, views);
        System.out.println(file);
        if (figures != null) {
            Path folder = Arguments.path(spec, figures);
            for (String name : Figures.write(folder, views)) {
                System.out.println(folder.resolve(name + ".svg"));
                System.out.println(folder.resolve(name + ".png"));
            }
        }
        if (tensorBoard != null) {
            Path folder = Arguments.path(spec, tensorBoard);
            for (RunView view : views) {
                System.out.println(TensorBoard.write(folder.resolve(view.name()), view));
            }
        }
        return code;
    }

    /** The runs that were named, and those in folders of runs that were, each once and with a name of its own. */
    private SequencedMap<Path, String> named() throws RunException {
        SequencedMap<Path, String> named = new LinkedHashMap<>();
        Set<Path> places = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (String text : runs) {
            Path path = Arguments.path(spec, text);
            SequencedMap<String, Path> inside = Files.isDirectory(path) ? RunRecord.runs(path) : new LinkedHashMap<>();
            if (inside.isEmpty()) {
                named.put(path, text); // is complained of when it is read
            }
            inside.forEach((name, run) -> {
                if (places.add(RunRecord.real(run))) {
                    String own = name;
                    for (int i = 2; !names.add(own); i++) { // another folder has a run of that name
                        own = name + "-" + i;
                    }
                    named.put(run, own);
                }
            });
        }
        return named;
    }
}
