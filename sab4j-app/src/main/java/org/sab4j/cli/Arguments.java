package org.sab4j.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.sab4j.run.Shell;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a user wrote, as what it means, or a complaint that says what was wanted. */
final class Arguments {

    private Arguments() {}

    /** A file or folder. */
    static Path path(CommandSpec spec, String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // The same complaint.
        }
        throw new ParameterException(spec.commandLine(), "Not the name of a file or folder: '" + text + "'");
    }

    /** The command that was typed. */
    static String typed(CommandSpec spec) {
        return Shell.sab(
                spec.root().commandLine().getParseResult().originalArgs().toArray());
    }

    /** A whole number from {@code least} to {@code most}, at most a billion. */
    static int number(CommandSpec spec, String option, String text, int least, int most) {
        if (text.matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new ParameterException(
                spec.commandLine(),
                option + " must be a whole number from " + TextProgress.count(least) + " to " + TextProgress.count(most)
                        + ": '" + text + "'");
    }
}
