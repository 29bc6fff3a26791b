package org.sab4j.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.DataException;

/**
 * Gets a data set into its folder. A file has its final name only once its size and sum have been found right; a download that is
 * cut off is kept under a name of its own and gone on with the next time.
 */
public final class Fetcher {

    private static final long SLACK = 1L << 29; // what an archive may hold beside the files that are wanted

    private final KnownData data;
    private final Path folder;
    private final Network network;
    private final Listener listener;

    /** Follows what happens. */
    public interface Listener {
        /** A file is there and right, as it was before. */
        void present(KnownFile file);

        /** A file has been put in its place. */
        void done(KnownFile file, String from);

        /** So many bytes of a download are there. */
        void progress(String name, long bytes);

        /** Something did not work, and another way is tried. */
        void note(String sentence);
    }

    /**
     * A data set and where it goes.
     *
     * @param root the folder of data sets; the data set gets a folder of its name in it
     */
    public Fetcher(KnownData data, Path root, Network network, Listener listener) {
        this.data = data;
        folder = root.resolve(data.name());
        this.network = network;
        this.listener = listener;
    }

    /** What is wrong with the data set's files, a sentence for each; empty if all are there and right. */
    public static List<String> problems(KnownData data, Path root) throws IOException {
        List<String> problems = new ArrayList<>();
        for (KnownFile file : data.files().toList()) {
            Path path = root.resolve(data.name()).resolve(file.path());
            String problem = file.problem(path);
            if (problem != null) {
                problems.add(path + " " + problem);
            }
        }
        return problems;
    }

    /**
     * Gets what is missing or wrong.
     *
     * @param from a folder that has the files or archives already, in any depth that their own names give; null for the net
     * @throws DataException with a sentence that says what could not be had
     */
    public void get(@Nullable Path from) throws DataException, IOException {
        try {
            makeFolder();
            getIntoFolder(from);
        } catch (IOException e) {
            if (isFull(e)) {
                throw new DataException(
                        folder + " can't be written, the disk is full: make room there, or name a folder"
                                + " elsewhere with --data");
            }
            throw e;
        }
    }

