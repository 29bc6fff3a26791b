package org.sab4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a file goes that is written beside and then moved into its place. */
public final class Destination {

    private Destination() {}

    /**
     * The place itself: what a symbolic link points to, as a move would replace the link.
     *
     * @throws IOException with a sentence, if there is something that a file would take the place of: a folder, a device, a pipe
     */
    public static Path of(Path file) throws IOException {
        if (file.toAbsolutePath().getParent() == null || Files.isDirectory(file)) {
            throw new IOException("it is a folder");
        } else if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is no plain file, and would be replaced: give another name");
        }
        return Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    }
}
