package org.sab4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Reads the JSON of a header, and only what a header may hold: an object of tensors, each with exactly {@code dtype},
 * {@code shape} and {@code data_offsets}, and of {@code __metadata__}, an object of strings. As it knows what must come
 * next, there is no tree to build and no nesting to bound; a hostile header cannot make it take more than a few times
 * the header's own size.
 */
final class HeaderReader {
    private final Path file;
    private final byte[] text;
    private int at;

    private HeaderReader(Path file, byte[] text) {
        this.file = file;
        this.text = text;
    }

    /** The header in those bytes of that file. */
    static Header parse(Path file, byte[] text) throws FormatException {
        if (text.length == 0 || text[0] != '{') {
            throw new FormatException(file, "is not a safetensors file: its header does not begin with '{'");
        }
        return new HeaderReader(file, text).header();
    }

    private Header header() throws FormatException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        List<Header.Slot> slots = new ArrayList<>();
        Set<String> names = new HashSet<>();
        expect('{');
        while (another('}', names.isEmpty())) {
            String name = key(names);
            if (name.equals(Header.METADATA)) {
                metadata = metadata();
            } else {
                slots.add(slot(name));
            }
        }
        skipSpace();
        if (at < text.length) {
            throw broken("expected the end");
        }
        return new Header(Collections.unmodifiableSequencedMap(metadata), List.copyOf(slots));
    }

    private SequencedMap<String, String> metadata() throws FormatException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        expect('{');
        while (another('}', names.isEmpty())) {
            String name = key(names);
            metadata.put(name, string());
        }
        return metadata;
    }

    private Header.Slot slot(String name) throws FormatException {
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        Set<String> fields = new HashSet<>();
        expect('{');
        while (another('}', fields.isEmpty())) {
            String field = key(fields);
            switch (field) {
                case "dtype" -> type = string();
                case "shape" -> shape = integers(Header.MOST_DIMENSIONS);
                case "data_offsets" -> offsets = integers(2);
                default -> throw broken("a tensor has no " + FormatException.quoted(field));
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw broken("the tensor " + FormatException.quoted(name)
                    + " lacks one of \"dtype\", \"shape\" and two \"data_offsets\"");
        }
        return Header.Slot.checked(file, name, type, shape, offsets.get(0), offsets.get(1));
    }

    /** The next key and its colon. A key that was taken already is refused; this one is taken now. */
    private String key(Set<String> taken) throws FormatException {
        String key = string();
        if (!taken.add(key)) {
            throw broken("a second " + FormatException.quoted(key));
        }
        if (taken.size() > Header.MOST_ENTRIES) {
            throw broken("more than " + Header.MOST_ENTRIES + " entries");
        }
        expect(':');
        return key;
    }

    private List<Long> integers(int most) throws FormatException {
        List<Long> integers = new ArrayList<>();
        expect('[');
        while (another(']', integers.isEmpty())) {
            if (integers.size() == most) {
                throw broken("expected at most " + most + " numbers");
            }
            integers.add(integer());
        }
        return integers;
    }

    /** Whether an object or array goes on; reads the comma before what comes, or the closing bracket. */
    private boolean another(char close, boolean first) throws FormatException {
        skipSpace();
        if (at < text.length && text[at] == close) {
            at++;
            return false;
        }
        if (!first) {
            expect(',');
        }
        return true;
    }

    private long integer() throws FormatException {
        skipSpace();
        int start = at;
        long value = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            int digit = text[at] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10 || (value == 0 && at > start)) {
                throw broken("expected a whole number below 2^63 without leading zeros");
            }
            value = value * 10 + digit;
            at++;
        }
        if (at == start) {
            throw broken("expected a whole number");
        }
        return value;
    }

    private String string() throws FormatException {
        expect('"');
        StringBuilder string = new StringBuilder();
        int runStart = at;
        while (true) {
            byte c = at < text.length ? text[at] : 0;
            if (c >= 0 && c < ' ') { // bytes of other than ASCII characters are negative
                throw broken("a string without end");
            } else if (c == '"' || c == '\\') {
                string.append(decoded(runStart, at));
                at++;
                if (c == '"') {
                    break;
                }
                string.append(escaped());
                runStart = at;
            } else {
                at++;
            }
        }
        if (string.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw broken("half a character");
        }
        return string.toString();
    }

    private String decoded(int start, int end) throws FormatException {
        try {
            ByteBuffer run = ByteBuffer.wrap(text, start, end - start);
            return StandardCharsets.UTF_8.newDecoder().decode(run).toString();
        } catch (CharacterCodingException e) {
            throw broken("text that is not UTF-8");
        }
    }

    /** The character that the escape stands for; its backslash has been read. */
    private char escaped() throws FormatException {
        byte c = at < text.length ? text[at++] : 0;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> throw broken("an unknown escape");
        };
    }

    private char hexadecimal() throws FormatException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length && text[at] >= 0 ? Character.digit(text[at], 16) : -1;
            if (digit < 0) {
                throw broken("expected four hexadecimal digits");
            }
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    private void expect(char wanted) throws FormatException {
        skipSpace();
        if (at >= text.length || text[at] != wanted) {
            throw broken("expected '" + wanted + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private FormatException broken(String what) {
        return new FormatException(
                file, "is damaged: its header is not that of a safetensors file (at byte " + at + ": " + what + ")");
    }
}
