package org.sab4j.data.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a known data set, as it lies in the data set's folder.
 *
 * @param path within the folder
 * @param bytes its size
 * @param sum what its bytes come to
 */
public record KnownFile(String path, long bytes, CheckSum sum) {

    /** Its last name. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What is wrong with a file that should be this one; null if nothing is. */
    public @Nullable String problem(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            if (Files.exists(file)) {
                return "is no file: move it away";
            }
            Path unpacked =
                    file.resolveSibling(String.valueOf(file.getFileName()).replaceFirst("\\.gz$", ""));
            return Files.exists(unpacked)
                    ? "is missing; it is there unpacked, as which it can be used and not checked"
                    : "is missing";
        }
        long size = Files.size(file);
        if (size != bytes) {
            return "has " + size + " bytes, and " + bytes + " are wanted";
        }
        String found = sum.of(file);
        return found.equals(sum.text())
                ? null
                : "has the " + sum.kind() + " " + found + ", and " + sum.text() + " is wanted";
    }
}
