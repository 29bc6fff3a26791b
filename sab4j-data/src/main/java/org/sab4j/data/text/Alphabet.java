package org.sab4j.data.text;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The characters that a model knows, each a symbol 0 … n − 1 in the order of their code points. An open alphabet has one symbol
 * more, {@link #size} − 1, for whatever else turns up.
 */
public final class Alphabet {

    private final int[] characters; // ascending
    private final boolean open;

    private Alphabet(int[] characters, boolean open) {
        this.characters = characters;
        this.open = open;
    }

    /**
     * The alphabet of those characters.
     *
     * @param characters as a text, in any order; one that comes again counts once
     * @param open whether there is a symbol for unknown ones
     */
    public static Alphabet of(String characters, boolean open) {
        return new Alphabet(characters.codePoints().sorted().distinct().toArray(), open);
    }

    /** How many symbols there are. */
    public int size() {
        return characters.length + (open ? 1 : 0);
    }

    /** Whether there is a symbol for unknown characters. */
    public boolean open() {
        return open;
    }

    /** The characters known, in order. */
    public String characters() {
        return new String(characters, 0, characters.length);
    }

    /** A character's symbol, or that of unknown ones; empty if it is unknown and the alphabet is closed. */
    public OptionalInt symbol(int character) {
        int found = Arrays.binarySearch(characters, character);
        if (found >= 0) {
            return OptionalInt.of(found);
        }
        return open ? OptionalInt.of(characters.length) : OptionalInt.empty();
    }

    /** Whether the symbol stands for a character, and not for all that are unknown. */
    public boolean known(int symbol) {
        return symbol < characters.length;
    }

    /** A known symbol's character. */
    public int character(int symbol) {
        return characters[symbol];
    }

    /** A character in words for the user: itself in quotes, or its number where it can't be shown. */
    public static String shown(int character) {
        String number = String.format("U+%04X", character);
        boolean visible = !Character.isISOControl(character) && Character.isDefined(character);
        return visible ? "'" + Character.toString(character) + "' (" + number + ")" : number;
    }
}
