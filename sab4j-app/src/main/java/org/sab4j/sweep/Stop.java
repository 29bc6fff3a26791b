package org.sab4j.sweep;

/** What is asked of trials that are under way. */
public enum Stop {
    /** To go on. */
    NOT,
    /** To end after the update, with the evaluation if one is due, or after a measurement that has begun: what takes long is not in vain. */
    SOON,
    /** To end after the update, or within the evaluation or the measurement. */
    NOW
}
