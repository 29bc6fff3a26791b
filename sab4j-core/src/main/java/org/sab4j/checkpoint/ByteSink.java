package org.sab4j.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Bytes into a file from front to back through a small buffer, and the check sum of those that went by. */
final class ByteSink {
    private final RandomAccessFile out;
    private final ByteBuffer buffer = ByteBuffer.allocate(ByteSource.CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C sum = new CRC32C();

    ByteSink(RandomAccessFile out) {
        this.out = out;
    }

    /** An empty buffer, little-endian, for the next {@link #send}. */
    ByteBuffer buffer() {
        return buffer.clear();
    }

    /** Writes the first bytes of the buffer. */
    void send(int bytes) throws IOException {
        write(buffer.array(), bytes);
    }

    /** Writes bytes that are too many for the buffer. */
    void send(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
    }

    private void write(byte[] bytes, int count) throws IOException {
        out.write(bytes, 0, count);
        sum.update(bytes, 0, count);
    }

    /** The check sum so far. */
    long sum() {
        return sum.getValue();
    }
}
