package org.sab4j.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
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

    /**
     * Opens the file to go on after an update. Lines of later updates are cut off, since they will be written again, as
     * are those of an end that was none, and a last line that is not whole.
     */
    static JsonLines open(Path file, long update) throws RunException {
        try {
            cut(file, update);
            return new JsonLines(
                    file,
                    FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    /** Lines are in the order of updates, so all that stays is at the beginning, apart from the ends that were none. */
    private static void cut(Path file, long update) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        Path kept = file.resolveSibling("." + file.getFileName() + ".tmp");
        boolean changed = false;
        try (var in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1); // keeps bytes, whatever they are
                var copy = Files.newBufferedWriter(kept, StandardCharsets.ISO_8859_1)) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                line.append((char) c);
                if (c == '\n') {
                    if (stays(line.toString(), update)) {
                        copy.append(line);
                    } else {
                        changed = true;
                    }
                    line.setLength(0);
                }
            }
            changed |= !line.isEmpty();
        }
        if (changed) {
            try (FileChannel written = FileChannel.open(kept, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(kept, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(kept);
        }
    }

    private static boolean stays(String line, long update) {
        try {
            JsonNode node = JSON.readTree(line);
            return node.path("update").asLong(Long.MAX_VALUE) <= update
                    && !node.path("kind").asString("").equals("end");
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Appends an object. */
    void append(Map<String, ?> object) throws RunException {
        ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    /** Makes sure that all lines are on the disk. */
    void force() throws RunException {
        try {
            out.force(false);
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    @Override
    public void close() throws RunException {
        try {
            out.close();
        } catch (IOException e) {
            throw cannotBeWritten(file, e);
        }
    }

    private static RunException cannotBeWritten(Path file, IOException e) {
        return new RunException(file + " cannot be written: " + Reason.of(e));
    }
}
