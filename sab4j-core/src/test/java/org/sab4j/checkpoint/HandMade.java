package org.sab4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Files as the format describes them, put together without any of the code under test. */
final class HandMade {
    private HandMade() {}

    /** The header's length, the header, the data. */
    static byte[] bytes(String header, byte... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }

    /** The same as a file of that folder. */
    static Path file(Path folder, String header, byte... data) throws IOException {
        return Files.write(folder.resolve("made.safetensors"), bytes(header, data));
    }

    /** The digits of the check sum of these bytes. */
    static String checkSum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return "%08x".formatted(sum.getValue());
    }
}
