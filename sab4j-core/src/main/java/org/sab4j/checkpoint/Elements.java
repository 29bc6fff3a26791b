package org.sab4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Elements between a file and arrays, chunk by chunk: for each type one reader and one writer of the same build. */
final class Elements {
    private Elements() {}

    /** The tensor of that slot, whose first byte is the source's next. */
    static TensorData read(ByteSource source, Header.Slot slot) throws IOException {
        List<Integer> shape = slot.shape();
        int size = slot.size();
        return switch (slot.type()) {
            case F64 -> new TensorData.Doubles(shape, readDoubles(source, size));
            case I64 -> new TensorData.Longs(shape, readLongs(source, size));
            case F32 -> new TensorData.Floats(shape, readFloats(source, size));
            case I32 -> new TensorData.Ints(shape, readInts(source, size));
            case F16 -> new TensorData.Floats(shape, readHalves(source, size));
            case BF16 -> new TensorData.Floats(shape, readBrainFloats(source, size));
            case U8 -> new TensorData.Bytes(shape, readBytes(source, size));
        };
    }

    /** Writes the tensor's elements as the sink's next bytes. */
    static void write(ByteSink sink, TensorData tensor) throws IOException {
        switch (tensor) {
            case TensorData.Doubles doubles -> writeDoubles(sink, doubles.values());
            case TensorData.Longs longs -> writeLongs(sink, longs.values());
            case TensorData.Floats floats -> writeFloats(sink, floats.values());
            case TensorData.Ints ints -> writeInts(sink, ints.values());
            case TensorData.Bytes bytes -> sink.send(bytes.values());
        }
    }

    private static double[] readDoubles(ByteSource source, int size) throws IOException {
        double[] values = new double[size];
        for (int done = 0, n; done < size; done += n) {
            n = chunk(Double.BYTES, size - done);
            source.next(n * Double.BYTES).asDoubleBuffer().get(values, done, n);
        }
        return values;
    }

    private static long[] readLongs(ByteSource source, int size) throws IOException {
        long[] values = new long[size];
        for (int done = 0, n; done < size; done += n) {
            n = chunk(Long.BYTES, size - done);
            source.next(n * Long.BYTES).asLongBuffer().get(values, done, n);
        }
        return values;
    }

    private static float[] readFloats(ByteSource source, int size) throws IOException {
        float[] values = new float[size];
        for (int done = 0, n; done < size; done += n) {
            n = chunk(Float.BYTES, size - done);
            source.next(n * Float.BYTES).asFloatBuffer().get(values, done, n);
        }
        return values;
    }

    private static int[] readInts(ByteSource source, int size) throws IOException {
        int[] values = new int[size];
        for (int done = 0, n; done < size; done += n) {
            n = chunk(Integer.BYTES, size - done);
            source.next(n * Integer.BYTES).asIntBuffer().get(values, done, n);
        }
        return values;
    }

    private static float[] readHalves(ByteSource source, int size) throws IOException {
        float[] values = new float[size];
        for (int done = 0; done < size; ) {
            ByteBuffer chunk = source.next(chunk(Short.BYTES, size - done) * Short.BYTES);
            while (chunk.hasRemaining()) {
                values[done++] = Float.float16ToFloat(chunk.getShort());
            }
        }
        return values;
    }

    private static float[] readBrainFloats(ByteSource source, int size) throws IOException {
        float[] values = new float[size];
        for (int done = 0; done < size; ) {
            ByteBuffer chunk = source.next(chunk(Short.BYTES, size - done) * Short.BYTES);
            while (chunk.hasRemaining()) {
                values[done++] = Float.intBitsToFloat(chunk.getShort() << 16);
            }
        }
        return values;
    }

    private static byte[] readBytes(ByteSource source, int size) throws IOException {
        byte[] values = new byte[size];
        for (int done = 0, n; done < size; done += n) {
            n = chunk(1, size - done);
            source.next(n).get(values, done, n);
        }
        return values;
    }

    private static void writeDoubles(ByteSink sink, double[] values) throws IOException {
        for (int done = 0, n; done < values.length; done += n) {
            n = chunk(Double.BYTES, values.length - done);
            sink.buffer().asDoubleBuffer().put(values, done, n);
            sink.send(n * Double.BYTES);
        }
    }

    private static void writeLongs(ByteSink sink, long[] values) throws IOException {
        for (int done = 0, n; done < values.length; done += n) {
            n = chunk(Long.BYTES, values.length - done);
            sink.buffer().asLongBuffer().put(values, done, n);
            sink.send(n * Long.BYTES);
        }
    }

    private static void writeFloats(ByteSink sink, float[] values) throws IOException {
        for (int done = 0, n; done < values.length; done += n) {
            n = chunk(Float.BYTES, values.length - done);
            sink.buffer().asFloatBuffer().put(values, done, n);
            sink.send(n * Float.BYTES);
        }
    }

    private static void writeInts(ByteSink sink, int[] values) throws IOException {
        for (int done = 0, n; done < values.length; done += n) {
            n = chunk(Integer.BYTES, values.length - done);
            sink.buffer().asIntBuffer().put(values, done, n);
            sink.send(n * Integer.BYTES);
        }
    }

    /** How many elements to do next out of those that remain. */
    private static int chunk(int width, int remaining) {
        return Math.min(ByteSource.CHUNK / width, remaining);
    }
}
