package org.sab4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the JSON of a header: no space between its parts, escapes only where JSON needs them, UTF-8 otherwise. */
final class HeaderWriter {
    private HeaderWriter() {}

    /**
     * The header, padded with spaces to a multiple of 8 bytes as the reference implementation does, so that the data
     * begins aligned. Its check sum is still {@link CheckSum#BLANK}.
     *
     * @throws IllegalArgumentException if it would be larger than the format allows, or if a name is not valid Unicode
     */
    static byte[] write(Header header) {
        StringBuilder json =
                new StringBuilder(CheckSum.HEADER_START).append(CheckSum.BLANK).append('"');
        header.metadata().forEach((key, value) -> {
            json.append(',');
            appendString(json, key);
            json.append(':');
            appendString(json, value);
        });
        json.append('}');
        for (Header.Slot slot : header.slots()) {
            json.append(',');
            appendString(json, slot.name());
            json.append(":{\"dtype\":\"").append(slot.type());
            json.append("\",\"shape\":").append(slot.shape().toString().replace(" ", ""));
            json.append(",\"data_offsets\":[").append(slot.begin()).append(',').append(slot.end());
            json.append("]}");
        }
        return padded(json.append('}'));
    }

    private static byte[] padded(CharSequence json) {
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a tensor's name or a metadata text holds half a character", e);
        }
        int length = Math.ceilDiv(utf8.remaining(), 8) * 8;
        if (length > Header.LARGEST) {
            throw new IllegalArgumentException("names and metadata take " + length
                    + " bytes, and a safetensors header has at most " + Header.LARGEST);
        }
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) ' ');
        utf8.get(bytes, 0, utf8.remaining());
        return bytes;
    }

    private static void appendString(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
