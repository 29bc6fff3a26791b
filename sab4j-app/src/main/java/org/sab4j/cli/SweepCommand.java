package org.sab4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.sab4j.reproduce.Collector;
import org.sab4j.reproduce.Results;
import org.sab4j.reproduce.ResultsTable;
import org.sab4j.run.RunException;
import org.sab4j.sweep.Plan;
import org.sab4j.sweep.Sweep;
import org.sab4j.sweep.SweepFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab sweep}. */
@Command(
        name = "sweep",
        description = {
            "Trains with many settings and seeds, each in a run folder of its own.",
            "",
            "FILE.yaml names settings, trials or a grid, and seeds. Ctrl-C stops, and the same command goes on; what is over is not"
                    + " run again."
        },
        sortOptions = false,
        footerHeading = "%nA file:%n",
        footer = {
            "  settings: {task: copy, length: 20, updates: 2000}",
            "  trials:",
            "    lstm: {model: lstm}",
            "    sab: {k-top: [1, 5]}",
            "  seeds: [1, 2, 3]"
        })
final class SweepCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The YAML file.")
    private String file = "";

    @Mixin
    private SweepOptions options = new SweepOptions();

    SweepCommand() {}

    @Override
    public Integer call() throws RunException {
        Path path = options.path(file);
        Plan plan = SweepFile.read(path, options.quick());
        String name = String.valueOf(path.getFileName()).replaceFirst("[.]ya?ml$", "");
        // What --only leaves out must be right, too: the table has all rows.
        Sweep.planned(plan.withSeeds(List.of(plan.seeds().getFirst())), options.folder(name), options.threads());
        int code = new SweepSession(name, options).run(plan);
        if (!options.json()) {
            Results results =
                    Collector.collect(name, plan, options.folder(name), options.quick(), Arguments.typed(spec));
            System.out.println();
            System.out.print(new ResultsTable(results).text());
        }
        return code;
    }
}
