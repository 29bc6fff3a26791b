package org.sab4j.kernels;

/** Kernels were asked for by a name of which none can be used; the message says why, and which there are, in one sentence for the user. */
public final class UnusableKernelsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnusableKernelsException(String sentence) {
        super(sentence);
    }

    /** The same, said again. */
    UnusableKernelsException(UnusableKernelsException first) {
        super(first.getMessage(), first);
    }
}
