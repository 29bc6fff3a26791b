package org.sab4j.run;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands to be typed, as a POSIX shell reads them. */
public final class Shell {

    /** What every shell takes as it stands. */
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}\\p{M}_@%+=:,./-]+");

    private Shell() {}

    /** The command {@code sab} with these arguments, of which those are quoted that have to be. */
    public static String sab(Object... arguments) {
        return Stream.concat(Stream.of("sab"), Arrays.stream(arguments).map(argument -> quoted(argument.toString())))
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
