package org.sab4j.table;

/** How a table is divided into parts. */
public enum SplitBy {
    /** By time where a forecast is made and there is an order, or the whole table is one sequence; else by sequence. */
    AUTO,
    /** Each sequence belongs to one part, by lot. */
    SEQUENCE,
    /** What is early is trained on, what is late measured: nothing is known of the future. */
    TIME
}
