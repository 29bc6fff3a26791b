package org.sab4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.reproduce.Collector;
import org.sab4j.reproduce.Results;
import org.sab4j.reproduce.ResultsPage;
import org.sab4j.reproduce.ResultsTable;
import org.sab4j.reproduce.Study;
import org.sab4j.run.RunException;
import org.sab4j.run.TextFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab reproduce}. */
@Command(
        name = "reproduce",
        description = {
            "Reproduces tables of the paper: trains all models of each, and sets its figures beside the paper's.",
            "",
            "Ctrl-C stops, and the same command goes on; what is over is not run again."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sab reproduce table2-t100 --quick",
            "  sab reproduce table2-t100 --results results",
            "  sab reproduce table2-t100 --only sab-5-5 --seeds 1,2,3,4,5",
            "  sab reproduce table2-t100 --show",
            "  sab reproduce --results results --page docs/results.md"
        })
final class ReproduceCommand implements Callable<Integer> {

    /** Options that say what is printed. */
    private static final Set<String> PRINTED = Set.of("--json", "--markdown", "--settings", "--file");

    /** What a page is made from, without a study. */
    private static final Set<String> PAGE = Set.of("--results", "--page");

    private static final Set<String> OF_FOLDERS = Set.of("--quick", "--dir");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "Which: ${COMPLETION-CANDIDATES}.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private SweepOptions options = new SweepOptions();

    @Option(names = "--show", description = "Show the table as far as it is there, and train nothing.")
    private boolean show;

    @Option(names = "--markdown", description = "Print the table in Markdown.")
    private boolean markdown;

    @Option(names = "--settings", description = "Print all settings, and which are the paper's and which ours.")
    private boolean settings;

    @Option(names = "--file", description = "Print the sweep file; sab sweep takes a changed copy, but of transfer.")
    private boolean file;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description =
                    "Write NAME.json and NAME.md there. Trials that NAME.json has of other seeds and the same settings, from another"
                            + " folder or machine, stay.")
    private @Nullable String results;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "Write a page of all results in the folder of --results, in Markdown.")
    private @Nullable String page;

    ReproduceCommand() {}

    /** The studies, for completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(Study.NAMES);
        }
    }

    @Override
    public Integer call() throws RunException {
        check();
        int code = ExitCode.DONE;
        for (String name : names) {
            code = Math.max(code, one(name));
            if (code > ExitCode.SIGNALLED) {
                break;
            }
        }
        if (page != null && results != null) {
            TextFile.replace(options.path(page), ResultsPage.of(options.path(results)));
        }
        return code;
    }

    private void check() {
        for (String name : names) {
            if (!Study.NAMES.contains(name)) {
                throw complaint("There is no study '" + name + "': there are " + String.join(", ", Study.NAMES));
            }
        }
        List<String> given = spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .toList();
        List<String> printed = given.stream().filter(PRINTED::contains).toList();
        List<String> idle = given.stream()
                .filter(key -> names.isEmpty() ? !PAGE.contains(key) : file && OF_FOLDERS.contains(key))
                .toList();
        if (names.isEmpty() && page == null) {
            throw complaint("Which study? There are " + String.join(", ", Study.NAMES));
        } else if (page != null && results == null) {
            throw complaint("--page takes the results from the folder of --results DIR");
        } else if (!idle.isEmpty()) {
            throw complaint(
                    names.isEmpty()
                            ? String.join(", ", idle) + " without the name of a study: name one of "
                                    + String.join(", ", Study.NAMES) + ", or leave that out"
                            : "--file prints the whole file, for which " + String.join(", ", idle)
                                    + " means nothing: leave that out");
        } else if (printed.size() > 1) {
            throw complaint(
                    "Each of " + String.join(", ", printed) + " prints something of its own: leave all but one out");
        } else if (results != null && (settings || file)) {
            throw complaint("--results does not go with --settings or --file: leave one of them out");
        } else if ((show || settings || file) && !options.ofTraining().isEmpty()) {
            throw complaint("--show, --settings and --file train nothing: leave out "
                    + String.join(", ", options.ofTraining()));
        } else if (names.size() > 1 && options.hasFolder()) {
            throw complaint("--dir takes one study");
        }
    }

    private ParameterException complaint(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private int one(String name) throws RunException {
        if (file) {
            System.out.print(Study.text(name));
            return ExitCode.DONE;
        }
        Study study = Study.read(name, options.quick());
        Path folder = options.folder(study.folder());
        if (results != null) {
            // Says before training, not after it, if the results can't be joined.
            Results.earlier(options.path(results), name, options.quick());
        }
        int code = show || settings ? ExitCode.DONE : new SweepSession(study.folder(), options).run(study.plan());
        Results found = Collector.collect(study, folder, options.quick(), Arguments.typed(spec));
        if (results != null) {
            found = found.withThoseIn(options.path(results));
            found.write(options.path(results));
        }
        if (settings) {
            System.out.print(new ResultsTable(found).settings());
        } else if (options.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("kind", "results");
            line.put("results", found);
            JsonProgress.print(line);
        } else {
            System.out.println();
            System.out.print(markdown ? ResultsPage.section(found, 2) : new ResultsTable(found).text());
        }
        return code;
    }
}
