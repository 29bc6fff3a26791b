package org.sab4j.table;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.table.TableEncoding.OrderKind;

/** Predictions in the scratch database, and from there in a file, in the order of the table that they are for. */
final class PredictionTable implements AutoCloseable {

    private final Engine engine;
    private final TableEncoding encoding;
    private final OrderKind order;
    private final DuckDBAppender appender;

    /** An empty one. */
    PredictionTable(Engine engine, TableEncoding encoding, OrderKind order) throws SQLException {
        this.engine = engine;
        this.encoding = encoding;
        this.order = order;
        StringBuilder sql = new StringBuilder("CREATE TABLE predictions (r BIGINT, s VARCHAR, o ")
                .append(order == OrderKind.NUMBER ? "DOUBLE" : "BIGINT")
                .append(", p ");
        switch (encoding.outcome()) {
            case Outcome.Classes classes -> {
                sql.append("VARCHAR");
                for (int c = 0; c < classes.outputs(); c++) {
                    sql.append(", p").append(c).append(" FLOAT");
                }
            }
            case Outcome.Value value -> sql.append("DOUBLE");
        }
        engine.executeBeside(sql.append(')').toString());
        appender = engine.appender("predictions");
    }

    /**
     * Adds a prediction.
     *
     * @param row the row of the table after which it is made
     * @param orderBits as in {@link SortedRows#orderBits}
     */
    void add(long row, String sequence, long orderBits, Prediction prediction) throws SQLException {
        appender.beginRow().append(row).append(sequence);
        if (order == OrderKind.NUMBER) {
            appender.append(Double.longBitsToDouble(orderBits));
        } else {
            appender.append(orderBits);
        }
        switch (prediction) {
            case Prediction.OfClass found -> {
                appender.append(found.name());
                for (float probability : found.probabilities()) {
                    appender.append(probability);
                }
            }
            case Prediction.OfValue found -> appender.append(found.value());
        }
        appender.endRow();
    }

    /** Writes all as a file, as a whole or not at all. */
    void write(Path out, PredictionFormat format) throws IOException {
        AtomicFile.replace(out, beside -> {
            try {
                appender.close();
                engine.executeBeside("COPY (SELECT " + String.join(", ", columns())
                        + " FROM predictions ORDER BY r) TO " + Engine.text(beside.toString()) + " (" + format.sql()
                        + ")");
            } catch (SQLException e) {
                throw new IOException(Engine.reason(e), e);
            }
        });
    }

    /** Compares the predictions with the targets of the table that they are for; empty if it has none. */
    Optional<TablePrediction.Judgement> judge(Rows rows) throws SQLException {
        String targets = rows.targets(encoding.perStep(), encoding.horizon(), order);
        if (targets.isEmpty()) {
            return Optional.empty();
        }
        String joined = "FROM predictions JOIN (" + targets + ") USING (r)";
        String score = switch (encoding.outcome()) {
            case Outcome.Classes classes -> ClassIndex.isRight(classes.names(), "p", "y");
            case Outcome.Value value -> "power(p - " + Rows.number("y") + ", 2)";
        };
        String sql = "SELECT count(d), count(y) - count(d), avg(d) FROM (SELECT y, " + score + " AS d " + joined
                + ") WHERE y IS NOT NULL";
        try (ResultSet found = rows.query(sql)) {
            found.next();
            long judged = found.getLong(1);
            long strangers = found.getLong(2);
            double mean = found.getDouble(3);
            return judged + strangers == 0
                    ? Optional.empty()
                    : Optional.of(new TablePrediction.Judgement(
                            judged, strangers, encoding.outcome() instanceof Outcome.Value ? Math.sqrt(mean) : mean));
        }
    }

    private List<String> columns() {
        List<String> values = new ArrayList<>();
        if (!encoding.sequence().isEmpty()) {
            values.add("s");
        }
        if (encoding.perStep()) {
            values.add(
                    switch (order) {
                        case FILE -> "r";
                        case WHOLE, NUMBER -> "o";
                        case TIME -> "make_timestamp(o)";
                    });
        }
        values.add("p");
        if (encoding.outcome() instanceof Outcome.Classes classes) {
            IntStream.range(0, classes.outputs()).forEach(c -> values.add("p" + c));
        }
        List<String> names = names(encoding);
        return IntStream.range(0, names.size())
                .mapToObj(i -> values.get(i) + " AS " + Engine.name(names.get(i)))
                .toList();
    }

    /** The names of the columns: sequence and order, where there are such, what is predicted, and each class's probability. */
    private static List<String> names(TableEncoding encoding) {
        List<String> wanted = new ArrayList<>();
        if (!encoding.sequence().isEmpty()) {
            wanted.add(encoding.sequence());
        }
        if (encoding.perStep()) {
            wanted.add(encoding.order().isEmpty() ? "row" : encoding.order());
        }
        wanted.add("prediction");
        if (encoding.outcome() instanceof Outcome.Classes classes) {
            classes.names().forEach(name -> wanted.add("probability_" + name));
        }
        return ColumnNames.distinct(wanted);
    }

    /** Those of what is predicted, and of each class's probability. */
    static List<String> answers(TableEncoding encoding) {
        List<String> names = names(encoding);
        int asked = (encoding.sequence().isEmpty() ? 0 : 1) + (encoding.perStep() ? 1 : 0);
        return names.subList(asked, names.size());
    }

    @Override
    public void close() {
        try {
            appender.close();
        } catch (SQLException e) {
            // What was wanted of it is written.
        }
    }
}
