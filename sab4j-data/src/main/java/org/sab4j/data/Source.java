package org.sab4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** A file of data, read from its start to its end; one whose name ends in {@code .gz} is unpacked on the way. */
public final class Source implements AutoCloseable {

    private final Path file;
    private final InputStream in;

    private Source(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @param digest of the bytes as they are unpacked
     * @throws DataException if it is missing, a folder, or can't be opened
     */
    public static Source open(Path file, MessageDigest digest) throws DataException {
        check(file);
        InputStream in = null;
        try {
            in = Files.newInputStream(file);
            InputStream unpacked = file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
            return new Source(file, new BufferedInputStream(new DigestInputStream(unpacked, digest), 1 << 16));
        } catch (IOException e) {
            close(in);
            throw DataException.unreadable(file, e);
        }
    }

    /** Complains of what is no file. */
    public static void check(Path file) throws DataException {
        if (!Files.exists(file)) {
            throw new DataException(file + " does not exist");
        } else if (Files.isDirectory(file)) {
            throw new DataException(file + " is a folder, and a file is wanted");
        } else if (!Files.isReadable(file)) {
            throw new DataException(file + " cannot be read: permission denied");
        }
    }

    /** SHA-256. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The digest's value in hexadecimal; the digest begins anew. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Fills {@code bytes} as far as the file goes, and returns how many there were. */
    public int read(byte[] bytes) throws DataException {
        try {
            return in.readNBytes(bytes, 0, bytes.length);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    /** The next {@code count} bytes, or as many as the file still has; room is made as they come, whatever the count. */
    public byte[] read(int count) throws DataException {
        try {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw DataException.unreadable(file, e);
        }
    }

    @Override
    public void close() {
        close(in);
    }

    private static void close(@org.jspecify.annotations.Nullable InputStream in) {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            // It was only read.
        }
    }
}
