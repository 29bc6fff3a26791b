package org.sab4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.explain.AttentionMap;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.task.Task;

/**
 * {@code attention.jsonl}: where the outputs looked at each evaluation, on a few sequences that stay the same, an object a line.
 *
 * <p>It costs a forward pass over {@link #SEQUENCES} sequences, where an evaluation makes thousands.
 */
final class AttentionLog implements AutoCloseable {

    private static final String STREAM = "attention";
    private static final int SEQUENCES = 8;
    private static final int MOST_ROWS = 48;
    private static final int MOST_COLUMNS = 128;

    private final JsonLines lines;
    private final int from;
    private final Batch batch;

    private AttentionLog(JsonLines lines, int from, Batch batch) {
        this.lines = lines;
        this.from = from;
        this.batch = batch;
    }

    /** Opens the file, to write behind what is there. */
    static AttentionLog open(Path file, Task task, long seed) throws RunException {
        Batch batch = task.batch(SEQUENCES, RandomStream.of(seed, STREAM));
        return new AttentionLog(JsonLines.open(file), task.reportFrom(), batch);
    }

    /** Writes the line of a model. */
    void accept(long update, SequenceModel model) throws RunException {
        AttentionMap map = AttentionMap.of(model, batch, from, MOST_ROWS, MOST_COLUMNS);
        SequencedMap<String, Object> line = new LinkedHashMap<>();
        line.put("kind", "attention");
        line.put("update", update);
        line.put("sequences", SEQUENCES);
        line.put("steps", map.steps());
        line.put("from", map.from() + 1); // people count from 1
        line.put("weights", weights(map));
        lines.append(line);
    }

    private static List<List<Float>> weights(AttentionMap map) {
        List<List<Float>> rows = new ArrayList<>();
        for (int row = 0; row < map.rows(); row++) {
            List<Float> columns = new ArrayList<>();
            for (int column = 0; column < map.columns(); column++) {
                columns.add(Math.round(map.weights()[row * map.columns() + column] * 1000) / 1000f);
            }
            rows.add(columns);
        }
        return rows;
    }

    /** Makes sure that all lines are on the disk. */
    void force() throws RunException {
        lines.force();
    }

    @Override
    public void close() throws RunException {
        lines.close();
    }
}
