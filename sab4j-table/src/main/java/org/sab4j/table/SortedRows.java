package org.sab4j.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sab4j.table.TableEncoding.OrderKind;

/** The rows of a table by sequence and order, one after the other. Two rows of a sequence never have the same order. */
final class SortedRows implements AutoCloseable {

    /** The target of a row that has none. */
    private static final double NONE = Double.NaN;

    private final Rows rows;
    private final ResultSet found;
    private final List<FeatureReader> features;
    private final @Nullable ClassIndex classes;
    private final OrderKind orderKind;

    private String sequence = "";
    private boolean first;
    private boolean any;
    private long row;
    private long order; // the number, or the bits of one with a fraction
    private double target;
    private boolean stranger;
    private final double[] raw;
    private final @Nullable String[] words; // of categories

    SortedRows(
            Rows rows,
            ResultSet found,
            List<FeatureReader> features,
            @Nullable ClassIndex classes,
            OrderKind orderKind) {
        this.rows = rows;
        this.found = found;
        this.features = features;
        this.classes = classes;
        this.orderKind = orderKind;
        raw = new double[features.size()];
        words = new String[features.size()];
    }

    /** Goes to the next row; false if there is none. */
    boolean next() throws TableException {
        try {
            if (!found.next()) {
                return false;
            }
            long before = row;
            long orderBefore = order;
            row = found.getLong(1);
            String name = found.getString(2);
            first = !any || !name.equals(sequence);
            any = true;
            sequence = name;
            order = orderKind == OrderKind.NUMBER ? Double.doubleToLongBits(found.getDouble(3)) : found.getLong(3);
            if (!first && order == orderBefore && orderKind != OrderKind.FILE) {
                throw twice(before);
            }
            target = readTarget();
            for (int i = 0; i < raw.length; i++) {
                raw[i] = raw(i);
            }
            return true;
        } catch (SQLException e) {
            throw rows.file().failure(e);
        }
    }

    private TableException twice(long before) {
        TableFile file = rows.file();
        String column = TableException.quoted(
                java.util.Objects.requireNonNull(rows.selection().order()).name());
        boolean one = rows.selection().sequence() == null;
        return new TableException(
                file.path(),
                file.place(Math.max(row, before)) + ": "
                        + (one ? "" : "sequence " + TableException.quoted(sequence) + " ")
                        + "has the same " + column + exactly() + " as in " + file.place(Math.min(row, before))
                        + ": take one of the rows out, or give another --order" + (one ? " (or a --sequence)" : ""));
    }

    /** How far orders are told apart, where a file may go further. */
    private String exactly() {
        return switch (orderKind) {
            case TIME -> ", to the microsecond,";
            case NUMBER -> ", in double precision,";
            case WHOLE, FILE -> "";
        };
    }

    private double readTarget() throws SQLException {
        if (classes != null) {
            String word = found.getString(4);
            Integer index = word == null ? null : classes.place(word);
            stranger = word != null && index == null;
            return index == null ? NONE : index;
        }
        double value = found.getDouble(4);
        return found.wasNull() ? NONE : value;
    }

    private double raw(int i) throws SQLException {
        FeatureReader feature = features.get(i);
        if (feature.text()) {
            String word = found.getString(5 + i);
            words[i] = word;
            return word == null ? Double.NaN : feature.raw(word);
        }
        double value = found.getDouble(5 + i);
        return found.wasNull() ? Double.NaN : value;
    }

    /** Whether the row is the first of its sequence. */
    boolean first() {
        return first;
    }

    /** The sequence's name. */
    String sequence() {
        return sequence;
    }

    /** The row's number in the file. */
    long row() {
        return row;
    }

    /** Where the row stands among others in time; whole numbers beyond 2^53 are rounded. */
    double order() {
        return orderKind == OrderKind.NUMBER ? Double.longBitsToDouble(order) : order;
    }

    /** The same, exactly: the number or, for {@link OrderKind#NUMBER}, its bits. */
    long orderBits() {
        return order;
    }

    /** The target: a class's index or a number; NaN if there is none. */
    double target() {
        return target;
    }

    /** Whether the row has a target that is none of the classes. */
    boolean stranger() {
        return stranger;
    }

    /** The features' raw values; overwritten by {@link #next}. */
    double[] raw() {
        return raw;
    }

    /** A category's word; null where there is none. */
    @Nullable
    String word(int feature) {
        return words[feature];
    }

    @Override
    public void close() {
        try {
            found.close();
        } catch (SQLException e) {
            // All that was wanted of it was read.
        }
    }
}
