import org.jspecify.annotations.NullMarked;

/** The command {@code sab}: runs, their folders, and the terminal. */
@NullMarked
@SuppressWarnings("requires-automatic") // the drawing libraries have no descriptors
module org.sab4j.app {
    requires info.picocli;
    requires java.desktop;
    requires jdk.httpserver;
    requires jdk.unsupported; // sun.misc.Signal: nothing else lets Ctrl-C end an update first
    requires org.sab4j.core;
    requires org.sab4j.data;
    requires org.sab4j.table;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;
    requires VectorGraphics2D;
    requires xchart;

    // picocli sets the fields of commands.
    opens org.sab4j.cli to
            info.picocli;
    // Jackson reads records that pages are made of, and makes them of files.
    opens org.sab4j.report to
            tools.jackson.databind;
    opens org.sab4j.reproduce to
            tools.jackson.databind;
    opens org.sab4j.sweep to
            tools.jackson.databind;
}
