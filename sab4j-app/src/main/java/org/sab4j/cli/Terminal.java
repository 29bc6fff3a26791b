package org.sab4j.cli;

import java.io.Console;

/** One line of a terminal that is written over and over. */
final class Terminal {

    private static final boolean LIVE = live();
    /** To the line's start; no wrapping, so that a long line is cut at the edge, however wide the window is now. */
    private static final String BEGIN = "\r\u001b[?7l";
    /** The rest of the line emptied; wrapping again. */
    private static final String END = "\u001b[K\u001b[?7h";

    private boolean shown;

    /** Nothing shown yet. */
    Terminal() {}

    /** Whether somebody is watching a terminal that can do this. */
    static boolean isLive() {
        return LIVE;
    }

    @SuppressWarnings("SystemConsoleNull") // it may be null all the same, says its documentation
    private static boolean live() {
        Console console = System.console();
        String kind = System.getenv("TERM");
        return console != null && console.isTerminal() && kind != null && !kind.equals("dumb");
    }

    /** Shows a line in place of the last one. */
    void show(String line) {
        System.out.print(BEGIN + line + END);
        System.out.flush();
        shown = true;
    }

    /** Takes the line away. */
    void clear() {
        if (shown) {
            System.out.print("\r\u001b[K");
            System.out.flush();
            shown = false;
        }
    }
}
