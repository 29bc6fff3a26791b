package org.sab4j.table;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.sab4j.checkpoint.Reason;

/**
 * A DuckDB database in a folder of its own, which goes when it is closed. It keeps to a bound on memory and puts on disk what
 * exceeds it; it fetches nothing from the network.
 */
final class Engine implements AutoCloseable {

    /** How much it takes at most. */
    private static final String MEMORY = "1 GiB";

    private static final int LONGEST_REASON = 200;
    private static final String FULL =
            ", the disk is full: make room there, or for training give --scratch a folder on another disk, for predictions --out";

    private final Scratch scratch;
    private final Statement statement;
    private final DuckDBConnection other; // what is done while a query's rows are read would end the query
    private final Deque<AutoCloseable> opened;

    /** @param opened all that is closed with it, what was opened last first */
    private Engine(Scratch scratch, Statement statement, DuckDBConnection other, Deque<AutoCloseable> opened) {
        this.scratch = scratch;
        this.statement = statement;
        this.other = other;
        this.opened = opened;
    }

    /**
     * Opens a database.
     *
     * @param parent where its folder is made
     * @param threads at least 1
     */
    static Engine open(Path parent, int threads) throws TableException {
        if (threads < 1) {
            throw new IllegalArgumentException("There must be at least 1 thread: " + threads);
        }
        Scratch scratch;
        if (parent.toAbsolutePath().toString().matches(".*[;?].*")) {
            throw new TableException(
                    parent,
                    "can't be used to put the table there for a while, the database can't take a ; or a ? in a folder's name:"
                            + " name another, for training with --scratch, for predictions with --out");
        }
        try {
            scratch = Scratch.in(parent);
        } catch (IOException e) {
            throw new TableException(
                    parent,
                    "can't be used to put the table there for a while: " + reason(e)
                            + " (for training --scratch names a folder, for predictions --out a file in one)");
        }
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(scratch);
        try {
            Path folder = scratch.folder();
            Properties properties = new Properties();
            properties.setProperty("autoinstall_known_extensions", "false");
            properties.setProperty("autoload_known_extensions", "false");
            properties.setProperty("jdbc_stream_results", "true"); // or a result would be held in memory as a whole
            DuckDBConnection connection = new DuckDBDriver()
                    .connect("jdbc:duckdb:" + folder.resolve("rows.db"), properties)
                    .unwrap(DuckDBConnection.class);
            opened.push(connection);
            DuckDBConnection other = connection.duplicate();
            opened.push(other);
            Engine engine = new Engine(scratch, connection.createStatement(), other, opened);
            engine.set("memory_limit", MEMORY);
            engine.set("TimeZone", "UTC"); // a text without an offset is in UTC, whatever the machine's zone is
            engine.set("threads", String.valueOf(threads));
            engine.set(
                    "disabled_optimizers",
                    "in_clause"); // each IN would become a join, in tables of many columns hundreds
            engine.set("temp_directory", folder.resolve("spilled").toString());
            return engine;
        } catch (SQLException | LinkageError | RuntimeException e) {
            // Where its library does not load, a class that can't be initialised throws the second kind.
            close(opened);
            if (e instanceof SQLException full && isFull(full)) {
                throw new TableException(parent, "has no room for the table" + FULL);
            }
            TableException failure =
                    new TableException("tables can't be read here, the database for them does not start in " + parent
                            + ": " + (e instanceof LinkageError ? library(cause(e)) : cause(e)));
            failure.initCause(e);
            throw failure;
        }
    }

    private static String library(String reason) {
        return "its library does not load from " + System.getProperty("java.io.tmpdir") + ", where it is unpacked: "
                + reason + " (SAB_JAVA_OPTS=-Djava.io.tmpdir=DIR names another folder)";
    }

    /** What the innermost cause says, in a line. */
    private static String cause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return line(cause instanceof Exception failure ? Reason.of(failure) : String.valueOf(cause.getMessage()));
    }

    private void set(String option, String value) throws SQLException {
        execute("SET " + option + " = " + text(value));
    }

    /** A file's name as a literal for the functions that read files: it is no pattern, and nothing in it has a meaning. */
    static String file(Path path) {
        return text(path.toAbsolutePath().toString().replaceAll("[*?\\[]", "[$0]"));
    }

    /** Its folder, for what is needed as long as the database is. */
    Path folder() {
        return scratch.folder();
    }

    /** Runs a statement that returns nothing. */
    void execute(String sql) throws SQLException {
        statement.execute(sql);
    }

    /** Runs a query; its rows come as they are found. */
    ResultSet query(String sql) throws SQLException {
        return statement.executeQuery(sql);
    }

    /** Runs a statement while a query's rows are being read. */
    void executeBeside(String sql) throws SQLException {
        try (Statement beside = other.createStatement()) {
            beside.execute(sql);
        }
    }

    /** Adds rows to a table while a query's rows are being read. */
    DuckDBAppender appender(String table) throws SQLException {
        return other.createAppender(table);
    }

    /** A text in SQL. */
    static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A name in SQL. */
    static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "nothing may be written there";
            case FileAlreadyExistsException there -> "it is a file, not a folder";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Whether the disk has no room left: the database puts there at most what was free when it began. */
    private static boolean isFull(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left on device") || message.contains("max_temp_directory_size");
    }

    /** Whether something had to be in memory at once, and is too large for it. */
    private static boolean isTooLarge(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("Out of Memory Error") || message.contains("failed to pin block");
    }

    /** The sentence for it where there is no room for a table, on disk or in memory; empty where something else is wrong. */
    static Optional<TableException> noRoom(Path table, SQLException e) {
        if (isFull(e)) {
            return Optional.of(full(table));
        }
        return isTooLarge(e)
                ? Optional.of(new TableException(
                        table,
                        "does not fit into the " + MEMORY
                                + " of memory that reading may take: write smaller row groups, if it is"
                                + " Parquet, or shorter values; or take fewer --threads"))
                : Optional.empty();
    }

    /** The sentence for a disk that is full. */
    private static TableException full(Path table) {
        return new TableException(table, "has no room where it is put for a while" + FULL);
    }

    /** What went wrong, in a line. */
    static String reason(SQLException e) {
        return line(String.valueOf(e.getMessage()));
    }

    private static String line(String text) {
        String message = text.lines().findFirst().orElse("");
        return message.length() <= LONGEST_REASON ? message : message.substring(0, LONGEST_REASON) + "…";
    }

    @Override
    public void close() {
        close(opened);
    }

    /** Closes each by itself: what can't be closed keeps nothing else open. */
    static void close(Deque<AutoCloseable> opened) {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (Exception e) {
                // Nothing in it is needed any more.
            }
        }
    }
}
