package org.sab4j.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for what is needed for a while, which goes when it is closed. It is locked, and the lock ends with the process, however
 * it ends: so what killed processes left behind is known by its lock, and taken away.
 */
final class Scratch implements AutoCloseable {

    private static final String PREFIX = ".sab-table-";
    private static final String LOCK = "lock";
    /** This process's. Their lock files must not be opened again: its locks on a file end when it closes any of its channels to it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    static { // a process that is ended by a signal closes nothing
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OWN.forEach(Scratch::delete)));
    }

    private final Path folder;
    private final FileChannel lock;

    private Scratch(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes one in that folder, which is made if it is not there. Threads do so by turns: a lock tells only processes apart. */
    static synchronized Scratch in(Path parent) throws IOException {
        Files.createDirectories(parent);
        deleteLeftovers(parent);
        while (true) {
            Scratch made = lock(Files.createTempDirectory(parent, PREFIX).toRealPath());
            if (made != null) {
                return made;
            }
        }
    }

    /** Locks a new folder; null where another process was there before, which took it for a leftover. */
    static @Nullable Scratch lock(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        OWN.add(folder);
        FileChannel lock = null;
        boolean locked = false;
        try {
            lock = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            locked = lock.tryLock() != null && Files.exists(file); // who deletes a leftover has its lock till then
            return locked ? new Scratch(folder, lock) : null;
        } catch (NoSuchFileException e) {
            return null;
        } finally {
            if (!locked) {
                if (lock != null) {
                    lock.close();
                }
                delete(folder);
                OWN.remove(folder);
            }
        }
    }

    /** The folder. */
    Path folder() {
        return folder;
    }

    private static void deleteLeftovers(Path parent) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : left) {
                deleteIfFree(folder);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What is left is in the way of nothing.
        }
    }

    /** One whose lock is not yet there is just being made. The lock is held to the end, or two processes would delete the same. */
    private static void deleteIfFree(Path folder) {
        Path file = folder.resolve(LOCK);
        try {
            if (OWN.contains(folder.toRealPath()) || !Files.isRegularFile(file)) {
                return;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                if (channel.tryLock() != null) {
                    delete(folder);
                }
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Another deletes it.
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                if (!file.toFile().delete()) {
                    file.toFile().deleteOnExit(); // where what is mapped can't be deleted
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // As above.
        }
    }

    @Override
    public void close() {
        delete(folder);
        try {
            lock.close();
        } catch (IOException e) {
            // The file that was locked is gone.
        }
        OWN.remove(folder);
    }
}
