package org.sab4j.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sab completion}. */
@Command(
        name = "completion",
        description = {
            "Prints a script that completes this command's words in bash and zsh.",
            "",
            "For this shell: source <(sab completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand() {}

    @Override
    public Integer call() {
        System.out.print(AutoComplete.bash("sab", spec.root().commandLine()));
        return ExitCode.DONE;
    }
}
