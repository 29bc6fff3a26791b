package org.sab4j.report;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Where a run's outputs looked in the course of training, from the lines of its {@code attention.jsonl}. */
public final class AttentionHistory {

    /** More would not be looked at one by one; beyond it every second is dropped, but for the first and the last. */
    private static final int MOST = 40;

    private static final int MOST_CELLS = 1 << 16;

    private final List<Snapshot> snapshots = new ArrayList<>();
    private long every = 1;
    private long seen;

    /**
     * The attention at an evaluation.
     *
     * @param update when
     * @param steps T
     * @param from the first step that looks, from 1
     * @param weights (rows, columns) by bins of the steps {@code from} … T and of the steps 1 … T
     */
    public record Snapshot(long update, long steps, long from, List<List<Float>> weights) {}

    /** None yet. */
    public AttentionHistory() {}

    /** Forgets all. */
    public void clear() {
        snapshots.clear();
        every = 1;
        seen = 0;
    }

    /** Takes a line; one that is no whole snapshot counts for nothing. */
    public void accept(JsonNode line) {
        List<List<Float>> weights = new ArrayList<>();
        int columns = line.path("weights").path(0).size();
        for (JsonNode row : line.path("weights")) {
            List<Float> values = new ArrayList<>();
            for (JsonNode value : row) {
                values.add(value.isNumber() ? value.floatValue() : 0f);
            }
            weights.add(values);
            if (values.size() != columns || (long) weights.size() * columns > MOST_CELLS) {
                return;
            }
        }
        long steps = line.path("steps").asLong(0);
        long from = line.path("from").asLong(0);
        if (columns == 0 || from < 1 || steps < from) {
            return;
        }
        add(new Snapshot(line.path("update").asLong(0), steps, from, weights));
    }

    /** The last one is always kept; those before it at equal distances. */
    private void add(Snapshot snapshot) {
        if (!snapshots.isEmpty() && (seen - 1) % every != 0) {
            snapshots.removeLast();
        }
        snapshots.add(snapshot);
        seen++;
        if (snapshots.size() > MOST) {
            for (int i = snapshots.size() - 2; i > 0; i -= 2) {
                snapshots.remove(i);
            }
            every *= 2;
        }
    }

    /** Those that are kept, in order. */
    public List<Snapshot> snapshots() {
        return List.copyOf(snapshots);
    }
}
