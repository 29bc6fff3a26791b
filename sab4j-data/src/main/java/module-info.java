import org.jspecify.annotations.NullMarked;

/** Texts and images as tasks, and where known data sets come from. Knows the method, and nothing of runs. */
@NullMarked
module org.sab4j.data {
    requires transitive org.sab4j.core;

    exports org.sab4j.data;
    exports org.sab4j.data.fetch;
    exports org.sab4j.data.image;
    exports org.sab4j.data.text;
}
