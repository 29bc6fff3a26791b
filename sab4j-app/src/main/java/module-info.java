import org.jspecify.annotations.NullMarked;

/** The command {@code sab}: runs, their folders, and the terminal. */
@NullMarked
module org.sab4j.app {
    requires info.picocli;
    requires org.sab4j.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;

    // picocli sets the fields of commands, Jackson reads and writes records.
    opens org.sab4j.cli to
            info.picocli;
    opens org.sab4j.run to
            tools.jackson.databind;
}
