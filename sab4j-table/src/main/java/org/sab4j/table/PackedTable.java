package org.sab4j.table;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The rows of all sequences, one behind the other, as numbers in a mapped file: the features' raw values, the target, the order.
 * In memory are only where each sequence begins, and what the system keeps of the file. The file goes when this is closed, or in the
 * end by itself when nobody needs it.
 */
final class PackedTable implements AutoCloseable {

    private static final Cleaner CLEANER = Cleaner.create();

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment values; // (rows, features + 2)
    private final int features;
    private final long[] starts; // (sequences + 1)
    private final long sum;
    private final Cleaner.Cleanable mapping;

    private PackedTable(Arena arena, MemorySegment values, int features, long[] starts, long sum) {
        mapping = CLEANER.register(this, arena::close);
        this.values = values;
        this.features = features;
        this.starts = starts;
        this.sum = sum;
    }

    /** Writes one. */
    static final class Writer implements AutoCloseable {

        private static final int BUFFER = 1 << 20;

        private final Path file;
        private final FileChannel out;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        private final CRC32C sum = new CRC32C();
        private final int features;
        private long[] starts = new long[1024];
        private int sequences;
        private long rows;

        /** Begins a file in that folder. */
        Writer(Path folder, int features) throws IOException {
            file = Files.createTempFile(folder, "rows-", ".bin");
            out = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.features = features;
        }

        /** Adds a row. */
        void add(boolean first, double[] raw, double target, double order) throws IOException {
            if (first) {
                if (sequences + 1 >= starts.length) {
                    starts = Arrays.copyOf(starts, 2 * starts.length);
                }
                starts[sequences++] = rows;
            }
            for (double value : raw) {
                put(value);
            }
            put(target);
            put(order);
            rows++;
        }

        private void put(double value) throws IOException {
            if (buffer.remaining() < Double.BYTES) {
                flush();
            }
            buffer.putDouble(value);
        }

        private void flush() throws IOException {
            buffer.flip();
            sum.update(buffer.duplicate());
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            buffer.clear();
        }

        /** What was written. */
        @SuppressWarnings("MustBeClosedChecker") // the table closes the arena, or its cleaner does
        PackedTable finish() throws IOException {
            flush();
            starts[sequences] = rows;
            Arena arena = Arena.ofShared();
            MemorySegment values = out.map(FileChannel.MapMode.READ_ONLY, 0, out.size(), arena);
            return new PackedTable(arena, values, features, Arrays.copyOf(starts, sequences + 1), sum.getValue());
        }

        /** Takes the name away: the file itself goes with its mapping, however the process ends. */
        @Override
        public void close() throws IOException {
            out.close();
            if (!file.toFile().delete()) {
                file.toFile().deleteOnExit(); // a system that keeps files that are mapped
            }
        }
    }

    /** How many sequences there are. */
    int sequences() {
        return starts.length - 1;
    }

    /** A sequence's first row. */
    long start(int sequence) {
        return starts[sequence];
    }

    /** The row behind a sequence's last. */
    long end(int sequence) {
        return starts[sequence + 1];
    }

    /** A check sum of all values. */
    long sum() {
        return sum;
    }

    /** How many rows there are. */
    long rows() {
        return starts[starts.length - 1];
    }

    /** A feature's raw value. */
    double raw(long row, int feature) {
        return at(row, feature);
    }

    /** The target: a class's index or a number; NaN if there is none. */
    double target(long row) {
        return at(row, features);
    }

    /** Where the row stands among others in time. */
    double order(long row) {
        return at(row, features + 1);
    }

    private double at(long row, int column) {
        try {
            return values.get(DOUBLE, (row * (features + 2) + column) * Double.BYTES);
        } finally {
            Reference.reachabilityFence(this); // or the mapping could go while it is read for the last time
        }
    }

    /** Takes the mapping, and with it the file's room on the disk, away. */
    @Override
    public void close() {
        mapping.clean();
    }
}
