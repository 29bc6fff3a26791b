import org.jspecify.annotations.NullMarked;

/** People's own tables as tasks. DuckDB reads them and writes predictions; nothing else of it is seen outside. */
@NullMarked
@SuppressWarnings("requires-automatic") // DuckDB's jar has a module's name and no descriptor
module org.sab4j.table {
    requires de.siegmar.fastcsv;
    requires duckdb.jdbc;
    requires java.sql;
    requires tools.jackson.databind;
    requires transitive org.sab4j.core;

    exports org.sab4j.table;
}
