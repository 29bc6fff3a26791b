package org.sab4j.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** Reads one file. All that the header claims is held against the file's length before anything is allocated for it. */
final class SafetensorsReader {
    /** A header of one long text takes this many times its length while it is decoded. */
    private static final long HEADER_IN_MEMORY = 8;
    /** Why a path of another file system can't be used. */
    static final String INNER = "it is within another file, such as a jar; give one in a folder of the system's";

    private final Path file;
    private final RandomAccessFile in;
    private final ByteSource source;

    private SafetensorsReader(Path file, RandomAccessFile in) {
        this.file = file;
        this.in = in;
        this.source = new ByteSource(in);
    }

    static Safetensors read(Path file) throws FormatException {
        checkReadable(file);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            return new SafetensorsReader(file, in).read();
        } catch (FormatException e) {
            throw e;
        } catch (EOFException e) {
            throw new FormatException(file, "is truncated: it became shorter while it was read", e);
        } catch (IOException e) {
            throw new FormatException(
                    file, "cannot be read: " + Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
        }
    }

    private static void checkReadable(Path file) throws FormatException {
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            throw new FormatException(file, "cannot be read: " + INNER);
        }
        if (Files.isDirectory(file)) {
            throw new FormatException(file, "is a folder, not a safetensors file");
        }
        if (!Files.exists(file)) {
            throw new FormatException(file, "does not exist");
        }
        if (!Files.isRegularFile(file)) { // opening a pipe would wait for its other end
            throw new FormatException(file, "is not a regular file");
        }
        if (!Files.isReadable(file)) {
            throw new FormatException(file, "cannot be read: permission denied");
        }
    }

    private Safetensors read() throws IOException {
        byte[] text = headerBytes();
        String digits = CheckSum.takeOutOf(text);
        source.count(text);
        Header header = HeaderReader.parse(file, text);
        header.checkCovers(file, in.length() - in.getFilePointer());
        checkMemory(file, header.bytesInMemory());
        Map<String, TensorData> found = new HashMap<>();
        for (Header.Slot slot : header.inFileOrder()) {
            found.put(slot.name(), Elements.read(source, slot));
        }
        if (digits != null && !digits.equals(CheckSum.digits(source.sum()))) {
            throw new FormatException(
                    file,
                    "is damaged, or another program changed it: its bytes do not match the check sum in its metadata"
                            + " (without the entry " + CheckSum.KEY + " it would not be compared)");
        }
        SequencedMap<String, String> metadata = new LinkedHashMap<>(header.metadata());
        metadata.remove(CheckSum.KEY);
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        header.slots().forEach(slot -> tensors.put(slot.name(), Objects.requireNonNull(found.get(slot.name()))));
        return new Safetensors(file, metadata, tensors);
    }

    /** Reads up to the end of the header. */
    private byte[] headerBytes() throws IOException {
        long fileBytes = in.length();
        if (fileBytes < Long.BYTES) {
            throw new FormatException(
                    file, "is not a safetensors file, or truncated: it has " + fileBytes + " of at least 10 bytes");
        }
        long length = source.next(Long.BYTES).getLong();
        if (length < 0 || length > Header.LARGEST) {
            throw new FormatException(
                    file,
                    "is not a safetensors file: its header would have " + Long.toUnsignedString(length)
                            + " bytes, and at most " + Header.LARGEST + " are allowed");
        }
        long there = fileBytes - Long.BYTES;
        if (length > there) {
            boolean foreign = there > 0 && in.read() != '{';
            String kind = foreign ? "is not a safetensors file" : "is truncated";
            String remedy = foreign ? "" : FormatException.WHOLE;
            throw new FormatException(
                    file, kind + ": " + there + " of " + length + " bytes of its header are there" + remedy);
        }
        checkMemory(file, HEADER_IN_MEMORY * length);
        byte[] header = new byte[(int) length];
        in.readFully(header);
        return header;
    }

    /** Refuses what cannot fit in memory even if nothing else is there; so a sentence comes in place of an error. */
    static void checkMemory(Path file, long bytes) throws FormatException {
        long most = Runtime.getRuntime().maxMemory();
        if (bytes > most) {
            throw new FormatException(
                    file,
                    "is too large for the memory that Java has: reading it takes about " + (bytes >> 20) + " of "
                            + (most >> 20) + " MiB, and -Xmx gives more");
        }
    }
}
