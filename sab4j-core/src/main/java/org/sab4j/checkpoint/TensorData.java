package org.sab4j.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor as it lies in a file: a shape and its elements, row-major. The shape {@code []} is a scalar, with one
 * element; a shape with a 0 in it has none.
 *
 * <p>The arrays are not copied, neither in nor out, since they can be large: who changes one changes the tensor. Nor
 * are they compared: two tensors are equal only if they share their array.
 */
public sealed interface TensorData {
    /** The dimensions, each at least 0. */
    List<Integer> shape();

    /** The number of elements, the product of the shape. */
    default int size() {
        return switch (this) {
            case Floats tensor -> tensor.values.length;
            case Doubles tensor -> tensor.values.length;
            case Longs tensor -> tensor.values.length;
            case Ints tensor -> tensor.values.length;
            case Bytes tensor -> tensor.values.length;
        };
    }

    /** 32-bit floats, {@code F32} in the file; also what {@code F16} and {@code BF16} are read as. */
    @SuppressWarnings("ArrayRecordComponent") // holds the array, never compares it
    record Floats(List<Integer> shape, float[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if there are more or fewer values than the shape says. */
        public Floats {
            shape = checked(shape, values.length);
        }
    }

    /** 64-bit floats, {@code F64} in the file. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Doubles(List<Integer> shape, double[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if there are more or fewer values than the shape says. */
        public Doubles {
            shape = checked(shape, values.length);
        }
    }

    /** 64-bit integers, {@code I64} in the file. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Longs(List<Integer> shape, long[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if there are more or fewer values than the shape says. */
        public Longs {
            shape = checked(shape, values.length);
        }
    }

    /** 32-bit integers, {@code I32} in the file. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Ints(List<Integer> shape, int[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if there are more or fewer values than the shape says. */
        public Ints {
            shape = checked(shape, values.length);
        }
    }

    /** Bytes, unsigned by the format's account: {@code U8} in the file. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Bytes(List<Integer> shape, byte[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if there are more or fewer values than the shape says. */
        public Bytes {
            shape = checked(shape, values.length);
        }
    }

    /** The values, not copied, in that shape. */
    static Floats of(float[] values, int... shape) {
        return new Floats(listOf(shape), values);
    }

    /** The values, not copied, in that shape. */
    static Doubles of(double[] values, int... shape) {
        return new Doubles(listOf(shape), values);
    }

    /** The values, not copied, in that shape. */
    static Longs of(long[] values, int... shape) {
        return new Longs(listOf(shape), values);
    }

    /** The values, not copied, in that shape. */
    static Ints of(int[] values, int... shape) {
        return new Ints(listOf(shape), values);
    }

    /** The values, not copied, in that shape. */
    static Bytes of(byte[] values, int... shape) {
        return new Bytes(listOf(shape), values);
    }

    private static List<Integer> listOf(int[] shape) {
        return IntStream.of(shape).boxed().toList();
    }

    private static List<Integer> checked(List<Integer> shape, int size) {
        long product = 1;
        boolean negative = false;
        for (int dimension : shape) {
            negative |= dimension < 0;
            // Stops growing once it is too large for any array, so that it cannot overflow; a later 0 still counts.
            product = Math.min(product, Integer.MAX_VALUE + 1L) * dimension;
        }
        if (negative || product != size || shape.size() > Header.MOST_DIMENSIONS) {
            throw new IllegalArgumentException(size + " values do not fill the shape " + shape);
        }
        return List.copyOf(shape);
    }
}
