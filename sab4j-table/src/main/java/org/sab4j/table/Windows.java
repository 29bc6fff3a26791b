package org.sab4j.table;

/**
 * How long sequences are seen: in pieces that begin every half a window and are as long as a whole one. A step belongs to the piece
 * that began half a window before it, at least, and a whole one at most; the steps of the first window to the first piece. So
 * no step is without context, and what a step is seen with does not depend on what comes after it.
 *
 * @param window the most steps of a piece; 0 for whole sequences
 */
record Windows(int window) {

    /** Refuses a window that has no half. */
    Windows {
        if (window < 0 || window == 1) {
            throw new IllegalArgumentException("A window must be 0 or at least 2: " + window);
        }
    }

    /** Whether sequences are cut at all. */
    boolean cuts() {
        return window > 0;
    }

    /** Every how many steps a piece begins. */
    int stride() {
        return window / 2;
    }

    /** The steps of a whole piece. */
    int length() {
        return 2 * stride();
    }

    /** The first step of the piece that a step of a sequence belongs to, all counted from the sequence's first. */
    long first(long step) {
        return !cuts() || step < length() ? 0 : (step / stride() - 1) * stride();
    }

    /** The step behind the last that belongs to the same piece. */
    long end(long step) {
        return cuts() ? first(step) + length() : Long.MAX_VALUE;
    }
}
