package org.sab4j.data.text;

import java.util.Arrays;

/** Characters as they are read, each as the number of its kind in the order in which kinds turn up. */
final class RawText {

    private static final int MOST_LENGTH = Integer.MAX_VALUE - 16;
    private static final int MOST_KINDS = (1 << 16) - 1; // so that one symbol more fits a char

    private final int[] numbers = new int[Character.MAX_CODE_POINT + 1]; // of a character, from 1; 0 where it has none
    private int[] kinds = new int[64];
    private int kindCount;
    private char[] values;
    private int length;
    private boolean overflown;

    /** A text of about that many characters. */
    RawText(long expected) {
        values = new char[Math.clamp(expected, 16, MOST_LENGTH)];
    }

    /** Whether there was no room for a character. */
    boolean overflown() {
        return overflown;
    }

    /** Adds a character, if there is room. */
    void add(int character) {
        overflown |= length == MOST_LENGTH || (kindCount == MOST_KINDS && numbers[character] == 0);
        if (overflown) {
            return;
        }
        if (length == values.length) {
            values = Arrays.copyOf(values, (int) Math.min(MOST_LENGTH, 2L * length));
        }
        if (numbers[character] == 0) {
            if (kindCount == kinds.length) {
                kinds = Arrays.copyOf(kinds, 2 * kindCount);
            }
            kinds[kindCount++] = character;
            numbers[character] = kindCount;
        }
        values[length++] = (char) (numbers[character] - 1);
    }

    /** How many characters there are. */
    int length() {
        return length;
    }

    /** The number of the kind at that place. */
    int number(int place) {
        return values[place];
    }

    /** The character of a kind. */
    int character(int number) {
        return kinds[number];
    }

    /** Which kinds occur from … to − 1. */
    boolean[] present(int from, int to) {
        boolean[] present = new boolean[kindCount];
        for (int i = from; i < to; i++) {
            present[values[i]] = true;
        }
        return present;
    }
}
