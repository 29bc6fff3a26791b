package org.sab4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
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

    /** What arguments are called that name files or folders. */
    private static final Set<String> PLACES = Set.of("DIR", "FILE", "PATH", "RUN");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand() {}

    @Override
    public Integer call() {
        System.out.print(AutoComplete.bash("sab", new CommandLine(plain(spec.root()))));
        return ExitCode.DONE;
    }

    /**
     * The same command as the script's maker wants it, to which arguments of ours are texts: those that name files are files, values
     * are written as in the help, options that can be negated have two names, and none shares the values of another of its label.
     */
    private static CommandSpec plain(CommandSpec command) {
        CommandSpec plain = CommandSpec.create();
        for (OptionSpec option : command.options()) {
            plain.addOption(OptionSpec.builder(option.names())
                    .arity(option.arity())
                    .type(option.arity().max() == 0 ? boolean.class : type(option))
                    .paramLabel(word(option.longestName()))
                    .completionCandidates(values(option))
                    .build());
            if (option.negatable()) {
                plain.addOption(OptionSpec.builder("--no-" + word(option.longestName()))
                        .arity("0")
                        .type(boolean.class)
                        .build());
            }
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            plain.addPositional(PositionalParamSpec.builder()
                    .index(parameter.index())
                    .arity(parameter.arity())
                    .type(type(parameter))
                    .paramLabel(parameter.paramLabel())
                    .completionCandidates(values(parameter))
                    .build());
        }
        command.subcommands()
                .forEach((name, other) -> plain.addSubcommand(name, new CommandLine(plain(other.getCommandSpec()))));
        return plain;
    }

    private static String word(String name) {
        return name.replaceFirst("^-+", "");
    }

    private static Class<?> type(ArgSpec argument) {
        return PLACES.contains(argument.paramLabel()) ? Path.class : String.class;
    }

    /** The values that are known; null if any will do. */
    private static @Nullable List<String> values(ArgSpec argument) {
        return argument.completionCandidates() == null
                ? null
                : StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .toList();
    }
}
