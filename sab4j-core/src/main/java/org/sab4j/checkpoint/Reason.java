package org.sab4j.checkpoint;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed with a file, in words for the user. */
public final class Reason {

    private Reason() {}

    /** What the system said, without the file's name. */
    public static String of(Exception e) {
        if ((e instanceof UncheckedIOException || e instanceof DirectoryIteratorException)
                && e.getCause() instanceof Exception cause) {
            return of(cause);
        }
        String said = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        if (said != null) {
            return said;
        }
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "it does not exist";
            case FileAlreadyExistsException there -> "there is a file of that name";
            default -> e.getClass().getSimpleName();
        };
    }
}
