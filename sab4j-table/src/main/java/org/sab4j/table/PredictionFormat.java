package org.sab4j.table;

import java.nio.file.Path;
import java.util.Locale;

/** The form of a file of predictions. */
public enum PredictionFormat {
    /** Comma-separated, with a header. */
    CSV("FORMAT csv, HEADER"),
    /** Parquet. */
    PARQUET("FORMAT parquet"),
    /** A JSON object a line. */
    JSONL("FORMAT json");

    private final String sql;

    PredictionFormat(String sql) {
        this.sql = sql;
    }

    /** What DuckDB calls it. */
    String sql() {
        return sql;
    }

    /** What a file's name asks for. */
    public static PredictionFormat of(Path file) throws TableException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return CSV;
        } else if (name.endsWith(".parquet")) {
            return PARQUET;
        } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
            return JSONL;
        }
        throw new TableException(file, "has no ending that tells its form: call it .csv, .parquet or .jsonl");
    }
}
