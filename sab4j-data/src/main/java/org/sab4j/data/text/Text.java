package org.sab4j.data.text;

/** A text as symbols of an alphabet: one byte for each, or two where the alphabet is large. */
final class Text {

    private static final int SMALL = 256; // symbols that fit a byte

    private final byte[] small;
    private final char[] large;
    private final int length;

    /** A piece of a raw text, its numbers exchanged for symbols. */
    Text(RawText raw, int from, int to, int[] symbols, int size) {
        length = to - from;
        small = new byte[size <= SMALL ? length : 0];
        large = new char[size <= SMALL ? 0 : length];
        for (int i = 0; i < length; i++) {
            int symbol = symbols[raw.number(from + i)];
            if (size <= SMALL) {
                small[i] = (byte) symbol;
            } else {
                large[i] = (char) symbol;
            }
        }
    }

    /** How many characters it has. */
    int length() {
        return length;
    }

    /** The symbol at that place. */
    int at(int place) {
        return large.length == 0 ? small[place] & 0xff : large[place];
    }
}
