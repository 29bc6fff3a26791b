package org.sab4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.replay.Replayed;
import org.sab4j.train.TrainEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code metrics.jsonl}: what happened in a run, an object a line. */
public final class Metrics implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final JsonLines lines;
    private final long every;

    private Metrics(JsonLines lines, long every) {
        this.lines = lines;
        this.every = every;
    }

    /**
     * Opens the file, to write behind what is there.
     *
     * @param every of which updates to keep a line: every N-th
     */
    static Metrics open(Path file, long every) throws RunException {
        return new Metrics(JsonLines.open(file), every);
    }

    /**
     * Writes the line of an event, if it has one.
     *
     * @param seconds how long updates have taken so far
     */
    void accept(TrainEvent event, double seconds) throws RunException {
        if (event instanceof TrainEvent.Updated && event.update() % every != 0) {
            return;
        }
        SequencedMap<String, @Nullable Object> line = line(event);
        line.put("seconds", rounded(seconds));
        lines.append(line);
    }

    /** Makes sure that all lines are on the disk. */
    void force() throws RunException {
        lines.force();
    }

    /**
     * An evaluation, as a line tells of it.
     *
     * @param measures the task's; those that were not finite are missing
     */
    public record Evaluation(long update, SequencedMap<String, Double> measures) {}

    /** The evaluations in a file, which may be just being written; none if there is no file. */
    public static List<Evaluation> evaluations(Path file) throws RunException {
        try (var lines = Files.exists(file) ? Files.lines(file, StandardCharsets.ISO_8859_1) : Stream.<String>empty()) {
            return lines.filter(line -> line.startsWith("{\"kind\":\"eval\"") && line.endsWith("}"))
                    .flatMap(line -> evaluation(line).stream())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw RunException.unreadable(file, e);
        }
    }

    /** Empty for a line that a full disk or a crash has broken. */
    private static Optional<Evaluation> evaluation(String line) {
        try {
            return Optional.of(evaluation(JSON.readTree(line)));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Evaluation evaluation(JsonNode line) {
        SequencedMap<String, Double> measures = new LinkedHashMap<>();
        line.properties().forEach(entry -> {
            if (entry.getValue().isNumber() && !entry.getKey().equals("update")) {
                measures.put(entry.getKey(), entry.getValue().asDouble());
            }
        });
        return new Evaluation(line.path("update").asLong(), measures);
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
                line.put("msPerUpdate", rounded(updated.milliseconds()));
                Replayed replayed = updated.replayed();
                line.put("msBackward", rounded(replayed.nanoseconds() / 1e6));
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

    /** A time, to a thousandth of its unit. */
    public static double rounded(double time) {
        return Math.round(time * 1000) / 1000.0;
    }

    @Override
    public void close() throws RunException {
        lines.close();
    }
}
