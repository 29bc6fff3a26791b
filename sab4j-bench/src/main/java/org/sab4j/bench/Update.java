package org.sab4j.bench;

/** Something that trains: each {@link #run} is one update on a fresh batch. Or what is measured by turns with that. */
public interface Update extends AutoCloseable {

    /** Makes an update: batch, forward, backward, clipping, Adam. Returns the batch's loss. */
    double run();

    @Override
    void close();
}
