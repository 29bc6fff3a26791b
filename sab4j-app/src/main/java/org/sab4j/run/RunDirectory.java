package org.sab4j.run;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.checkpoint.Reason;

/**
 * A run's folder, held by this process alone until it is closed: the lock ends with the process, however it ends.
 *
 * <p>Every file but {@code metrics.jsonl} is replaced as a whole, so that a process that is killed leaves the old or the
 * new one.
 */
public final class RunDirectory implements AutoCloseable {

    /** The remedy of who begins a run. */
    static final String ANOTHER = "--run DIR takes another";

    private final Path path;
    private final FolderLock lock;

    private RunDirectory(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * A folder for a new run, made if it is not there; refused if there is anything in it.
     *
     * @param remedy what to do where it cannot be made
     */
    public static RunDirectory fresh(Path path, String remedy) throws RunException {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw cannotBeMade(path, e, remedy);
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

    /** Complains of a folder that {@link #fresh} would refuse, before much time is spent on what is to go into it. */
    static void checkFresh(Path path) throws RunException {
        if (Files.isDirectory(path)) {
            checkEmpty(path);
        } else if (Files.exists(path)) {
            throw cannotBeMade(path, new FileAlreadyExistsException(path.toString()), ANOTHER);
        }
    }

    /** A folder for a new run: {@code NAME} in the given folder, or {@code NAME-2}, {@code NAME-3} …. */
    public static RunDirectory next(Path runs, String name) throws RunException {
        try {
            Files.createDirectories(runs);
        } catch (IOException e) {
            throw cannotBeMade(runs, e, ANOTHER);
        }
        for (int number = highest(runs, name) + 1; ; number++) {
            Path path = numbered(runs, name, number);
            try {
                Files.createDirectory(path);
                return lock(path);
            } catch (FileAlreadyExistsException e) {
                // The next number, then.
            } catch (IOException e) {
                throw cannotBeMade(path, e, ANOTHER);
            }
        }
    }

    /** The folder of the highest number that holds a run, as {@link #next} numbers them; null if there is none. */
    public static @Nullable Path latest(Path runs, String name) throws RunException {
        for (int number = highest(runs, name); number > 0; number--) {
            Path path = numbered(runs, name, number);
            if (new RunFolder(path).isRun()) {
                return path;
            }
        }
        return null;
    }

    /** The highest number of a folder of that name; 0 if there is none. */
    private static int highest(Path runs, String name) throws RunException {
        Pattern numbered = Pattern.compile(Pattern.quote(name) + "(-([1-9][0-9]{0,8}))?");
        int highest = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(runs, name + "*")) {
            for (Path entry : entries) {
                Matcher found = numbered.matcher(String.valueOf(entry.getFileName()));
                if (found.matches()) {
                    highest = Math.max(highest, found.group(2) == null ? 1 : Integer.parseInt(found.group(2)));
                }
            }
        } catch (NotDirectoryException | NoSuchFileException e) {
            return 0;
        } catch (IOException | DirectoryIteratorException e) {
            throw RunException.unreadable(runs, e);
        }
        return highest;
    }

    /** The folder of a run that is there. */
    public static RunDirectory existing(Path path) throws RunException {
        checkRun(path);
        RunDirectory directory = lock(path);
        RunFolder folder = directory.folder();
        try {
            for (Path file : List.of(
                    folder.config(), folder.model(), folder.checkpoint(), folder.metrics(), folder.attention())) {
                AtomicFile.deleteLeftovers(file);
            }
            AtomicFile.deleteOldLeftovers(path); // sab report, for one, writes into the folder without its lock
            return directory;
        } catch (IOException e) {
            directory.close();
            throw RunException.unreadable(path, e);
        }
    }

    /** Complains of a folder that holds no run. */
    static void checkRun(Path path) throws RunException {
        if (!Files.exists(path)) {
            throw new RunException(path + " does not exist: sab train starts a run");
        } else if (!Files.isDirectory(path)) {
            throw new RunException(path + " is not the folder of a run");
        } else if (!new RunFolder(path).isRun()) {
            throw new RunException(path + " holds no run: it has no " + RunFolder.CONFIG);
        }
    }

    private static Path numbered(Path runs, String name, int number) {
        return runs.resolve(number == 1 ? name : name + "-" + number);
    }

    private static RunException cannotBeMade(Path path, IOException e, String remedy) {
        return new RunException("the folder " + path + " cannot be made: " + Reason.of(e) + "; " + remedy);
    }

    private static void checkEmpty(Path path) throws RunException {
        try (Stream<Path> entries = Files.list(path)) {
            if (entries.allMatch(RunDirectory::isLeftBehind)) {
                return;
            }
        } catch (IOException e) {
            throw new RunException("the folder " + path + " cannot be read: " + Reason.of(e));
        }
        throw new RunException(
                new RunFolder(path).isRun()
                        ? path + " holds a run already: " + Shell.sab("train", "--resume", path)
                                + " goes on with it, and --run DIR takes another folder"
                        : path
                                + " is not empty and holds no run, since it has no config.yaml: empty it, or take another folder");
    }

    /** What a process may leave that is killed before the folder holds a run. */
    private static boolean isLeftBehind(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return name.equals(FolderLock.FILE) || (name.startsWith("." + RunFolder.CONFIG + ".") && name.endsWith(".tmp"));
    }

    private static RunDirectory lock(Path path) throws RunException {
        return new RunDirectory(path, FolderLock.take(path));
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** What lies where in it. */
    public RunFolder folder() {
        return new RunFolder(path);
    }

    /** What the user can do where the checkpoint is of no use: the rest of a sentence. */
    String withoutCheckpoint() {
        Path model = folder().model();
        return "without a checkpoint the run can't go on: "
                + Shell.sab("train", "--config", folder().config())
                + " starts a new one"
                + (Files.exists(model) ? ", and " + model + " is still the best model of this one" : "");
    }

    /** Replaces {@code config.yaml} as a whole. */
    void writeConfig(String text) throws RunException {
        TextFile.replace(folder().config(), text);
    }

    @Override
    public void close() {
        lock.close();
    }
}
