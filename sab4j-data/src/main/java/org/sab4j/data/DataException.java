package org.sab4j.data;

import java.io.IOException;
import java.nio.file.Path;
import org.sab4j.checkpoint.Reason;

/** Data that can't be used. The message is one sentence for the user: which file, where in it, what is wrong, what to do. */
public final class DataException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The sentence. */
    public DataException(String message) {
        super(message);
    }

    /** A file that could not be read. */
    public static DataException unreadable(Path file, IOException e) {
        return new DataException(file + " cannot be read: " + Reason.of(e));
    }
}
