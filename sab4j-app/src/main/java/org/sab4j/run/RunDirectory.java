package org.sab4j.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.Safetensors;

/**
 * A run's folder, held by this process alone until it is closed: the lock ends with the process, however it ends.
 *
 * <p>Every file but {@code metrics.jsonl} is replaced as a whole, so that a process that is killed leaves the old or the
 * new one.
 */
public final class RunDirectory implements AutoCloseable {

    private static final String LOCK = ".lock";
    private static final int MOST_RUNS = 10_000; // that are looked for

    private final Path path;
    private final FileChannel channel;

    private RunDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** A folder for a new run, made if it is not there; refused if there is anything in it. */
    public static RunDirectory fresh(Path path) throws RunException {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw cannotBeMade(path, e);
        }
        checkEmpty(path);
        RunDirectory directory = lock(path);
        try {
            checkEmpty(path); // another process may just have been here
            return directory;
        } catch (RunException e) {
            directory.close();
            throw e;
        }
    }

    /** A folder for a new run: {@code NAME} in the given folder, or {@code NAME-2}, {@code NAME-3} …. */
    public static RunDirectory next(Path runs, String name) throws RunException {
        try {
            Files.createDirectories(runs);
        } catch (IOException e) {
            throw cannotBeMade(runs, e);
        }
        for (int number = 1; ; number++) {
            Path path = numbered(runs, name, number);
            try {
                Files.createDirectory(path);
                return lock(path);
            } catch (FileAlreadyExistsException e) {
                // The next number, then.
            } catch (IOException e) {
                throw cannotBeMade(path, e);
            }
        }
    }

    /** The folder that {@link #next} made last; null if there is none. */
    public static @Nullable Path latest(Path runs, String name) {
        Path latest = null;
        for (int number = 1; number <= MOST_RUNS; number++) {
            Path path = numbered(runs, name, number);
            if (Files.exists(path.resolve("config.yaml"))) {
                latest = path;
            } else if (latest != null && Files.notExists(path)) {
                break;
            }
        }
        return latest;
    }

    /** The folder of a run that is there. */
    public static RunDirectory existing(Path path) throws RunException {
        checkRun(path);
        RunDirectory directory = lock(path);
        try {
            for (Path file : List.of(directory.config(), directory.model(), directory.checkpoint())) {
                Safetensors.deleteLeftovers(file);
            }
            return directory;
        } catch (IOException e) {
            directory.close();
            throw new RunException(path + " cannot be read: " + Reason.of(e));
        }
    }

    /** Complains of a folder that holds no run. */
    static void checkRun(Path path) throws RunException {
        if (!Files.exists(path)) {
            throw new RunException(path + " does not exist: sab train starts a run");
        } else if (!Files.isDirectory(path)) {
            throw new RunException(path + " is not the folder of a run");
        } else if (!Files.exists(path.resolve("config.yaml"))) {
            throw new RunException(path + " holds no run: it has no config.yaml");
        }
    }

    private static Path numbered(Path runs, String name, int number) {
        return runs.resolve(number == 1 ? name : name + "-" + number);
    }

    private static RunException cannotBeMade(Path path, IOException e) {
        return new RunException(
                "the folder " + path + " cannot be made: " + Reason.of(e) + "; --run DIR takes another");
    }

    private static void checkEmpty(Path path) throws RunException {
        try (Stream<Path> entries = Files.list(path)) {
            if (entries.allMatch(entry -> entry.endsWith(LOCK))) {
                return;
            }
        } catch (IOException e) {
            throw new RunException("the folder " + path + " cannot be read: " + Reason.of(e));
        }
        throw new RunException(
                Files.exists(path.resolve("config.yaml"))
                        ? path + " holds a run already: sab train --resume " + path
                                + " goes on with it, and --run DIR takes another folder"
                        : path + " is not empty: --run takes a folder that is new or empty");
    }

    private static RunDirectory lock(Path path) throws RunException {
        Path file = path.resolve(LOCK);
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new RunException("the folder " + path + " cannot be written: " + Reason.of(e));
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
                return new RunDirectory(path, channel);
            }
            RunException inUse = inUse(path, owner(channel));
            close(channel);
            throw inUse;
        } catch (OverlappingFileLockException e) {
            close(channel);
            throw inUse(path, "this process");
        } catch (IOException e) {
            close(channel);
            throw new RunException("the folder " + path + " cannot be locked: " + Reason.of(e));
        }
    }

    private static RunException inUse(Path path, String owner) {
        return new RunException(path + " is in use by another sab (" + owner
                + "): wait for its end, or take another folder with --run");
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer digits = ByteBuffer.allocate(20);
        channel.read(digits, 0);
        String pid = new String(digits.array(), 0, digits.position(), StandardCharsets.US_ASCII);
        return pid.matches("[0-9]+") ? "process " + pid : "unknown process";
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing of ours was in it.
        }
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** All settings. */
    public Path config() {
        return path.resolve("config.yaml");
    }

    /** What happened, an object a line. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** Where the outputs looked at each evaluation, an object a line. */
    public Path attention() {
        return path.resolve("attention.jsonl");
    }

    /** The best model. */
    public Path model() {
        return path.resolve("model.safetensors");
    }

    /** All that going on needs. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** What the user can do where the checkpoint is of no use: the rest of a sentence. */
    String withoutCheckpoint() {
        return "without a checkpoint the run can't go on: sab train --config " + config() + " starts a new one"
                + (Files.exists(model()) ? ", and " + model() + " is still the best model of this one" : "");
    }

    /** Replaces {@code config.yaml} as a whole. */
    void writeConfig(String text) throws RunException {
        TextFile.replace(config(), text);
    }

    @Override
    public void close() {
        close(channel);
    }
}
