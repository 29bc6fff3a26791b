package org.sab4j.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.replay.Replayed;
import org.sab4j.train.TrainEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code metrics.jsonl}: what happened in a run, an object a line. */
public final class Metrics implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final FileChannel out;
    private final long every;

    private Metrics(Path file, FileChannel out, long every) {
        this.file = file;
        this.out = out;
        this.every = every;
    }

    /**
     * Opens the file to go on after an update. Lines of later updates are cut off, since they will be written again, as
     * are those of an end that was none, and a last line that is not whole.
     *
     * @param every of which updates to keep a line: every N-th
     */
    static Metrics open(Path file, long update, long every) throws RunException {
        try {
            cut(file, update);
            FileChannel out = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            return new Metrics(file, out, every);
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + Reason.of(e));
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
            Files.move(
                    kept,
                    file,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
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

    /** Writes the line of an event, if it has one. */
    void accept(TrainEvent event) throws RunException {
        if (event instanceof TrainEvent.Updated && event.update() % every != 0) {
            return;
        }
        ByteBuffer bytes =
                ByteBuffer.wrap((JSON.writeValueAsString(line(event)) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + Reason.of(e));
        }
    }

    /** Makes sure that all lines are on the disk. */
    void force() throws RunException {
        try {
            out.force(false);
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + Reason.of(e));
        }
    }

    /** An event as it stands in a line. Numbers that JSON does not have are null. */
    public static SequencedMap<String, @Nullable Object> line(TrainEvent event) {
        SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
        switch (event) {
            case TrainEvent.Updated updated -> {
                line.put("kind", "train");
                line.put("update", updated.update());
                line.put("loss", finite(updated.loss()));
                line.put("gradNorm", finite(updated.gradientNorm()));
                line.put("msPerUpdate", Math.round(updated.milliseconds() * 1000) / 1000.0);
                Replayed replayed = updated.replayed();
                line.put("msBackward", Math.round(replayed.nanoseconds() / 1e3) / 1000.0);
                line.put("blocksReplayed", replayed.blocks());
                line.put("blocks", replayed.allBlocks());
                line.put("rowsReplayed", replayed.rows());
                line.put("rows", replayed.allRows());
            }
            case TrainEvent.Evaluated evaluated -> {
                line.put("kind", "eval");
                line.put("update", evaluated.update());
                line.put("loss", finite(evaluated.loss()));
                evaluated.measures().forEach((name, value) -> line.put(name, finite(value)));
                line.put("best", evaluated.best());
            }
            case TrainEvent.Skipped skipped -> {
                line.put("kind", "skip");
                line.put("update", skipped.update());
                line.put("loss", finite(skipped.loss()));
                line.put("gradNorm", finite(skipped.gradientNorm()));
                line.put("reason", skipped.reason());
            }
            case TrainEvent.Finished finished -> {
                line.put("kind", "end");
                line.put("update", finished.update());
                line.put("reason", Settings.text(finished.reason()));
            }
        }
        return line;
    }

    /** The value, or null where JSON has none for it. */
    public static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    @Override
    public void close() throws RunException {
        try {
            out.close();
        } catch (IOException e) {
            throw new RunException(file + " cannot be written: " + Reason.of(e));
        }
    }
}
