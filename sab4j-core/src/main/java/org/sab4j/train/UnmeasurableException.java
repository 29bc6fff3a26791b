package org.sab4j.train;

/** An evaluation came upon inputs or targets that are no numbers, so that nothing can be measured on them. */
public final class UnmeasurableException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnmeasurableException(String message) {
        super(message);
    }
}
