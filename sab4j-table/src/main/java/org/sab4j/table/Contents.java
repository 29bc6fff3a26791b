package org.sab4j.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sab4j.table.TableEncoding.OrderKind;
import org.sab4j.table.TableFile.Column;
import org.sab4j.table.TableFile.ValueType;

/** What stands in a table's columns, and whether it is what it must be. */
final class Contents {

    /**
     * What was counted of a column.
     *
     * @param values that are there
     * @param numbers of those
     * @param whole of those
     * @param times of the values
     * @param commas values that are numbers with a comma in them
     * @param dates values that are dates with the day first
     * @param firstGap the first row without a value; 0 if all have one
     */
    private record Count(long values, long numbers, long whole, long times, long commas, long dates, long firstGap) {}

    private static final String COMMA_NUMBER = "[+-]?([0-9.]+,[0-9]+|[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?)";
    private static final String DAY_FIRST = "[0-9]{1,2}[./-][0-9]{1,2}[./-](19|20)[0-9]{2}([ T,].*)?";

    /** The largest number to learn a scale from: a sum of squares of very many stays finite. */
    private static final double MOST = 1e140;

    private static final int COLUMNS_AT_A_TIME = 32;

    private final Rows rows;
    private final boolean training;
    private final Map<String, Count> counts = new HashMap<>();
    private long size;

    private Contents(Rows rows, boolean training) {
        this.rows = rows;
        this.training = training;
    }

    /**
     * Looks through a table; refuses one without rows.
     *
     * @param training whether it is trained on, so that the options of training can mend what is wrong
     */
    static Contents of(Rows rows, boolean training) throws TableException {
        Contents contents = new Contents(rows, training);
        contents.count();
        return contents;
    }

    /** Some columns at a time: what the database takes to understand a query grows with the square of its length. */
    private void count() throws TableException {
        Map<String, Column> some = new LinkedHashMap<>();
        for (Map.Entry<String, Column> column : rows.columns().entrySet()) {
            some.put(column.getKey(), column.getValue());
            if (some.size() == COLUMNS_AT_A_TIME) {
                count(some);
                some.clear();
            }
        }
        count(some);
        if (size == 0) {
            throw new TableException(rows.file().path(), "has no rows: it takes a line a step behind the header");
        }
    }

    private void count(Map<String, Column> columns) throws TableException {
        StringBuilder sql = new StringBuilder("SELECT count(*)");
        columns.forEach((x, column) -> {
            boolean time = column.type() == ValueType.TIME;
            sql.append(", count(").append(x).append(')');
            sql.append(time ? ", 0, 0" : ", count(CASE WHEN " + isNumber(x) + " THEN 1 END)");
            sql.append(time ? "" : ", count(CASE WHEN " + isWhole(x, column.type()) + " THEN 1 END)");
            sql.append(column.type() == ValueType.NUMBER ? ", 0" : ", count(" + Rows.time(x) + ")");
            if (column.type() == ValueType.TEXT) { // a quick look first, since few values can be such
                sql.append(like("contains(" + x + ", ',')", x, COMMA_NUMBER));
                sql.append(like("length(" + x + ") >= 8", x, DAY_FIRST));
            } else {
                sql.append(", 0, 0");
            }
            sql.append(", min(CASE WHEN ").append(x).append(" IS NULL THEN r END)");
        });
        try (ResultSet found = rows.query(sql.append(" FROM rows").toString())) {
            found.next();
            size = found.getLong(1);
            int at = 2;
            for (String name : columns.keySet()) {
                counts.put(
                        name,
                        new Count(
                                found.getLong(at),
                                found.getLong(at + 1),
                                found.getLong(at + 2),
                                found.getLong(at + 3),
                                found.getLong(at + 4),
                                found.getLong(at + 5),
                                found.getLong(at + 6)));
                at += 7;
            }
        } catch (SQLException e) {
            throw rows.file().failure(e);
        }
    }

    private static String like(String first, String x, String form) {
        return ", count(CASE WHEN " + first + " AND regexp_full_match(" + x + ", '" + form + "') THEN 1 END)";
    }

