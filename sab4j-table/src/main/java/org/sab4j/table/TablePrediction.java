package org.sab4j.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.sab4j.batch.Inputs;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.model.SequenceModel;
import org.sab4j.train.Predictor;
import org.sab4j.train.ThreadTeam;

/** Predictions for a whole table, from a file to a file. One call at a time, as a team has one run at a time. */
public final class TablePrediction {

    private final SequenceModel model;
    private final TableEncoding encoding;
    private final ThreadTeam team;

    private static final int MOST_PIECES = 256; // at a time
    private static final long MOST_FLOATS = 1L << 24; // of their inputs, beyond which no other is added

    /**
     * Predictions of a model.
     *
     * @param model whose inputs and outputs are the encoding's
     * @throws IllegalArgumentException if they are not
     */
    public TablePrediction(SequenceModel model, TableEncoding encoding, ThreadTeam team) {
        encoding.checkFit(model.config());
        this.model = model;
        this.encoding = encoding;
        this.team = team;
    }

    /**
     * What was predicted.
     *
     * @param rows of the table
     * @param predictions how many were made
     * @param judgement how good they are, where the table has the target
     */
    public record Result(long rows, long predictions, Optional<Judgement> judgement) {}

    /**
     * How good predictions are.
     *
     * @param judged how many have a target that the model knows, 0 or more
     * @param strangers how many have another, a class that training did not have or no number
     * @param measure of those judged, the share of right classes or the root of the mean squared error
     */
    public record Judgement(long judged, long strangers, double measure) {}

    /**
     * Reads a table and writes a prediction for each step, or for each sequence after its last step.
     *
     * @param out the file, another than {@code data}; what was there is replaced in the end
     * @param notes is told what the user should know: sentences
     * @param progress is told now and then how many rows are done
     * @throws IOException if the table cannot be read or the file cannot be written, or what the model says is no finite number, with one
     *     sentence for the user; nothing is written then
     */
    public Result write(Path data, Path out, PredictionFormat format, Consumer<String> notes, LongConsumer progress)
            throws IOException {
        TableFile file = TableFile.of(data);
        Path folder = Objects.requireNonNull(AtomicFile.destination(out).getParent()); // not after all the work
        if (Files.exists(out) && Files.isSameFile(data, out)) {
            throw new TableException(out, "is the table itself: give the predictions a file of their own");
        }
        try (Engine engine = Engine.open(folder, team.threads())) {
            EncodedRows rows = EncodedRows.load(engine, file, encoding, false);
            try (PredictionTable table = new PredictionTable(engine, encoding, rows.order())) {
                SequenceTargets targets = new SequenceTargets(file, encoding.classes());
                UnknownWords unknown = new UnknownWords(encoding);
                long predictions;
                try (SortedRows sorted = rows.sorted()) {
                    predictions = predict(
                            file,
                            sorted,
                            row -> {
                                targets.add(row);
                                unknown.add(row.raw(), row::word);
                            },
                            table,
                            progress);
                }
                table.write(out, format);
                unknown.notes().forEach(notes);
                if (!encoding.perStep()) {
                    targets.several().ifPresent(notes);
                }
                return new Result(rows.size(), predictions, table.judge(rows.rows()));
            }
        } catch (SQLException e) {
            throw Engine.noRoom(data, e)
                    .orElseGet(() -> new TableException(data, "could not be gone through: " + Engine.reason(e)));
        }
    }

    private long predict(
            TableFile file, SortedRows sorted, Consumer<SortedRows> each, PredictionTable table, LongConsumer progress)
            throws IOException, SQLException {
        Predictor predictor = new Predictor(model, team);
        List<Piece> pieces = new ArrayList<>();
        long[] floats = {0}; // of the pieces that wait
        PieceReader reader = new PieceReader(encoding, piece -> {
            pieces.add(piece);
            floats[0] += piece.inputs().length;
        });
        long predictions = 0;
        long done = 0;
        while (sorted.next()) {
            each.accept(sorted);
            reader.add(sorted);
            done++;
            if (pieces.size() >= MOST_PIECES || floats[0] >= MOST_FLOATS) {
                predictions += keep(file, pieces, outputs(predictor, pieces), table);
                pieces.clear();
                floats[0] = 0;
                progress.accept(done);
            }
        }
        reader.finish();
        predictions += keep(file, pieces, outputs(predictor, pieces), table);
        progress.accept(done);
        return predictions;
    }

    private List<float[]> outputs(Predictor predictor, List<Piece> pieces) {
        return predictor.outputs(pieces.stream()
                .map(piece -> new Inputs.Vectors(piece.inputs(), encoding.inputs()))
                .toList());
    }

    private long keep(TableFile file, List<Piece> pieces, List<float[]> outputs, PredictionTable table)
            throws SQLException, TableException {
        int width = model.config().outputs();
        long count = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            for (int step = piece.predictedFrom(); step < piece.steps(); step++) {
                long row = piece.rows()[step];
                Prediction prediction;
                try {
                    prediction = Prediction.of(encoding.outcome(), outputs.get(i), step * width);
                } catch (ArithmeticException e) {
                    throw new TableException(
                            file.path(),
                            file.place(row)
                                    + (piece.sequence().isEmpty()
                                            ? ""
                                            : ", sequence " + TableException.quoted(piece.sequence()))
                                    + ": " + e.getMessage());
                }
                table.add(row, piece.sequence(), piece.orders()[step], prediction);
                count++;
            }
        }
        return count;
    }
}
