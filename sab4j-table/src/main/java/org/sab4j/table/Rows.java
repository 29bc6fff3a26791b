package org.sab4j.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.table.TableEncoding.OrderKind;
import org.sab4j.table.TableFile.Column;
import org.sab4j.table.TableFile.ValueType;

/**
 * A table in the scratch database, {@code rows}: {@code r} the number of the row in the file from 1, {@code s} sequence, {@code
 * o} order, {@code y} target, {@code f0, f1, …} features. Texts are without blanks around them, and NULL where they mean that nothing is known.
 */
final class Rows {

    /** Texts that mean that nothing is known. */
    static final List<String> MISSING =
            List.of("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "-NaN", "-nan", "-nan(ind)", "NULL", "null");
    /** Columns that place a row: --missing is not about them. */
    private static final List<String> KEYS = List.of("s", "o");

    /** What a column's values are. */
    enum Kind {
        NUMBER,
        TIME,
        CATEGORY
    }

    private final Engine engine;
    private final TableFile file;
    private final Selection selection;

    private Rows(Engine engine, TableFile file, Selection selection) {
        this.engine = engine;
        this.file = file;
        this.selection = selection;
    }

    /** Copies the selected columns into the database. */
    static Rows load(Engine engine, TableFile file, Selection selection, List<String> missing) throws TableException {
        Rows rows = new Rows(engine, file, selection);
        StringBuilder sql = new StringBuilder("CREATE TABLE rows AS SELECT row_number() OVER () AS r");
        rows.columns()
                .forEach((name, column) -> sql.append(", ")
                        .append(rows.copied(column, KEYS.contains(name) ? List.of() : missing))
                        .append(" AS ")
                        .append(name));
        file.check();
        try {
            engine.execute(sql.append(" FROM ").append(file.source()).toString());
        } catch (SQLException e) {
            throw file.failure(e);
        }
        return rows;
    }

    /** The columns by their names in the database. */
    Map<String, Column> columns() {
        Map<String, Column> columns = new LinkedHashMap<>();
        put(columns, "s", selection.sequence());
        put(columns, "o", selection.order());
        put(columns, "y", selection.target());
        for (int i = 0; i < selection.features().size(); i++) {
            columns.put("f" + i, selection.features().get(i));
        }
        return columns;
    }

    private static void put(Map<String, Column> columns, String name, @Nullable Column column) {
        if (column != null) {
            columns.put(name, column);
        }
    }

    /** A column's values but those that stand for missing ones: a text as it is written, or the same number or time. */
    private String copied(Column column, List<String> missing) {
        String sql = file.sql(column);
        return switch (column.type()) {
            case TIME -> "CASE WHEN NOT " + isOneOf(time(sql), times(missing), "TIMESTAMPTZ") + " THEN " + sql + " END";
            case NUMBER -> {
                String number = "try_cast(" + sql + " AS DOUBLE)";
                // A decimal of single precision is not that of double precision.
                String single = "typeof(" + sql + ") = 'FLOAT' AND " + isOneOf(sql, singles(missing), "FLOAT");
                yield "CASE WHEN NOT (isnan(" + number + ") OR " + isOneOf(number, numbers(missing), "DOUBLE") + " OR ("
                        + single + ")) THEN " + sql + " END";
            }
            default -> {
                String text = "trim(CAST(" + sql + " AS VARCHAR))";
                String number = "CASE WHEN " + isWritten(text) + " THEN try_cast(" + text + " AS DOUBLE) END";
                Stream<String> words = Stream.concat(MISSING.stream(), missing.stream());
                yield "CASE WHEN NOT (" + isOneOf(text, words, "VARCHAR") + " OR "
                        + isOneOf(number, numbers(missing), "DOUBLE") + " OR "
                        + isOneOf(time(text), times(missing), "TIMESTAMPTZ") + ") THEN " + text + " END";
            }
        };
    }

    private static Stream<String> numbers(List<String> missing) {
        return missing.stream()
                .filter(text -> StreamRow.parsed(text).isPresent() || text.matches("(?i)[-+]?inf(inity)?"));
    }

    /** Those numbers that single precision has, too: 1e300 and 1e-300 are no infinity and no 0. */
    private static Stream<String> singles(List<String> missing) {
        return numbers(missing).filter(text -> {
            double number = StreamRow.parsed(text).orElse(0); // or infinity in letters
            float single = (float) number;
            return Float.isFinite(single) && (single != 0 || number == 0);
        });
    }

    private static Stream<String> times(List<String> missing) {
        return missing.stream().filter(text -> TimeText.micros(text).isPresent());
    }

    private static String isOneOf(String x, Stream<String> texts, String type) {
        String list = texts.map(text -> "try_cast(" + Engine.text(text) + " AS " + type + ")")
                .collect(Collectors.joining(", "));
        return list.isEmpty() ? "false" : "coalesce(" + x + " IN (" + list + "), false)";
    }

    /** A text without the blanks around it that the database's {@code trim} takes away: those that Unicode calls space separators. */
    static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && Character.getType(text.charAt(from)) == Character.SPACE_SEPARATOR) {
            from++;
        }
        while (from < to && Character.getType(text.charAt(to - 1)) == Character.SPACE_SEPARATOR) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The file. */
    TableFile file() {
        return file;
    }

    /** What was selected. */
    Selection selection() {
        return selection;
    }

    /** Runs a query over {@code rows}. */
    ResultSet query(String sql) throws SQLException {
        return engine.query(sql);
    }

