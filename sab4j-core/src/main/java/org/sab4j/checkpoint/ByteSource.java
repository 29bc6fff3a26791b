package org.sab4j.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a file from front to back through a small buffer, and the check sum of those that went by. Not a
 * channel: an interrupt would close that under a thread that is stopping in good order.
 */
final class ByteSource {
    /** The most bytes one {@link #next} can ask for. A multiple of every element's width. */
    static final int CHUNK = 1 << 16;

    private final RandomAccessFile in;
    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C sum = new CRC32C();

    ByteSource(RandomAccessFile in) {
        this.in = in;
    }

    /** The next bytes, little-endian; valid until the next call. Throws {@link EOFException} if the file has fewer. */
    ByteBuffer next(int bytes) throws IOException {
        in.readFully(buffer.array(), 0, bytes);
        sum.update(buffer.array(), 0, bytes);
        return buffer.clear().limit(bytes);
    }

    /** Counts bytes that were read past this buffer. */
    void count(byte[] bytes) {
        sum.update(bytes);
    }

    /** The check sum so far. */
    long sum() {
        return sum.getValue();
    }
}
