package org.sab4j.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.sab4j.checkpoint.Destination;

/** Replaces a file as a whole: whoever looks, also after a crash, finds the old one or the new one. */
public final class TextFile {

    private TextFile() {}

    /** Replaces a file by a text in UTF-8. */
    public static void replace(Path file, String text) throws RunException {
        replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces a file. */
    public static void replace(Path file, byte[] content) throws RunException {
        Path target;
        try {
            target = Destination.of(file);
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + Reason.of(e));
        }
        Path beside = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel out = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(beside);
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw new RunException(file + " cannot be written: " + Reason.of(e));
        }
    }
}