    /** A finite number, in training one that can be reckoned with. */
    private String isNumber(String x) {
        String value = "try_cast(" + x + " AS DOUBLE)";
        return "(" + Rows.isWritten(x) + " AND isfinite(" + value + ")"
                + (training ? " AND abs(" + value + ") <= " + MOST : "") + ")";
    }

    private static String isWhole(String x, ValueType type) {
        return type == ValueType.NUMBER
                ? "try_cast(" + x + " AS BIGINT) = " + x
                : "regexp_full_match(" + x + ", '[+-]?[0-9]{1,19}') AND try_cast(" + x + " AS BIGINT) IS NOT NULL";
    }

    private Count counted(String name) {
        return Objects.requireNonNull(counts.get(name));
    }

    /** How many rows there are. */
    long size() {
        return size;
    }

    /** What a feature's values are, by what most of them look like. */
    Rows.Kind kind(int feature) {
        return kind("f" + feature, rows.selection().features().get(feature));
    }

    private Rows.Kind kind(String name, Column column) {
        Count count = counted(name);
        if (column.type() == ValueType.NUMBER || 2 * (count.numbers() + count.commas()) > count.values()) {
            return Rows.Kind.NUMBER;
        }
        return column.type() == ValueType.TIME || 2 * (count.times() + count.dates()) > count.values()
                ? Rows.Kind.TIME
                : Rows.Kind.CATEGORY;
    }

    /** Refuses a feature whose values are not all of that kind. */
    void checkFeature(int feature, Rows.Kind kind) throws TableException {
        check(
                "f" + feature,
                rows.selection().features().get(feature),
                kind,
                "; or take all of them for names with --categorical "
                        + shell(rows.selection().features().get(feature).name()));
    }

    /** Without another remedy a value can't be left out either. */
    private void check(String name, Column column, Rows.Kind kind, @Nullable String otherRemedy) throws TableException {
        Count count = counted(name);
        boolean right = switch (kind) {
            case NUMBER -> count.numbers() == count.values();
            case TIME -> count.times() == count.values();
            case CATEGORY -> true;
        };
        if (right) {
            return;
        } else if (column.type() == (kind == Rows.Kind.NUMBER ? ValueType.TIME : ValueType.NUMBER)) {
            throw new TableException(
                    rows.file().path(),
                    "column " + TableException.quoted(column.name()) + " must hold "
                            + (kind == Rows.Kind.NUMBER ? "numbers, and holds times" : "times, and holds numbers"));
        }
        String good = kind == Rows.Kind.NUMBER ? isNumber(name) : Rows.time(name) + " IS NOT NULL";
        String sql = "SELECT r, CAST(" + name + " AS VARCHAR) FROM rows WHERE " + name
                + " IS NOT NULL AND NOT coalesce(" + good + ", false) ORDER BY r LIMIT 1";
        try (ResultSet found = rows.query(sql)) {
            found.next();
            String text = found.getString(2);
            throw new TableException(
                    rows.file().path(),
                    rows.file().place(found.getLong(1)) + ": column " + TableException.quoted(column.name()) + " holds "
                            + (kind == Rows.Kind.NUMBER ? "numbers" : "times") + ", and here it is "
                            + TableException.quoted(text) + ": " + remedy(text, kind, otherRemedy));
        } catch (SQLException e) {
            throw rows.file().failure(e);
        }
    }

    private String remedy(String text, Rows.Kind kind, @Nullable String otherRemedy) {
        String other = training && otherRemedy != null ? otherRemedy : "";
        boolean number = kind == Rows.Kind.NUMBER;
        if (number && text.matches(COMMA_NUMBER)) {
            return "write numbers without a comma, as in 1234.5" + other;
        } else if (!number && text.matches(DAY_FIRST)) {
            return "write it with the year first, as in 2025-12-31 23:59:59" + other;
        } else if (number && ClassIndex.number(text).isPresent()) {
            return "that is too large to reckon with, mend it or put the column in a larger unit";
        } else if (otherRemedy == null) {
            return "mend it";
        }
        return training
                ? "mend it, or add --missing " + shell(text) + " if it means that nothing is known" + other
                : "mend it, or leave it empty if nothing is known";
    }

