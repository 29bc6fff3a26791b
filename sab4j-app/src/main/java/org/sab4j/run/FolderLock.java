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

/** Holds a folder for this process alone, until it is closed or the process ends, however that ends. */
public final class FolderLock implements AutoCloseable {

    /** The file in the folder. */
    static final String FILE = ".lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** The folder is held by another. */
    public static final class InUse extends RunException {
        private static final long serialVersionUID = 1L;

        InUse(Path path, String owner) {
            super(path + " is in use by another sab (" + owner + "): wait for its end, or take another folder");
        }
    }

    /**
     * Takes a folder that is there.
     *
     * @throws InUse if it is held by another
     */
    public static FolderLock take(Path path) throws RunException {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new RunException("the folder " + path + " cannot be written: " + Reason.of(e));
        }
        FolderLock taken = new FolderLock(channel);
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
        } catch (OverlappingFileLockException e) {
            taken.close();
            throw new InUse(path, "this process");
        } catch (IOException e) {
            taken.close();
            throw new RunException("the folder " + path + " cannot be locked: " + Reason.of(e));
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer digits = ByteBuffer.allocate(20);
        channel.read(digits, 0);
        String pid = new String(digits.array(), 0, digits.position(), StandardCharsets.US_ASCII);
        return pid.matches("[0-9]+") ? "process " + pid : "unknown process";
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing of ours was in it.
        }
    }
}