    private void makeFolder() throws DataException, IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException(
                    folder + " can't be made (" + reason(e) + "): name another folder for data sets with --data");
        }
    }

    private static boolean isFull(IOException e) {
        return String.valueOf(said(e)).contains("No space left on device");
    }

    private static @Nullable String said(IOException e) {
        return e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
    }

    private void getIntoFolder(@Nullable Path from) throws DataException, IOException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw inUse();
            }
            for (Archive archive : data.archives()) {
                List<KnownFile> wanted = wanted(archive);
                if (wanted.isEmpty()) {
                    continue;
                }
                if (from == null) {
                    download(archive, wanted);
                } else {
                    copy(archive, wanted, from);
                }
            }
        } catch (OverlappingFileLockException e) {
            throw inUse();
        }
    }

    private DataException inUse() {
        return new DataException(folder + " is being filled by another sab data get: wait for its end");
    }

    private List<KnownFile> wanted(Archive archive) throws IOException {
        List<KnownFile> wanted = new ArrayList<>();
        for (KnownFile file : archive.files()) {
            if (file.problem(folder.resolve(file.path())) == null) {
                listener.present(file);
            } else {
                wanted.add(file);
            }
        }
        return wanted;
    }

    private void download(Archive archive, List<KnownFile> wanted) throws DataException, IOException {
        Path part = folder.resolve("." + archive.name() + ".part");
        long most = archive.files().stream().mapToLong(KnownFile::bytes).sum() + SLACK;
        List<String> complaints = new ArrayList<>();
        for (URI home : archive.homes()) {
            // What an earlier try has left may be the beginning of something else: then once more from the start.
            for (boolean begun = Files.exists(part); ; begun = false) {
                String complaint;
                try {
                    Download.fetch(home, part, most, network, bytes -> listener.progress(archive.name(), bytes));
                    complaint = unpack(archive, part, wanted, home.toString());
                    Files.deleteIfExists(part);
                } catch (IOException e) {
                    complaints.add(home + ": " + reason(e));
                    break; // what there is stays, to go on with
                }
                if (complaint == null) {
                    return;
                } else if (!begun) {
                    complaints.add(home + ": " + complaint);
                    break;
                }
                listener.note(archive.name() + ": " + complaint + "; fetched once more from the start");
            }
        }
        throw new DataException(data.name() + " could not be had (" + String.join("; ", complaints)
                + "): try again later, which goes on where this ended, or get it by other means and use --from DIR");
    }

    /** Why something failed. A full disk is no reason to try another way: then the failure goes on to where all is given up. */
    private static String reason(IOException e) throws IOException {
        if (isFull(e)) {
            throw e;
        }
        String said = said(e);
        return switch (e) {
            case java.net.UnknownHostException unknown -> "there is no such host, or no network";
            case java.net.SocketTimeoutException timeout -> "the server sends nothing any more";
            case java.net.ConnectException refused -> "no connection: " + said;
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileAlreadyExistsException there -> there.getFile() + " is a file";
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            default -> said == null ? e.getClass().getSimpleName() : said;
        };
    }

    /** Puts an archive's files in place; returns what is wrong with it, or null. */
    private @Nullable String unpack(Archive archive, Path file, List<KnownFile> wanted, String from)
            throws IOException {
        List<KnownFile> left = new ArrayList<>(wanted);
        List<String> wrong = new ArrayList<>();
        try {
            Unpacking.unpack(file, archive.packing(), new Unpacking.Taker() {
                @Override
                public boolean wants(String name) {
                    return left.stream().anyMatch(known -> matches(known, name));
                }

                @Override
                public void take(String name, InputStream in) throws IOException {
                    KnownFile known = archive.packing() == Archive.Packing.NONE
                            ? left.getFirst()
                            : left.stream()
                                    .filter(f -> matches(f, name))
                                    .findFirst()
                                    .orElseThrow();
                    String problem = place(known, in, from);
                    if (problem == null) {
                        left.remove(known);
                    } else {
                        wrong.add(known.name() + " " + problem);
                    }
                }
            });
        } catch (IOException e) {
            wrong.add("it can't be unpacked: " + reason(e));
        }
        if (left.isEmpty()) {
            return null;
        }
        return wrong.isEmpty()
                ? "it has no "
                        + String.join(
                                ", no ", left.stream().map(KnownFile::name).toList())
                : String.join(", ", wrong);
    }

    private static boolean matches(KnownFile known, String name) {
        return name.equals(known.name()) || name.endsWith("/" + known.name());
    }

    /** Writes a file beside its place and moves it there if it is right; returns what is wrong with it, or null. */
    private @Nullable String place(KnownFile known, InputStream in, String from) throws IOException {
        Path path = folder.resolve(known.path());
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            return "can't be put in its place: " + path + " is no file: move it away";
        }
        Path beside = path.resolveSibling("." + known.name() + ".tmp");
        Files.createDirectories(path.toAbsolutePath().getParent());
        try {
            try (OutputStream out = Files.newOutputStream(beside)) {
                byte[] block = new byte[1 << 16];
                long count = 0;
                for (int n = in.read(block); n >= 0 && count <= known.bytes(); n = in.read(block)) {
                    out.write(block, 0, n);
                    count += n;
                }
            }
            String problem = known.problem(beside);
            if (problem == null) {
                try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                listener.done(known, from);
            }
            return problem;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private Set<Path> places(KnownFile file, Path from) {
        Set<Path> places = new LinkedHashSet<>();
        places.add(from.resolve(data.name()).resolve(file.path()));
        places.add(from.resolve(file.path()));
        places.add(from.resolve(file.name()));
        return places;
    }

    /** From a folder that has the files, as they lie in a folder of data sets or beside each other, or the archive. */
    private void copy(Archive archive, List<KnownFile> wanted, Path from) throws DataException, IOException {
        if (!Files.isDirectory(from)) {
            throw new DataException(from + (Files.exists(from) ? " is no folder" : " does not exist")
                    + ": --from takes a folder that has the files of " + data.name());
        }
        List<String> complaints = new ArrayList<>();
        List<KnownFile> left = new ArrayList<>(wanted);
        for (KnownFile file : wanted) {
            for (Path place : places(file, from)) {
                if (!Files.isRegularFile(place)) {
                    continue;
                }
                try (InputStream in = Files.newInputStream(place)) {
                    String problem = place(file, in, place.toString());
                    if (problem == null) {
                        left.remove(file);
                        break;
                    }
                    complaints.add(place + " " + problem);
                } catch (IOException e) {
                    complaints.add(place + ": " + reason(e));
                }
            }
        }
        Path packed = from.resolve(archive.name());
        if (!left.isEmpty() && archive.packing() != Archive.Packing.NONE && Files.isRegularFile(packed)) {
            String complaint = unpack(archive, packed, left, packed.toString());
            if (complaint == null) {
                return;
            }
            complaints.add(packed + ": " + complaint);
        } else if (left.isEmpty()) {
            return;
        }
        String complaint = complaints.isEmpty()
                ? from + " has no " + left.getFirst().name()
                        + (archive.packing() == Archive.Packing.NONE ? "" : " and no " + archive.name())
                : String.join("; ", complaints);
        throw new DataException(complaint + ": put it there whole, or leave --from out to fetch it");
    }
}
