package org.sab4j.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.checkpoint.Reason;

/** Replaces a file as a whole: whoever looks, also after a crash, finds the old one or the new one. */
public final class TextFile {

    private TextFile() {}

    /** Replaces a file by a text in UTF-8. */
    public static void replace(Path file, String text) throws RunException {
        replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces a file. */
    public static void replace(Path file, byte[] content) throws RunException {
        try {
            AtomicFile.replace(file, beside -> Files.write(beside, content));
        } catch (IOException e) {
            throw new RunException(Reason.of(e));
        }
    }
}
