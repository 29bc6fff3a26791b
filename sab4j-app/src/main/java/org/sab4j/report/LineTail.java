package org.sab4j.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lines of a file of JSON objects that another process may be writing: each read takes those that came since the last. */
public final class LineTail {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int BUFFER = 1 << 16;
    private static final int MOST_LINE = 1 << 24; // bytes

    private final Path file;
    private @Nullable Object key; // which file it was that was read
    private long offset;
    private ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private boolean skipping; // the rest of a line that is too long
    private long unreadable;

    /** Nothing read yet. The file may be missing. */
    public LineTail(Path file) {
        this.file = file;
    }

    /**
     * Reads whole lines. A last line without its end is left for the next time.
     *
     * @param begun is called before the first line if the file was begun anew, as a resumed run does: what was read before is void
     */
    public void read(Consumer<JsonNode> lines, Runnable begun) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Object nowKey = now.fileKey();
            if (now.size() < offset || (offset > 0 && !Objects.equals(nowKey, key))) {
                forget();
                begun.run();
            }
            key = nowKey;
            if (now.size() > offset) {
                readFrom(lines);
            }
        } catch (NoSuchFileException e) {
            if (offset > 0) {
                forget();
                begun.run();
            }
        }
    }

    private void forget() {
        offset = 0;
        rest.reset();
        skipping = false;
        unreadable = 0;
    }

    private void readFrom(Consumer<JsonNode> lines) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            in.position(offset);
            byte[] bytes = new byte[BUFFER];
            for (int n = in.read(ByteBuffer.wrap(bytes)); n > 0; n = in.read(ByteBuffer.wrap(bytes))) {
                offset += n;
                split(bytes, n, lines);
            }
        }
    }

    private void split(byte[] bytes, int count, Consumer<JsonNode> lines) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                rest.write(bytes, start, i - start);
                line(lines);
                start = i + 1;
            }
        }
        rest.write(bytes, start, count - start);
        if (rest.size() > MOST_LINE) {
            rest = new ByteArrayOutputStream();
            skipping = true;
        }
    }

    private void line(Consumer<JsonNode> lines) {
        String text = rest.toString(StandardCharsets.UTF_8);
        rest.reset();
        if (skipping || text.isBlank()) {
            unreadable += skipping ? 1 : 0;
            skipping = false;
            return;
        }
        try {
            JsonNode node = JSON.readTree(text);
            if (node.isObject()) {
                lines.accept(node);
                return;
            }
        } catch (JacksonException e) {
            // Counted, as other things that are no object.
        }
        unreadable++;
    }

    /** How many lines were no JSON object. */
    public long unreadable() {
        return unreadable;
    }
}
