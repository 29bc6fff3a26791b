package org.sab4j.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.checkpoint.Reason;

/** Holds a folder, or a file that is replaced as a whole, for this process alone, until it is closed or the process ends, however that ends. */
public final class FolderLock implements AutoCloseable {

    /** The file in the folder. */
    static final String FILE = ".lock";

    /**
     * What this process holds. Such a lock's file must not even be opened: a process's locks on a file end when it closes any of its
     * channels to it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path held;
    private final FileChannel channel;
    private boolean closed;

    private FolderLock(Path held, FileChannel channel) {
        this.held = held;
        this.channel = channel;
    }

    /** The folder is held by another. */
    public static final class InUse extends RunException {
        private static final long serialVersionUID = 1L;

        InUse(Path path, String owner) {
            super(path + " is in use by another sab (" + owner + "): wait for its end, or take another");
        }
    }

    /**
     * Takes a folder that is there.
     *
     * @throws InUse if it is held by another
     */
    public static FolderLock take(Path path) throws RunException {
        try {
            Path folder = path.toRealPath();
            return hold(path, folder, path.resolve(FILE));
        } catch (IOException e) {
            throw RunException.unwritable(path, e);
        }
    }

    /**
     * Takes a file, which need not be there, by another beside it.
     *
     * @throws InUse if it is held by another
     */
    public static FolderLock beside(Path path) throws RunException {
        try {
            Path file = AtomicFile.destination(path);
            Path folder = Objects.requireNonNull(file.getParent()).toRealPath();
            Path lock = folder.resolve("." + file.getFileName() + FILE);
            return hold(path, lock, lock);
        } catch (IOException e) {
            throw new RunException(Reason.of(e));
        }
    }

    private static FolderLock hold(Path path, Path held, Path file) throws RunException {
        @Nullable FileChannel channel = null;
        if (!HELD.add(held)) {
            throw new InUse(path, "this process");
        }
        try {
            channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw RunException.unwritable(path, e);
        } finally {
            if (channel == null) {
                HELD.remove(held);
            }
        }
        FolderLock taken = new FolderLock(held, channel);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                InUse inUse = new InUse(path, owner(channel));
                taken.close();
                throw inUse;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(
                    String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return taken;
        } catch (OverlappingFileLockException e) { // under another name
            taken.close();
            throw new InUse(path, "this process");
        } catch (IOException e) {
            taken.close();
            throw new RunException(path + " cannot be locked: " + Reason.of(e));
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer digits = ByteBuffer.allocate(20);
        channel.read(digits, 0);
        String pid = new String(digits.array(), 0, digits.position(), StandardCharsets.US_ASCII);
        return pid.matches("[0-9]+") ? "process " + pid : "unknown process";
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing of ours was in it.
        }
        HELD.remove(held);
    }
}
