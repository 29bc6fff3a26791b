package org.sab4j.table;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Parquet file: its columns have types. */
record ParquetFile(Path path) implements TableFile {

    private static final String NUMBERS = "(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)";
    private static final String TIMES = "(DATE|TIMESTAMP.*)";
    private static final String TEXTS = "(VARCHAR|BOOLEAN|ENUM.*|UUID)";

    @Override
    public List<Column> columns(Engine engine) throws TableException {
        List<Column> columns = new ArrayList<>();
        try (ResultSet described = engine.query("DESCRIBE SELECT * FROM " + source())) {
            while (described.next()) {
                columns.add(new Column(columns.size(), described.getString(1), type(described.getString(2))));
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        return columns;
    }

    private static ValueType type(String sqlType) {
        String upper = sqlType.toUpperCase(Locale.ROOT);
        if (upper.matches(NUMBERS)) {
            return ValueType.NUMBER;
        } else if (upper.matches(TIMES)) {
            return ValueType.TIME;
        }
        return upper.matches(TEXTS) ? ValueType.TEXT : ValueType.OTHER;
    }

    @Override
    public String source() {
        return "read_parquet(" + Engine.file(path) + ", hive_partitioning = false)";
    }

    @Override
    public String sql(Column column) {
        return Engine.name(column.name());
    }

    @Override
    public String place(long row) {
        return "row " + row;
    }

    @Override
    public TableException unreadable(SQLException e) {
        return new TableException(path, "is no whole Parquet file: " + Engine.reason(e) + "; write it again");
    }
}
