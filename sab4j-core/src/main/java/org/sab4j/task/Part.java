package org.sab4j.task;

/** What a sequence is for. */
public enum Part {
    /** To learn from. */
    TRAINING,
    /** To choose the best model by, and to know when to stop. */
    VALIDATION,
    /** To measure the chosen model on: it had no part in training or in that choice. */
    TEST
}
