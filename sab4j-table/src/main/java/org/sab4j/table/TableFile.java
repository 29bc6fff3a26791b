package org.sab4j.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.sab4j.checkpoint.Reason;

/** A file that holds a table: where its columns are, how SQL reads it, and where a row stands in it. */
sealed interface TableFile permits CsvFile, ParquetFile {

    /** What a Parquet file begins with. */
    String PARQUET = "PAR1";

    /** A text that begins so: a column may be called so. */
    Pattern TEXT = Pattern.compile(PARQUET + "([^\\p{Cntrl}\uFFFD]|[\\t\\r\\n])");

    /** By so many bytes it is seen what a file holds. */
    int HEAD = 64;

    /** How JSON begins that holds rows: an object, or a list of such. No header of a CSV file begins so. */
    Pattern JSON = Pattern.compile("\\uFEFF?\\s*(\\{\\s*\"|\\[\\s*\\{)");

    /** What files of JSON are called. */
    Pattern JSON_NAME = Pattern.compile("\\.(json|jsonl|ndjson)(\\.gz)?$");

    /** What a column's values are, as far as the file says. */
    enum ValueType {
        /** Words, or anything else that is written as text. */
        TEXT,
        /** Numbers. */
        NUMBER,
        /** Points in time. */
        TIME,
        /** Lists, structures, bytes: of no use here. */
        OTHER
    }

    /**
     * A column.
     *
     * @param index from 0
     * @param name as it stands in the file
     */
    record Column(int index, String name, ValueType type) {}

    /** The file, as the user named it. */
    Path path();

    /** All columns, in the file's order. */
    List<Column> columns(Engine engine) throws TableException;

    /** The table in SQL. */
    String source();

    /** A column in SQL. */
    String sql(Column column);

    /** Where the user finds a row, such as {@code line 17}. */
    String place(long row);

    /** Refuses what the database would read askew in silence. */
    default void check() throws TableException {}

    /** The sentence for a file that can't be read to its end. */
    TableException unreadable(SQLException e);

    /**
     * The sentence for what the database says while it goes through the file: that the disk is full, that memory does not suffice, or that
     * the file is at fault.
     */
    default TableException failure(SQLException e) {
        return Engine.noRoom(path(), e).orElseGet(() -> unreadable(e));
    }

    /** The table that a file holds, Parquet or CSV. */
    static TableFile of(Path path) throws TableException {
        if (Files.isDirectory(path)) {
            throw new TableException(path, "is a folder: give a file, CSV or Parquet");
        } else if (!Files.exists(path)) {
            throw new TableException(path, "does not exist: check the name");
        } else if (!Files.isRegularFile(path)) {
            throw new TableException(
                    path,
                    "is no plain file, and is to be read more than once: write what comes out of it to a file first");
        }
        String first;
        try (InputStream in = Files.newInputStream(path)) {
            first = new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TableException(path, "cannot be read: " + Reason.of(e));
        }
        boolean called = path.toString().endsWith(".parquet");
        if (first.isEmpty() && called) {
            throw new TableException(path, "is empty: write it again");
        } else if (first.isEmpty()) {
            throw new TableException(path, "is empty: it takes a line with the columns' names, and a line a step");
        } else if (first.startsWith(PARQUET) && (called || !TEXT.matcher(first).lookingAt())) {
            return new ParquetFile(path);
        } else if (called) {
            throw new TableException(
                    path, "is called .parquet and is none: write it again, or call it .csv if it is CSV");
        } else if (JSON_NAME.matcher(path.toString()).find()
                || JSON.matcher(first).lookingAt()) {
            throw new TableException(path, "is JSON: give a table as CSV or Parquet");
        }
        return CsvFile.of(path);
    }
}
