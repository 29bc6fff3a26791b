package org.sab4j.table;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.head.LossSums;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Measure;
import org.sab4j.task.Part;

/**
 * A table as a task. Its rows are in a file without a name, whose room on the disk is free again when the task is closed, or, where nobody
 * closes it, some time after its last use; a process that goes on and opens many closes each.
 */
public final class TableTask implements FiniteTask, AutoCloseable {

    private final PackedTable table;
    private final TableEncoding encoding;
    private final Map<Part, Pieces> parts;
    private final int[][] words;
    private final float[] weights;
    private final int steps;

    /**
     * A task.
     *
     * @param words for each feature the place in the encoding of each word of the table, or {@link Feature#UNKNOWN}; empty for
     *     numbers
     */
    TableTask(PackedTable table, TableEncoding encoding, Map<Part, Pieces> parts, int[][] words) {
        this.table = table;
        this.encoding = encoding;
        this.parts = parts;
        this.words = words;
        weights = encoding.outcome() instanceof Outcome.Classes classes
                ? ClassWeights.array(classes.weights())
                : ClassWeights.NONE;
        steps = parts.values().stream().mapToInt(Pieces::longest).max().orElse(0);
    }

    /** How the table becomes vectors; to be kept with the model. */
    public TableEncoding encoding() {
        return encoding;
    }

    /** How many rows the table has. */
    public long rows() {
        return table.rows();
    }

    /** What tells the table from others: its size, and a check sum of what was taken from it. */
    public String fingerprint() {
        return table.rows() + " rows, " + table.sequences() + " sequences, " + Long.toHexString(table.sum());
    }

    /** How many sequences the table has. */
    int tableSequences() {
        return table.sequences();
    }

    @Override
    public String name() {
        return encoding.goal().title();
    }

    @Override
    public int inputs() {
        return encoding.inputs();
    }

    @Override
    public boolean vectors() {
        return true;
    }

    @Override
    public int outputs() {
        return encoding.outcome().outputs();
    }

    @Override
    public int steps() {
        return steps;
    }

    private Pieces pieces(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    @Override
    public int sequences(Part part) {
        return pieces(part).size();
    }

    @Override
    public Batch batch(Part part, int[] indices) {
        Pieces pieces = pieces(part);
        int longest = Arrays.stream(indices).map(pieces::length).max().orElse(1);
        int cells = Math.multiplyExact(indices.length, longest);
        float[] inputs = new float[Math.multiplyExact(cells, inputs())];
        double[] targets = new double[cells];
        Arrays.fill(targets, Double.NaN);
        double[] raw = new double[encoding.features().size()];
        for (int b = 0; b < indices.length; b++) {
            int piece = indices[b];
            for (int t = 0; t < pieces.length(piece); t++) {
                long row = pieces.from(piece) + t;
                for (int i = 0; i < raw.length; i++) {
                    raw[i] = raw(row, i);
                }
                encoding.encode(raw, inputs, (b * longest + t) * inputs());
                targets[b * longest + t] = pieces.target(piece, t);
            }
        }
        return new Batch(
                indices.length, longest, new Inputs.Vectors(inputs, inputs()), encoding.targets(targets, weights));
    }

    private double raw(long row, int feature) {
        double raw = table.raw(row, feature);
        return raw >= 0 && words[feature].length > 0 ? words[feature][(int) raw] : raw;
    }

    /** Frees its file's room. There are no batches any more, {@link #batch} throws an {@link IllegalStateException}. */
    @Override
    public void close() {
        table.close();
    }

    /** {@code accuracy} and {@code crossEntropy}, or {@code rmse} in the target's own unit. */
    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        return switch (encoding.outcome()) {
            case Outcome.Classes classes -> Measure.all(sums, Measure.ACCURACY, Measure.CROSS_ENTROPY);
            case Outcome.Value value -> {
                SequencedMap<String, Double> measures = Measure.all(sums, Measure.RMSE);
                measures.replaceAll((name, rmse) -> rmse * value.deviation());
                yield measures;
            }
        };
    }
}
