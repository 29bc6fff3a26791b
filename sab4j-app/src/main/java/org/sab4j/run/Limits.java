package org.sab4j.run;

/** The largest numbers that are taken, on the command line as in files. */
public final class Limits {

    /** T, the steps of a sequence as its task counts them. */
    public static final int LENGTH = 1_000_000;

    /** Sequences that are measured, or known at a time. */
    public static final int SEQUENCES = 10_000_000;

    /** Memories of a sequence. */
    public static final int MEMORIES = 10_000_000;

    /** Threads, or trials at once. */
    public static final int THREADS = 1024;

    private Limits() {}
}
