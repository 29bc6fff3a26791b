package org.sab4j.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;

/** Sequences of a table by their names, as a model sees them. */
public final class TableSequences {

    private final TableEncoding encoding;
    private final SequenceTargets whole;
    private final Map<String, Batch> found = new LinkedHashMap<>();

    private TableSequences(TableFile file, TableEncoding encoding) {
        this.encoding = encoding;
        whole = new SequenceTargets(file, encoding.classes());
    }

    /**
     * Reads some sequences: each a batch of its own, whole, or the last piece of one that is cut into windows. What has no target is
     * not scored.
     *
     * @param names of the sequences; none for the first by its name
     * @param scratch a folder with room for the table; left as it was
     * @return by name, in the order of the names
     */
    public static Map<String, Batch> read(
            Path data, TableEncoding encoding, List<String> names, Path scratch, int threads) throws IOException {
        TableFile file = TableFile.of(data);
        try (Engine engine = Engine.open(scratch, threads)) {
            EncodedRows rows = EncodedRows.load(engine, file, encoding, false);
            TableSequences sequences = new TableSequences(file, encoding);
            try (SortedRows sorted = rows.sorted()) {
                sequences.take(sorted, names);
            }
            return sequences.inOrder(names, data);
        }
    }

    private void take(SortedRows sorted, List<String> names) throws IOException {
        List<Piece> pieces = new ArrayList<>(); // the last alone
        PieceReader reader = new PieceReader(encoding, piece -> {
            pieces.clear();
            pieces.add(piece);
        });
        List<Double> targets = new ArrayList<>(); // of the sequence's rows
        boolean wanted = false;
        while (sorted.next()) {
            if (sorted.first()) {
                if (wanted) {
                    keep(reader, pieces, targets);
                    if (names.isEmpty()) {
                        return;
                    }
                }
                wanted = names.isEmpty() || names.contains(sorted.sequence());
            }
            if (wanted) {
                targets.add(sorted.target());
                whole.add(sorted);
                reader.add(sorted);
            }
        }
        if (wanted) {
            keep(reader, pieces, targets);
        }
    }

    private void keep(PieceReader reader, List<Piece> pieces, List<Double> targets) {
        reader.finish();
        Piece piece = pieces.getLast();
        double[] aims = new double[piece.steps()];
        Arrays.fill(aims, Double.NaN);
        if (encoding.perStep()) {
            int ahead = targets.size() - piece.steps() + encoding.horizon(); // the piece is the sequence's end
            for (int step = piece.predictedFrom(); step < piece.steps(); step++) {
                int at = step + ahead;
                aims[step] = at < targets.size() ? targets.get(at) : Double.NaN;
            }
        } else {
            aims[piece.steps() - 1] = whole.latest();
        }
        found.put(
                piece.sequence(),
                new Batch(
                        1,
                        piece.steps(),
                        new Inputs.Vectors(piece.inputs(), encoding.inputs()),
                        encoding.targets(aims, ClassWeights.NONE)));
        pieces.clear();
        targets.clear();
    }

    private Map<String, Batch> inOrder(List<String> names, Path data) throws TableException {
        if (names.isEmpty()) {
            return found;
        }
        Map<String, Batch> ordered = new LinkedHashMap<>();
        for (String name : names) {
            @Nullable Batch batch = found.get(name);
            if (batch == null) {
                throw new TableException(
                        data,
                        encoding.sequence().isEmpty()
                                ? "is one sequence without a name: leave --sequence out"
                                : "has no sequence " + TableException.quoted(name) + " in column "
                                        + TableException.quoted(encoding.sequence()));
            }
            ordered.put(name, batch);
        }
        return ordered;
    }
}
