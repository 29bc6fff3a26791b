package org.sab4j.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.checkpoint.Reason;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of a run that grows by a JSON object a line, each with the update at which it was written. */
final class JsonLines implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final FileChannel out;

    private JsonLines(Path file, FileChannel out) {
        this.file = file;
        this.out = out;
    }

    /** Opens the file, to write behind what is there. */
    static JsonLines open(Path file) throws RunException {
        try {
            return new JsonLines(
                    file,
                    FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw RunException.unwritable(file, e);
        }
    }

    /**
     * Makes the file what it was after an update. Lines of later updates are cut off, since they will be written again, as
     * are those of an end that was none, a last line that is not whole, and what is no object of ours.
     *
     * @return a sentence if the file was damaged; else null
     */
    static @Nullable String cut(Path file, long update) throws RunException {
        if (!Files.exists(file)) {
            return null;
        }
        int[] damaged = new int[1];
        try {
            AtomicFile.replace(file, beside -> damaged[0] = keep(file, beside, update));
        } catch (IOException e) {
            throw new RunException(Reason.of(e));
        }
        return damaged[0] == 0
                ? null
                : file + " is damaged: "
                        + (damaged[0] == 1
                                ? "a line that is not of this run is"
                                : damaged[0] + " lines that are not of this run are")
                        + " taken out, and the others stay";
    }

    /** Copies what stays; returns how many whole lines were no objects of ours. */
    private static int keep(Path file, Path kept, long update) throws IOException {
        int damaged = 0;
        try (var in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1); // keeps bytes, whatever they are
                var copy = Files.newBufferedWriter(kept, StandardCharsets.ISO_8859_1)) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                line.append((char) c);
                if (c == '\n') {
                    JsonNode object = object(line.toString());
                    damaged += object == null ? 1 : 0;
                    copy.append(object != null && stays(object, update) ? line : "");
                    line.setLength(0);
                }
            }
        }
        return damaged;
    }

    /** A line's object; null if it is none with an update. */
    private static @Nullable JsonNode object(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return node.path("update").isIntegralNumber() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static boolean stays(JsonNode object, long update) {
        return object.path("update").asLong() <= update
                && !object.path("kind").asString("").equals("end");
    }

    /** Appends an object. */
    void append(Map<String, ?> object) throws RunException {
        ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw RunException.unwritable(file, e);
        }
    }

    /** Makes sure that all lines are on the disk. */
    void force() throws RunException {
        try {
            out.force(false);
        } catch (IOException e) {
            throw RunException.unwritable(file, e);
        }
    }

    @Override
    public void close() throws RunException {
        try {
            out.close();
        } catch (IOException e) {
            throw RunException.unwritable(file, e);
        }
    }
}
