package org.sab4j.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in words for the user. */
public final class Reason {

    private Reason() {}

    /** What the system said of a file, without the file's name. */
    public static String of(IOException e) {
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
