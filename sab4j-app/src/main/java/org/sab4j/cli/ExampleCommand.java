package org.sab4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.sab4j.checkpoint.Reason;
import org.sab4j.run.RunException;
import org.sab4j.run.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab example}. */
@Command(
        name = "example",
        description = {
            "Writes a table to try things out with.",
            "",
            "machine-logs: a row a minute of each machine. A power surge in the first 25 minutes is why it has a fault in"
                    + " the end, 100 minutes and more later; a power dip does no harm."
        },
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  sab example machine-logs",
            "  sab train classify --data machine-logs.csv --sequence machine --order minute --target outcome"
        })
final class ExampleCommand implements Callable<Integer> {

    private static final String MACHINE_LOGS = "machine-logs";
    private static final int LEAST_MINUTES = 50;
    private static final int MOST = 1_000_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Those that there are. */
    private static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(List.of(MACHINE_LOGS));
        }
    }

    @Parameters(paramLabel = "NAME", description = "Which table: machine-logs.", completionCandidates = Names.class)
    private String name = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Where to, a CSV file. Default: ${DEFAULT-VALUE}.")
    private String out = "machine-logs.csv";

    @Option(names = "--machines", paramLabel = "N", description = "How many machines. Default: ${DEFAULT-VALUE}.")
    private String machines = "3000";

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long the logs are: from this to a quarter more. Default: ${DEFAULT-VALUE}.")
    private String minutes = "150";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where all random numbers come from. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    ExampleCommand() {}

    @Override
    public Integer call() throws RunException {
        if (!name.equals(MACHINE_LOGS)) {
            throw new ParameterException(
                    spec.commandLine(), "There is no example '" + name + "': there is " + MACHINE_LOGS);
        }
        int count = Arguments.number(spec, "--machines", machines, 1, MOST);
        int length = Arguments.number(spec, "--minutes", minutes, LEAST_MINUTES, MOST);
        Path file = Arguments.path(spec, out);
        if (Files.exists(file) && !Files.isDirectory(file)) {
            throw new RunException(file + " is there already: give another name (--out), or delete it first");
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new RunException(file + " cannot be written: the folder " + parent
                    + " does not exist, make it or give another --out");
        }
        try {
            new MachineLogs(count, length, seed).write(file);
        } catch (IOException e) {
            throw new RunException(Reason.of(e));
        }
        System.out.println(file + ": logs of " + TextProgress.count(count) + " machines. Next:");
        System.out.println("  "
                + Shell.sab(
                        "train",
                        "classify",
                        "--data",
                        file,
                        "--sequence",
                        "machine",
                        "--order",
                        "minute",
                        "--target",
                        "outcome"));
        return ExitCode.DONE;
    }
}
