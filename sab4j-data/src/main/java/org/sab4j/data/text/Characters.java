package org.sab4j.data.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.IntConsumer;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;

/** The characters of a file in UTF-8, one after the other; a byte order mark at its start is none of them. */
final class Characters {

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final Path file;
    private final IntConsumer consumer;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private long line = 1;
    private boolean begun;
    private boolean zeros; // whether a character was a byte 0
    private boolean beyondAscii; // whether one was of several bytes
    private char high; // the first half of a character whose second is still to come

    private Characters(Path file, IntConsumer consumer) {
        this.file = file;
        this.consumer = consumer;
    }

    /**
     * Hands a file's characters to {@code consumer}, in order.
     *
     * @param digest of the file's bytes
     * @throws DataException if the file can't be read or is no UTF-8, with the line
     */
    static void read(Path file, MessageDigest digest, IntConsumer consumer) throws DataException {
        new Characters(file, consumer).read(digest);
    }

    private void read(MessageDigest digest) throws DataException {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        CharBuffer chars = CharBuffer.allocate(1 << 16);
        byte[] block = new byte[1 << 15];
        try (Source source = Source.open(file, digest)) {
            boolean last = false;
            while (!last) {
                int count = source.read(block);
                last = count < block.length;
                bytes.put(block, 0, count).flip();
                CoderResult result = decoder.decode(bytes, chars, last);
                take(chars);
                if (result.isError()) {
                    throw notUtf8(
                            bytes,
                            last && bytes.remaining() == result.length() && (beyondAscii || result.length() > 1));
                }
                bytes.compact();
            }
        }
    }

    /** Whether there is a byte 0 before what is no UTF-8, or soon after it. */
    private boolean isBinary(ByteBuffer bytes) {
        boolean zero = zeros;
        for (int i = bytes.position(); i < bytes.limit() && !zero; i++) {
            zero = bytes.get(i) == 0;
        }
        return zero;
    }

    /** Whether that is a byte order mark of UTF-16, in either order. */
    private static boolean isUtf16(short first) {
        return first == (short) 0xFEFF || first == (short) 0xFFFE;
    }

    private void take(CharBuffer chars) {
        chars.flip();
        while (chars.hasRemaining()) {
            char c = chars.get();
            if (Character.isHighSurrogate(c)) {
                high = c;
                continue;
            }
            int character = Character.isLowSurrogate(c) ? Character.toCodePoint(high, c) : c;
            if (begun || character != BYTE_ORDER_MARK) {
                consumer.accept(character);
            }
            begun = true;
            zeros |= c == 0;
            beyondAscii |= c > 127 && c != BYTE_ORDER_MARK;
            if (c == '\n') {
                line++;
            }
        }
        chars.clear();
    }

    private DataException notUtf8(ByteBuffer bytes, boolean cut) {
        if (!begun && bytes.remaining() > 1 && isUtf16(bytes.getShort(bytes.position()))) {
            return new DataException(file + ": UTF-16, not UTF-8: convert the file with iconv -f UTF-16 -t UTF-8");
        }
        if (isBinary(bytes)) {
            return new DataException(
                    file + ", line " + line
                            + ": not UTF-8, since it has bytes 0: a binary file, or UTF-16, which iconv -f UTF-16 -t UTF-8 converts");
        } else if (cut) {
            return new DataException(
                    file + ", line " + line + ": ends within a character, so it was cut off: get it as a whole");
        }
        String found = String.format("0x%02X", bytes.get(bytes.position()));
        return new DataException(file + ", line " + line + ": not UTF-8 (the byte " + found
                + "): convert the file, for instance with iconv -f LATIN1 -t UTF-8");
    }
}
