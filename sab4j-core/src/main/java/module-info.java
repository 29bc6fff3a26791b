import org.jspecify.annotations.NullMarked;

/** The method: cell, memory, retrieval, replay, and the training around them. No third-party library, no network. */
@NullMarked
module org.sab4j.core {
    requires transitive org.sab4j.kernels;

    exports org.sab4j.batch;
    exports org.sab4j.cell;
    exports org.sab4j.checkpoint;
    exports org.sab4j.explain;
    exports org.sab4j.head;
    exports org.sab4j.memory;
    exports org.sab4j.model;
    exports org.sab4j.random;
    exports org.sab4j.replay;
    exports org.sab4j.retrieval;
    exports org.sab4j.task;
    exports org.sab4j.tensor;
    exports org.sab4j.train;
}
