package org.sab4j.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that cannot be used: missing, foreign, truncated, damaged, or without the tensor that was asked for. The
 * message is one sentence that begins with the file and can be shown to the user as it is.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_NAME = 60;

    /** What to do about a file of which a part is missing. */
    static final String WHOLE = "; copy it anew from where it is whole";

    /**
     * @param file the file, as the user named it
     * @param complaint the rest of the sentence, such as {@code "is truncated: 5 of 8 bytes are there"}
     */
    public FormatException(Path file, String complaint) {
        this(file, complaint, null);
    }

    FormatException(Path file, String complaint, @Nullable Throwable cause) {
        super(file + " " + complaint, cause);
    }

    /** A name or another text out of a file, in quotes and fit for one line of a terminal, whatever the file holds. */
    public static String quoted(String name) {
        StringBuilder text = new StringBuilder("\"");
        name.codePoints().limit(LONGEST_NAME).forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        boolean whole = name.codePointCount(0, name.length()) <= LONGEST_NAME;
        return text.append(whole ? "\"" : "…\"").toString();
    }
}
