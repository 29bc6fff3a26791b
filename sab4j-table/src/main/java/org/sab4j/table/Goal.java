package org.sab4j.table;

/** What is learnt from a table. */
public enum Goal {
    /** One of some classes. */
    CLASSIFY("classify"),
    /** A number. */
    REGRESS("regress"),
    /** The same sequence's own number some steps ahead. */
    FORECAST("forecast");

    private final String title;

    Goal(String title) {
        this.title = title;
    }

    /** As it is called on the command line. */
    public String title() {
        return title;
    }
}
