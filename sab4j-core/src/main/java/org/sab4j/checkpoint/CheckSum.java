package org.sab4j.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The check sum that every file written here carries, since the format has none and a flipped bit in a weight would go
 * unseen: the CRC-32C of the whole file, counted with its own eight hexadecimal digits as zeros. It is the first entry
 * of the metadata, at a fixed place, so that it can be put in after the data and found before parsing.
 */
final class CheckSum {
    /** Its key in the metadata. Other readers show it as one text among others. */
    static final String KEY = "sab4j.crc32c";

    /** How a header that has one begins, up to the first digit. */
    static final String HEADER_START = "{\"" + Header.METADATA + "\":{\"" + KEY + "\":\"";

    /** The digits while the sum is taken. */
    static final String BLANK = "00000000";

    private CheckSum() {}

    /** The digits of a sum. */
    static String digits(long sum) {
        return HexFormat.of().toHexDigits(sum, BLANK.length());
    }

    /** The digits that this header carries, blanked out in it; null, and nothing changed, if it carries none. */
    static @Nullable String takeOutOf(byte[] header) {
        byte[] start = HEADER_START.getBytes(StandardCharsets.US_ASCII);
        int end = start.length + BLANK.length();
        if (header.length <= end
                || header[end] != '"'
                || !Arrays.equals(header, 0, start.length, start, 0, start.length)) {
            return null;
        }
        String digits = new String(header, start.length, BLANK.length(), StandardCharsets.ISO_8859_1);
        Arrays.fill(header, start.length, end, (byte) '0');
        return digits;
    }
}
