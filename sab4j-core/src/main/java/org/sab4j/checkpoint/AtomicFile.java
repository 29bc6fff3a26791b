package org.sab4j.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Replaces a file as a whole: the new one is written beside it, forced to the disk and moved into its place. Whoever
 * looks, at any moment or after a crash, finds the old file or the new one.
 */
final class AtomicFile {
    private static final String SUFFIX = ".tmp";

    private AtomicFile() {}

    /** What is to be in the file. */
    @FunctionalInterface
    interface Content {
        void writeTo(RandomAccessFile out) throws IOException;
    }

    /**
     * Writes the file. A thread that is interrupted writes it to the end and stays interrupted.
     *
     * @throws IOException if that fails, with one sentence for the user; nothing is left behind then, and a file that
     *     was there before is untouched
     */
    static void replace(Path file, Content content) throws IOException {
        Path target = destination(file);
        Path folder = Objects.requireNonNull(target.getParent()); // never null: of() refuses the root
        if (!Files.isDirectory(folder)) {
            throw new IOException(file + " cannot be written: the folder " + folder + " does not exist");
        }
        String oldFile = Files.exists(target) ? "; the file that was there is untouched" : "";
        Path beside = folder.resolve(prefix(target) + UUID.randomUUID() + SUFFIX);
        try {
            write(beside, content);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + reason(e) + oldFile, e);
        } finally {
            deleteQuietly(beside); // there only after a failure
        }
        forceFolder(folder);
    }

    /**
     * Deletes what killed processes left beside that file. Only for the one that alone writes there, or else it takes
     * away what another is just writing.
     */
    static void deleteLeftovers(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return;
        }
        Path target = destination(file);
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> {
                        String name = String.valueOf(entry.getFileName());
                        return name.startsWith(prefix(target)) && name.endsWith(SUFFIX);
                    })
                    .forEach(AtomicFile::deleteQuietly);
        }
    }

    private static Path destination(Path file) throws IOException {
        try {
            return Destination.of(file);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + reason(e), e);
        }
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + ".";
    }

    private static void write(Path file, Content content) throws IOException {
        Files.createFile(file); // fails if there is one, unlike the next line
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            content.writeTo(out);
            out.getFD().sync();
        }
    }

    /** What the system said, without the name of the file beside, which the user does not know. */
    private static String reason(IOException e) {
        String said = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        if (said == null) {
            said = e instanceof AccessDeniedException ? "permission denied" : e.toString();
        }
        return said;
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // What went wrong before says more, and a file left behind does no harm.
        }
    }

    /** Makes the move itself last, where the system can do that to a folder; where it cannot, it does so in time. */
    private static void forceFolder(Path folder) {
        boolean interrupted = Thread.interrupted(); // or it would close the channel
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The file is complete and in place; only how soon its name reaches the disk is left to the system.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
