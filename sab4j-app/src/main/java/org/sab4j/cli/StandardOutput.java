package org.sab4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.Reason;

/** Standard output, which remembers why something could not be written: a {@link java.io.PrintStream} doesn't tell. */
final class StandardOutput extends OutputStream {

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private @Nullable IOException failure;

    StandardOutput() {}

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int off, int length) throws IOException {
        try {
            out.write(bytes, off, length);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }

    /**
     * A sentence if something is missing that somebody may be waiting for; null if not, or if a reader has left on its own, which is known
     * by the system's words.
     */
    @Nullable
    String lost() {
        if (failure == null || Reason.of(failure).toLowerCase(Locale.ROOT).contains("pipe")) {
            return null;
        }
        return "standard output could not be written: " + Reason.of(failure) + "; what is missing there is lost";
    }
}
