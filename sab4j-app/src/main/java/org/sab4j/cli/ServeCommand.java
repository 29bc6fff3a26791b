package org.sab4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.live.LiveServer;
import org.sab4j.run.RunException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab serve}. */
@Command(
        name = "serve",
        description = {
            "Serves the live view of a run, or of all runs in a folder, also while they train.",
            "",
            "On this machine alone unless --host says otherwise, which needs --token. Ctrl-C ends it."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  sab serve runs", "  sab serve runs/copy --port 8080"})
final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "A run's folder, or a folder of runs and sweeps. Default: ${DEFAULT-VALUE}.")
    private String folder = "runs";

    @Mixin
    private ViewOptions view = new ViewOptions();

    ServeCommand() {}

    @Override
    public Integer call() throws RunException, InterruptedException {
        Path path = Arguments.path(spec, folder);
        if (!Files.isDirectory(path)) {
            throw new RunException(path + (Files.exists(path) ? " is no folder" : " does not exist")
                    + ": name a run's folder, or a folder of runs");
        }
        try (LiveServer server = view.start(path, KernelProviders.kernels())) {
            System.out.println(view.address(server));
            new CountDownLatch(1).await(); // until Ctrl-C
        }
        return ExitCode.DONE;
    }
}
