package org.sab4j.data.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;
import org.sab4j.task.Part;

/** A text in three parts, as symbols of an alphabet. */
public final class Corpus {

    private final Alphabet alphabet;
    private final Map<Part, Text> parts;
    private final String fingerprint;
    private final boolean inFiles;

    private Corpus(Alphabet alphabet, Map<Part, Text> parts, String fingerprint, boolean inFiles) {
        this.alphabet = alphabet;
        this.parts = parts;
        this.fingerprint = fingerprint;
        this.inFiles = inFiles;
    }

    /**
     * How to read a text.
     *
     * @param spacing what becomes of spaces
     * @param validation the share of the text, 0 … 1, that is kept for validation, where files don't say it
     * @param test the share that is kept for the test; it is the end of the text, and validation lies before it
     * @param open whether the alphabet is to have a symbol for characters that the training part does not have
     */
    public record Reading(Spacing spacing, double validation, double test, boolean open) {

        /** Refuses shares that are none. */
        public Reading {
            if (!(validation >= 0 && test >= 0 && validation + test <= 1)) {
                throw new IllegalArgumentException("The shares for validation and test are 0 … 1, together at most 1: "
                        + validation + ", " + test);
            }
        }
    }

    /** A text for training: its alphabet is that of its training part. */
    public static Corpus read(Path path, Reading reading) throws DataException {
        return read(path, reading, null);
    }

    /** A text as an earlier training has read it. */
    public static Corpus read(Path path, Reading reading, @Nullable Alphabet alphabet) throws DataException {
        TextFiles files = TextFiles.of(path);
        MessageDigest digest = Source.digest();
        RawText raw = new RawText(bytes(files));
        boolean inFiles = files.whole().isEmpty();
        int[] ends = inFiles ? separate(files, reading, raw, digest) : whole(path, files, reading, raw, digest);
        Alphabet letters = alphabet == null ? alphabet(raw, ends[0], reading.open()) : alphabet;
        Map<Part, Text> parts = new EnumMap<>(Part.class);
        int from = 0;
        for (Part part : Part.values()) {
            int to = ends[parts.size()];
            parts.put(part, text(path, part, raw, from, to, letters));
            from = to;
        }
        return new Corpus(letters, parts, Source.hex(digest), inFiles);
    }

    /** Another text, as a whole the test part. */
    public static Corpus test(Path path, Reading reading, Alphabet alphabet) throws DataException {
        MessageDigest digest = Source.digest();
        TextFiles files = TextFiles.all(path);
        RawText raw = new RawText(bytes(files));
        for (Path file : files.whole()) {
            read(file, reading, raw, digest);
        }
        if (raw.length() < 2) {
            throw new DataException(
                    path + " has too few characters to measure on, " + raw.length() + ": give a longer text");
        }
        Map<Part, Text> parts = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            parts.put(part, text(path, part, raw, 0, part == Part.TEST ? raw.length() : 0, alphabet));
        }
        return new Corpus(alphabet, parts, Source.hex(digest), false);
    }

    private static int[] separate(TextFiles files, Reading reading, RawText raw, MessageDigest digest)
            throws DataException {
        int[] ends = new int[Part.values().length];
        int count = 0;
        for (Part part : Part.values()) {
            Path file = files.file(part);
            int before = raw.length();
            read(file, reading, raw, digest);
            ends[count++] = raw.length();
            if (raw.length() - before < 2) {
                throw new DataException(file + " has too few characters for a part, " + (raw.length() - before)
                        + ": give a longer one");
            }
        }
        return ends;
    }

    private static int[] whole(Path path, TextFiles files, Reading reading, RawText raw, MessageDigest digest)
            throws DataException {
        for (Path file : files.whole()) {
            read(file, reading, raw, digest);
        }
        int n = raw.length();
        int test = (int) Math.round(reading.test() * n);
        int validation = (int) Math.round(reading.validation() * n);
        int[] ends = {n - test - validation, n - test, n};
        if (ends[0] < 2 || (reading.validation() > 0 && validation < 2) || (reading.test() > 0 && test < 2)) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s is too short a text: %,d characters make %,d for training, %,d for validation and %,d for the test; give a longer one, or other shares (--validation, --test)",
                    path,
                    n,
                    Math.max(0, ends[0]),
                    validation,
                    test));
        }
        return ends;
    }

    private static void read(Path file, Reading reading, RawText raw, MessageDigest digest) throws DataException {
        IntConsumer consumer = reading.spacing().to(raw::add);
        Characters.read(file, digest, consumer);
        if (raw.overflown()) {
            throw new DataException(file + " is too much: a text may have 2,147,483,631 characters of 65,535 kinds");
        }
    }

    private static long bytes(TextFiles files) throws DataException {
        long bytes = 0;
        for (Path file : files.all()) {
            try {
                bytes += Files.size(file);
            } catch (IOException e) {
                throw DataException.unreadable(file, e);
            }
        }
        return bytes;
    }

    private static Alphabet alphabet(RawText raw, int end, boolean open) {
        boolean[] present = raw.present(0, end);
        StringBuilder characters = new StringBuilder();
        for (int number = 0; number < present.length; number++) {
            if (present[number]) {
                characters.appendCodePoint(raw.character(number));
            }
        }
        return Alphabet.of(characters.toString(), open);
    }

    private static Text text(Path path, Part part, RawText raw, int from, int to, Alphabet alphabet)
            throws DataException {
        boolean[] present = raw.present(from, to);
        int[] symbols = new int[present.length];
        for (int number = 0; number < present.length; number++) {
            OptionalInt symbol = alphabet.symbol(raw.character(number));
            if (present[number] && symbol.isEmpty()) {
                throw new DataException(
                        path + ": the character " + Alphabet.shown(raw.character(number))
                                + " of the " + part.name().toLowerCase(Locale.ROOT)
                                + " part does not occur in the training part, and the model is trained with --no-unknown, without which such characters have a symbol");
            }
            symbols[number] = symbol.orElse(0);
        }
        return new Text(raw, from, to, symbols, alphabet.size());
    }

    /** The characters that there are. */
    public Alphabet alphabet() {
        return alphabet;
    }

    /** Whether each part has a file of its own, so that the shares of the {@link Reading} play no part. */
    public boolean inFiles() {
        return inFiles;
    }

    /** How many characters a part has. */
    public int length(Part part) {
        return text(part).length();
    }

    Text text(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    /** SHA-256 of the files. */
    public String fingerprint() {
        return fingerprint;
    }
}
