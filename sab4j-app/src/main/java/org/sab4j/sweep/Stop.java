package org.sab4j.sweep;

/** What is asked of trials that are under way. */
public enum Stop {
    /** To go on. */
    NOT,
    /** To end after the update, or once the evaluation or the measurement that has begun is made: what takes long is not in vain. */
    SOON,
    /** To end after the update, or within the evaluation or the measurement. */
    NOW
}
