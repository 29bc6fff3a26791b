package org.sab4j.table;

/** What has a target of its own. */
public enum TargetPer {
    /** A sequence where all its rows that have a target have the same, else a step. */
    AUTO,
    /** A sequence: it is to be known at the last step. */
    SEQUENCE,
    /** A step. */
    STEP
}
