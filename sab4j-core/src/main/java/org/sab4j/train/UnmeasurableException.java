package org.sab4j.train;

/** An evaluation came upon inputs or targets that are no numbers, or upon no scored step, so that nothing can be measured. */
public final class UnmeasurableException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnmeasurableException(String message) {
        super(message);
    }
}
