package org.sab4j.table;

import java.io.IOException;
import java.nio.file.Path;

/** A table that can't be used. The message is one sentence for the user that names the file, the line and the remedy. */
public final class TableException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 60;

    /** The sentence. */
    public TableException(String sentence) {
        super(sentence);
    }

    /**
     * @param file the table, as the user named it
     * @param complaint the rest of the sentence
     */
    TableException(Path file, String complaint) {
        super(file + " " + complaint);
    }

    /** A text out of a file, in quotes and fit for one line of a terminal, whatever the file holds. */
    static String quoted(String text) {
        StringBuilder line = new StringBuilder("'");
        text.codePoints().limit(LONGEST).forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        boolean whole = text.codePointCount(0, text.length()) <= LONGEST;
        return line.append(whole ? "'" : "…'").toString();
    }
}
