package org.sab4j.run;

/** Something that the user can mend. The message is one sentence, fit to be shown as it is. */
public class RunException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The sentence. */
    public RunException(String message) {
        super(message);
    }
}
