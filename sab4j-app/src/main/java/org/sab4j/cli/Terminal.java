package org.sab4j.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;

/** One line of a terminal, or a few, that are written over and over. */
final class Terminal {

    private static final boolean LIVE = live();
    /** To the line's start; no wrapping, so that a long line is cut at the edge, however wide the window is now. */
    private static final String BEGIN = "\r\u001b[?7l";
    /** The rest of the line emptied; wrapping again. */
    private static final String END = "\u001b[K\u001b[?7h";

    /** Up a line, and all from there on emptied. */
    private static final String UP = "\u001b[A";

    private static final String EMPTIED = "\r\u001b[J";

    private static final long BETWEEN = 10_000_000_000L; // ns

    private int shown; // lines
    private int height;
    private long askedAt;

    /** Nothing shown yet. */
    Terminal() {}

    /** Whether somebody is watching a terminal that can do this. */
    static boolean isLive() {
        return LIVE;
    }

    /** Whether somebody is watching a terminal. */
    @SuppressWarnings("SystemConsoleNull") // it may be null all the same, says its documentation
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static boolean live() {
        String kind = System.getenv("TERM");
        return isThere() && kind != null && !kind.equals("dumb");
    }

    /** How many characters fit in a line, as the shell says, or the terminal; 100 where neither does. */
    static int width() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : size(1, 100);
    }

    /** How many lines fit on it, looked up every few seconds; 24 where it does not say. */
    int height() {
        long now = System.nanoTime();
        if (height == 0 || now - askedAt > BETWEEN) {
            askedAt = now;
            height = size(0, 24);
        }
        return height;
    }

    /** The terminal's lines or columns, which Java does not tell. */
    private static int size(int place, int otherwise) {
        if (!isThere()) {
            return otherwise;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return otherwise;
            }
            try (Scanner said = new Scanner(stty.getInputStream(), StandardCharsets.US_ASCII)) { // "24 80"
                int[] size = {said.nextInt(), said.nextInt()};
                return size[place] > 0 ? size[place] : otherwise;
            }
        } catch (IOException | NoSuchElementException e) {
            return otherwise; // a system without stty, or one that says something else
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        }
    }

    /** Shows a line in place of the last one. */
    void show(String line) {
        System.out.print(BEGIN + line + END);
        System.out.flush();
        shown = 1;
    }

    /** Shows lines in place of the last ones. */
    void show(List<String> lines) {
        StringBuilder block = new StringBuilder(begin());
        for (int i = 0; i < lines.size(); i++) {
            block.append(i == 0 ? "" : "\n").append(BEGIN).append(lines.get(i)).append(END);
        }
        System.out.print(block);
        System.out.flush();
        shown = lines.size();
    }

    /** Lets stand what is shown, since something else was written below it. */
    void leave() {
        shown = 0;
    }

    /** To where the lines began, which are taken away. */
    private String begin() {
        return UP.repeat(Math.max(0, shown - 1)) + EMPTIED;
    }

    /** Takes what is shown away. */
    void clear() {
        if (shown > 0) {
            System.out.print(begin());
            System.out.flush();
            shown = 0;
        }
    }
}