    /** A column's most frequent words, the most frequent first. */
    List<String> words(String name, int most) throws TableException {
        List<String> words = new ArrayList<>();
        String sql = "SELECT CAST(" + name + " AS VARCHAR) AS w, count(*) AS n FROM rows WHERE " + name
                + " IS NOT NULL GROUP BY w ORDER BY n DESC, w LIMIT " + most;
        try (ResultSet found = engine.query(sql)) {
            while (found.next()) {
                words.add(found.getString(1));
            }
        } catch (SQLException e) {
            throw file.failure(e);
        }
        return words;
    }

    /** Gives each of a feature's words a number, the most frequent 0; returns how many there are. */
    int numberWords(int feature) throws TableException {
        String word = "CAST(f" + feature + " AS VARCHAR)";
        try {
            engine.execute("CREATE TABLE words" + feature + " AS SELECT " + word + " AS word, "
                    + "row_number() OVER (ORDER BY count(*) DESC, " + word + ") - 1 AS number FROM rows WHERE f"
                    + feature + " IS NOT NULL GROUP BY " + word);
            try (ResultSet count = engine.query("SELECT count(*) FROM words" + feature)) {
                count.next();
                return count.getInt(1);
            }
        } catch (SQLException e) {
            throw file.failure(e);
        }
    }

    /** The words of a feature that have those numbers. */
    Map<Integer, String> numberedWords(int feature, List<Integer> numbers) throws TableException {
        Map<Integer, String> words = new HashMap<>();
        String list = numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
        try (ResultSet found =
                engine.query("SELECT number, word FROM words" + feature + " WHERE number IN (" + list + ")")) {
            while (found.next()) {
                words.put(found.getInt(1), found.getString(2));
            }
        } catch (SQLException e) {
            throw file.failure(e);
        }
        return words;
    }

    /**
     * All rows, by sequence and order.
     *
     * @param features how to read each; a category's words by their index
     * @param classes the target's; null if the target is a number, or there is none
     */
    SortedRows sorted(List<FeatureReader> features, @Nullable List<String> classes, OrderKind order)
            throws TableException {
        StringBuilder from = new StringBuilder(" FROM rows");
        List<String> columns = new ArrayList<>();
        columns.add("r");
        columns.add((selection.sequence() == null ? "''" : "CAST(s AS VARCHAR)") + " AS k");
        columns.add(place(order) + " AS p");
        columns.add(target(classes != null));
        for (int i = 0; i < features.size(); i++) {
            FeatureReader feature = features.get(i);
            columns.add(feature.numbered() ? "words" + i + ".number" : value("f" + i, feature.kind()));
            if (feature.numbered()) {
                from.append(" LEFT JOIN words" + i + " ON words" + i + ".word = CAST(f" + i + " AS VARCHAR)");
            }
        }
        try {
            ResultSet found = engine.query("SELECT " + String.join(", ", columns) + from + " ORDER BY k, p, r");
            return new SortedRows(this, found, features, classes == null ? null : new ClassIndex(classes), order);
        } catch (SQLException e) {
            throw file.failure(e);
        }
    }

    /**
     * A query for the target {@code y} of what is predicted after row {@code r}; empty where there is none.
     *
     * @param horizon how many rows behind it stands, where each step has its own; otherwise the sequence's, after its last row
     */
    String targets(boolean perStep, int horizon, OrderKind order) {
        if (selection.target() == null || selection.target().type() == ValueType.TIME) {
            return "";
        }
        String sequence = selection.sequence() == null ? "" : "PARTITION BY s ";
        return perStep
                ? "SELECT r, lead(y, " + horizon + ") OVER (" + sequence + "ORDER BY " + place(order)
                        + ", r) AS y FROM rows"
                : "SELECT first(r ORDER BY " + place(order)
                        + " DESC, r DESC) AS r, first(y ORDER BY " + place(order)
                        + ", r) FILTER (y IS NOT NULL) AS y FROM rows"
                        + (selection.sequence() == null ? "" : " GROUP BY s");
    }

    private static String place(OrderKind order) {
        return switch (order) {
            case FILE -> "r";
            case WHOLE -> "try_cast(o AS BIGINT)";
            case NUMBER -> "try_cast(o AS DOUBLE)";
            case TIME -> "epoch_us(" + time("o") + ")";
        };
    }

    private static String value(String x, Kind kind) {
        return switch (kind) {
            case NUMBER -> number(x);
            case TIME -> "epoch(" + time(x) + ")";
            case CATEGORY -> "CAST(" + x + " AS VARCHAR)";
        };
    }

    private String target(boolean word) {
        if (selection.target() == null || (!word && selection.target().type() == ValueType.TIME)) {
            return "NULL";
        }
        return word ? "CAST(y AS VARCHAR)" : number("y");
    }

    /** A point in time in SQL, by its offset if it has one, otherwise in UTC; NULL for what is none. */
    static String time(String x) {
        return "CASE WHEN "
                + isNoTextOr(x, "regexp_full_match(CAST(" + x + " AS VARCHAR), '" + TimeText.SQL_FORM + "')")
                + " THEN try_cast(" + x + " AS TIMESTAMPTZ) END";
    }

    /** A number in SQL; NULL for what is none or not finite. */
    static String number(String x) {
        return "CASE WHEN " + isWritten(x) + " AND isfinite(try_cast(" + x + " AS DOUBLE)) THEN try_cast(" + x
                + " AS DOUBLE) END";
    }

    /** Whether, in SQL, a value that can be cast to a number is written as one: {@code 6_4}, which can, is a word. */
    static String isWritten(String x) {
        return isNoTextOr(x, "NOT contains(CAST(" + x + " AS VARCHAR), '_')");
    }

    private static String isNoTextOr(String x, String condition) {
        return "(typeof(" + x + ") <> 'VARCHAR' OR " + condition + ")";
    }
}
