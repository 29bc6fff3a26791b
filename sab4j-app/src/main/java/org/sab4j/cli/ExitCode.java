package org.sab4j.cli;

/** How the command ends. */
final class ExitCode {

    /** Solved, all updates made, or no hope of a better model; for other commands, done. */
    static final int DONE = 0;
    /** Something went wrong. */
    static final int FAILED = 1;
    /** The command line or a file of settings can't be used. */
    static final int USAGE = 2;
    /** Training diverged. */
    static final int DIVERGED = 3;
    /** Ended by a signal: this, and the signal's number. */
    static final int SIGNALLED = 128;

    private ExitCode() {}
}