    /** A word as one types it in a shell. */
    private static String shell(String word) {
        return word.matches("[\\w./:+-]+") ? word : TableException.quoted(word);
    }

    /** Refuses rows without a sequence or an order, and finds how order's values compare. */
    OrderKind checkKeys() throws TableException {
        if (rows.selection().sequence() != null) {
            checkGap("s", rows.selection().sequence(), "sequence");
        }
        Column order = rows.selection().order();
        if (order == null) {
            return OrderKind.FILE;
        }
        checkGap("o", order, "order");
        Rows.Kind kind = kind("o", order);
        if (kind == Rows.Kind.CATEGORY) {
            throw new TableException(
                    rows.file().path(),
                    "column " + TableException.quoted(order.name())
                            + " can't order rows, it holds neither numbers nor times (such as 2025-12-31 23:59:59): "
                            + (training
                                    ? "give another --order, or none for the file's order"
                                    : "the model was trained on such, mend it"));
        }
        check("o", order, kind, null);
        if (kind == Rows.Kind.TIME) {
            return OrderKind.TIME;
        }
        return counted("o").whole() == counted("o").values() ? OrderKind.WHOLE : OrderKind.NUMBER;
    }

    private void checkGap(String name, Column column, String role) throws TableException {
        long row = counted(name).firstGap();
        if (row > 0) {
            throw new TableException(
                    rows.file().path(),
                    rows.file().place(row) + ": column " + TableException.quoted(column.name()) + ", the " + role
                            + ", has no value (NA, N/A, NaN, NULL and the like stand for none): fill it in, or take the row out");
        }
    }

    /** Refuses a target whose values are not all numbers. */
    void checkNumericTarget(Goal goal) throws TableException {
        Column target = Objects.requireNonNull(rows.selection().target());
        if (kind("y", target) != Rows.Kind.NUMBER) {
            throw new TableException(
                    rows.file().path(),
                    "column " + TableException.quoted(target.name()) + " holds no numbers, which " + goal.title()
                            + " needs" + (training ? ": sab train classify learns classes" : ": mend it"));
        }
        check("y", target, Rows.Kind.NUMBER, "");
        checkAny(target);
    }

    /** The classes of the target, in order. */
    List<String> classes(int most) throws TableException {
        Column target = Objects.requireNonNull(rows.selection().target());
        checkAny(target);
        List<String> classes = rows.words("y", most + 1);
        if (classes.size() > most) {
            throw new TableException(
                    rows.file().path(),
                    "column " + TableException.quoted(target.name()) + " has more than " + most
                            + " different values, too many to be classes: "
                            + (kind("y", target) == Rows.Kind.NUMBER
                                    ? "sab train regress learns numbers"
                                    : "make one word of those that are rare"));
        }
        boolean numbers = ClassIndex.areNumbers(classes);
        if (numbers) { // 1 and 1.0 are one class
            Set<Double> seen = new HashSet<>();
            classes.removeIf(word -> !seen.add(ClassIndex.number(word).orElseThrow()));
        }
        if (classes.size() == 1) {
            throw new TableException(
                    rows.file().path(),
                    "column " + TableException.quoted(target.name()) + " is "
                            + TableException.quoted(classes.getFirst())
                            + " in every row: there must be two classes at least to tell apart");
        }
        classes.sort(numbers ? Comparator.comparingDouble(Double::parseDouble) : Comparator.naturalOrder());
        return classes;
    }

    private void checkAny(Column target) throws TableException {
        if (counted("y").values() == 0) {
            throw new TableException(
                    rows.file().path(),
                    "column " + TableException.quoted(target.name()) + ", the target, is empty in every row: fill it in"
                            + (training ? ", or name another --target" : ""));
        }
    }
}
