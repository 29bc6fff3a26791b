package org.sab4j.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces a file as a whole: the new one is written beside it, forced to the disk and moved into its place. Whoever
 * looks, at any moment or after a crash, finds the old file or the new one.
 */
public final class AtomicFile {
    private static final String SUFFIX = ".tmp";
    private static final String UUIDS = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Of the name, in bytes; those of most systems have up to 255, and what is written beside has 42 more than the file. */
    private static final int LONGEST = 255 - 42;

    private AtomicFile() {}

    /** What is to be in the file. */
    @FunctionalInterface
    public interface Content {
        /** Writes it to a file that does not exist yet. */
        void writeTo(Path beside) throws IOException;
    }

    /**
     * Writes the file; where {@code file} is a symbolic link to a file, the one that it points to. Who may read and write a file that was
     * there before, may so the new one. A thread that is interrupted stays so, and writes it to the end if {@code content} does.
     *
     * @throws IOException if that fails, with one sentence for the user; nothing is left behind then, and a file that
     *     was there before is untouched
     */
    public static void replace(Path file, Content content) throws IOException {
        Path target = destination(file);
        Path folder = folder(target);
        String oldFile = Files.exists(target) ? "; the file that was there is untouched" : "";
        Path beside = folder.resolve(prefix(target) + UUID.randomUUID() + SUFFIX);
        try {
            content.writeTo(beside);
            force(beside, StandardOpenOption.WRITE);
            keepPermissions(target, beside);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + Reason.of(e) + oldFile, e);
        } finally {
            deleteQuietly(beside); // there only after a failure
        }
        forceFolder(folder);
    }

    private static void keepPermissions(Path target, Path beside) throws IOException {
        if (Files.exists(target) && Files.getFileAttributeView(target, PosixFileAttributeView.class) != null) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(target);
            if (!permissions.equals(Files.getPosixFilePermissions(beside))) { // some file systems can't change them
                Files.setPosixFilePermissions(beside, permissions);
            }
        }
    }

    /**
     * Deletes the half-written files that killed processes may have left beside that file ({@code .NAME.UUID.tmp}; where NAME is too
     * long for that, a number stands in its place), and no other's. Call it only while no other thread or process can be writing the
     * file, such as when holding its folder's lock.
     */
    public static void deleteLeftovers(Path file) throws IOException {
        if (Files.isDirectory(file) || !Files.isDirectory(folder(file))) {
            return;
        }
        Path target = destination(file);
        delete(folder(target), Pattern.quote(prefix(target)), entry -> true);
    }

    /**
     * Deletes the half-written files of a folder that have not grown for a day, beside whatever file they are: nobody is still writing
     * them.
     */
    public static void deleteOldLeftovers(Path folder) throws IOException {
        long dayAgo = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
        delete(folder, "\\..+\\.", entry -> {
            long modified = entry.toFile().lastModified(); // 0 where it cannot be told
            return modified > 0 && modified < dayAgo;
        });
    }

    private static void delete(Path folder, String prefix, Predicate<Path> which) throws IOException {
        Pattern leftover = Pattern.compile(prefix + UUIDS + Pattern.quote(SUFFIX));
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> leftover.matcher(String.valueOf(entry.getFileName()))
                                    .matches()
                            && which.test(entry))
                    .forEach(AtomicFile::deleteQuietly);
        }
    }

    /**
     * Where {@link #replace} puts a file, absolute: what a symbolic link points to, as a move would replace the link.
     *
     * @throws IOException if it is no place for a file, with one sentence for the user
     */
    public static Path destination(Path file) throws IOException {
        if (file.toAbsolutePath().getParent() == null || Files.isDirectory(file)) {
            throw new IOException(file + " cannot be written: it is a folder");
        } else if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(
                    file + " cannot be written: it is no plain file, and would be replaced: give another name");
        }
        Path place = Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (!Files.isDirectory(folder(place))) {
            throw new IOException(file + " cannot be written: the folder " + folder(place) + " does not exist");
        }
        return place;
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent()); // none but the root, a folder, has none
    }

    /** What the names begin with that are beside a file: its own, or where that leaves no room, a number that stands for it. */
    private static String prefix(Path target) {
        String name = String.valueOf(target.getFileName());
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return "." + (bytes.length > LONGEST ? UUID.nameUUIDFromBytes(bytes) : name) + ".";
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // What went wrong before says more, and a file left behind does no harm.
        }
    }

    private static void force(Path path, OpenOption access) throws IOException {
        boolean interrupted = Thread.interrupted(); // or it would close the channel
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Makes the move itself last, where the system can do that to a folder; where it cannot, it does so in time. */
    private static void forceFolder(Path folder) {
        try {
            force(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            // The file is complete and in place; only how soon its name reaches the disk is left to the system.
        }
    }
}
