package org.sab4j.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sab4j.checkpoint.Reason;
import org.sab4j.kernels.UnusableKernelsException;
import org.sab4j.run.RunException;
import org.sab4j.run.Settings;
import org.sab4j.run.SettingsException;
import org.sab4j.run.Version;
import org.sab4j.train.UnmeasurableException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code sab}. */
@Command(
        name = "sab",
        description = "Trains recurrent networks that remember: Sparse Attentive Backtracking (Ke et al. 2018).",
        versionProvider = Main.VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TrainCommand.class,
            EvalCommand.class,
            SampleCommand.class,
            DataCommand.class,
            SweepCommand.class,
            ReproduceCommand.class,
            ExplainCommand.class,
            ReportCommand.class,
            ServeCommand.class,
            PredictCommand.class,
            ExampleCommand.class,
            DoctorCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        },
        footer = {"", "For a start: sab train copy"})
public final class Main implements Runnable {

    /** Set, an error that no user can mend shows where it arose. */
    private static final String TRACE = "sab4j.trace";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Main() {}

    /** What {@code --version} prints. */
    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sab4j " + Version.sab4j()};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? For a start: sab train copy");
    }

    /** Runs the command and ends the process. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true"); // pictures become files: a display may be named and gone
        StandardOutput output = new StandardOutput();
        PrintStream out = new PrintStream(output, true, charset());
        PrintStream err = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, charset());
        System.setOut(out);
        System.setErr(err);
        int code = run(args);
        out.flush();
        String lost = output.lost();
        if ((code == ExitCode.DONE || code == ExitCode.FAILED) && lost != null) {
            say(lost);
            code = ExitCode.FAILED;
        }
        System.exit(code);
    }

    /** Runs the command. Returns its exit code. */
    static int run(String... args) {
        try {
            return commandLine().execute(innerHelp(args));
        } catch (Throwable e) { // the last resort: a sentence in place of a stack trace
            return failed(e);
        }
    }

    /** {@code help data get} as {@code data get --help}: picocli's help knows the outer commands only. */
    private static String[] innerHelp(String[] args) {
        if (args.length < 3 || !args[0].equals("help")) {
            return args;
        }
        String[] inner = Arrays.copyOfRange(args, 1, args.length + 1);
        inner[inner.length - 1] = "--help";
        return inner;
    }

    /** The whole command. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(long.class, text -> number(text, Long::valueOf, "a whole number"));
        line.registerConverter(double.class, text -> number(text, Double::valueOf, "a number"));
        line.registerConverter(Integer.class, text -> number(text, Integer::valueOf, "a whole number"));
        line.setOverwrittenOptionsAllowed(true); // the last wins, as users of shells expect
        line.setExpandAtFiles(false); // a text or a folder may begin with @
        line.setUsageHelpAutoWidth(true);
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print the version.")
                        .build());
        addHelp(line);
        line.getSubcommands().values().forEach(command -> {
            addHelp(command);
            command.getSubcommands().values().forEach(Main::addHelp);
        });
        SettingOptions.addTo(
                Objects.requireNonNull(line.getSubcommands().get("train")).getCommandSpec());
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
        line.setParameterExceptionHandler((e, args) -> {
            say(complaint(e));
            System.err.println("Try 'sab help" + name(e.getCommandLine()) + "'.");
            return ExitCode.USAGE;
        });
        return line;
    }

    private static <T> T number(String text, Function<String, T> parser, String wanted) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not " + wanted);
        }
    }

    private static void addHelp(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.findOption("--help") == null) { // the command help has it
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Print this help.")
                    .build());
        }
    }

    private static String name(CommandLine command) {
        CommandLine parent = command.getParent();
        return parent == null ? "" : name(parent) + " " + command.getCommandName();
    }

    /** What is wrong with the command line: of what isn't known the first, since what follows it may be its value. */
    private static String complaint(ParameterException e) {
        List<String> unknown = e instanceof UnmatchedArgumentException unmatched ? unmatched.getUnmatched() : List.of();
        if (unknown.isEmpty()) {
            return String.valueOf(e.getMessage());
        }
        CommandLine command = e.getCommandLine();
        String first = Settings.shown(unknown.getFirst());
        if (first.startsWith("-")) {
            String name = first.replaceFirst("=.*", "");
            List<String> options = command.getCommandSpec().options().stream()
                    .flatMap(option -> option.negatable()
                            ? Stream.of(
                                    option.longestName(), option.longestName().replaceFirst("--", "--no-"))
                            : Stream.of(option.longestName()))
                    .toList();
            return "There is no option " + name + question(name, options);
        } else if (command.getSubcommands().isEmpty()) {
            return "What is '" + first + "' for? No more arguments are expected";
        }
        return "There is no command '" + first + "'"
                + question(first, command.getSubcommands().keySet());
    }

    private static String question(String wrong, Collection<String> names) {
        return Settings.nearest(wrong, names)
                .map(name -> ": did you mean " + name + "?")
                .orElse("");
    }

    private static int failed(Throwable e) {
        Throwable cause = cause(e);
        if (cause instanceof SettingsException settings) {
            settings.sentences().forEach(Main::say);
            return ExitCode.USAGE;
        }
        say(sentence(cause));
        return ExitCode.FAILED;
    }

    /** What lies behind it; where it arose is shown if that is asked for. */
    private static Throwable cause(Throwable e) {
        Throwable cause = e;
        while ((cause instanceof ExceptionInInitializerError || cause instanceof java.io.UncheckedIOException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (Boolean.getBoolean(TRACE)) {
            e.printStackTrace();
        }
        return cause;
    }

    /** What went wrong. */
    static String told(Throwable e) {
        return sentence(cause(e));
    }

    private static String sentence(Throwable cause) {
        return switch (cause) {
            case RunException known -> String.valueOf(known.getMessage());
            case UnmeasurableException known -> String.valueOf(known.getMessage());
            case UnusableKernelsException known -> String.valueOf(known.getMessage());
            case FileSystemException known when known.getFile() != null -> known.getFile() + ": " + Reason.of(known);
            case IOException known -> Reason.of(known);
            case OutOfMemoryError _ ->
                String.valueOf(RunException.memory("this takes", "ask for something smaller")
                        .getMessage());
            default ->
                "this is an error in sab itself, please report it: " + cause + " (SAB_JAVA_OPTS=-D" + TRACE
                        + "=true shows where it arose)";
        };
    }

    /** A sentence on standard error. */
    static void say(String sentence) {
        System.err.println("sab: " + sentence);
    }

    /** The terminal's; UTF-8 in a pipe, whatever the system's own is, unless somebody has set another. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding");
        boolean chosen = name != null && !name.equals(System.getProperty("native.encoding"));
        return name != null && (chosen || Terminal.isThere())
                ? Charset.forName(name, StandardCharsets.UTF_8)
                : StandardCharsets.UTF_8;
    }
}
