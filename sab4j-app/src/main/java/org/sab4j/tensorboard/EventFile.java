package org.sab4j.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The content of an event file: {@code Event} messages as records of length, checksum of the length, data, checksum of the data.
 *
 * <p>Event: 1 wall_time, 2 step, 3 file_version, 5 summary. Summary: 1 value. Value: 1 tag, 2 simple_value, 4 image. Image: 1 height,
 * 2 width, 3 colorspace, 4 encoded_image_string.
 */
final class EventFile {

    private static final String VERSION = "brain.Event:2";
    private static final int RGB = 3;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A file that has its version and no event. */
    EventFile(double wallTime) {
        record(new Message().number(1, wallTime).text(3, VERSION));
    }

    /** Adds a number. */
    void scalar(double wallTime, long step, String tag, float value) {
        event(wallTime, step, new Message().text(1, tag).number(2, value));
    }

    /** Adds a PNG. */
    void image(double wallTime, long step, String tag, int width, int height, byte[] png) {
        Message image =
                new Message().whole(1, height).whole(2, width).whole(3, RGB).bytes(4, png);
        event(wallTime, step, new Message().text(1, tag).message(4, image));
    }

    private void event(double wallTime, long step, Message value) {
        record(new Message().number(1, wallTime).whole(2, step).message(5, new Message().message(1, value)));
    }

    private void record(Message event) {
        byte[] data = event.bytes();
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        out.writeBytes(length);
        out.writeBytes(checksum(length));
        out.writeBytes(data);
        out.writeBytes(checksum(data));
    }

    /** TensorFlow's masked CRC-32C: turned by 15 bits, plus a constant. */
    private static byte[] checksum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(masked)
                .array();
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
