package org.sab4j.kernels.vector;

import static org.assertj.core.api.Assertions.fail;

import java.util.Random;

/** Arrays for kernels to work on, and the comparison of what they leave behind. */
final class Floats {

    /** Around the vector's length and its multiples, the usual sizes of a layer, and odd ones. */
    static final int[] SIZES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 79, 80, 81, 100, 127, 128,
        129, 207, 257, 702
    };

    /** A NaN that no arithmetic makes: what may be neither read into a result nor written over. */
    static final int GUARD_BITS = 0x7FD5_5AA5;

    private static final float GUARD = Float.intBitsToFloat(GUARD_BITS);

    private Floats() {}

    /** All guards. */
    static float[] guards(int n) {
        float[] x = new float[n];
        java.util.Arrays.fill(x, GUARD);
        return x;
    }

    /** Guards, with n numbers uniform on ±size from {@code off}. */
    static float[] random(Random random, int off, int n, int behind, float size) {
        return matrix(random, off, 1, n, n, behind, size);
    }

    /** Guards, with a matrix of numbers uniform on ±size from {@code off}; guards stand between its rows, too. */
    static float[] matrix(Random random, int off, int rows, int columns, int stride, int behind, float size) {
        float[] x = guards(off + rows * stride + behind);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                x[off + i * stride + j] = size * (2 * random.nextFloat() - 1);
            }
        }
        return x;
    }

    /**
     * Fails unless every number is within {@code tolerance · (1 + |expected|)} of the expected one, NaN stands where NaN is
     * expected and every guard is as it was.
     */
    static void same(String what, float[] expected, float[] found, double tolerance) {
        if (expected.length != found.length) {
            fail(what + ": " + found.length + " numbers instead of " + expected.length);
        }
        for (int i = 0; i < expected.length; i++) {
            boolean guardExpected = Float.floatToRawIntBits(expected[i]) == GUARD_BITS;
            boolean guardFound = Float.floatToRawIntBits(found[i]) == GUARD_BITS;
            double difference = Math.abs((double) expected[i] - found[i]);
            boolean good;
            if (guardExpected || guardFound) {
                good = guardExpected && guardFound;
            } else if (Float.isNaN(expected[i])) {
                good = Float.isNaN(found[i]);
            } else {
                good = expected[i] == found[i] || difference <= tolerance * (1 + Math.abs(expected[i]));
            }
            if (!good) {
                fail(what + ": at " + i + " " + found[i] + " instead of " + expected[i] + ", tolerance " + tolerance);
            }
        }
    }

    /** Fails unless two arrays agree in every bit. */
    static void identical(String what, float[] expected, float[] found) {
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(found[i])) {
                fail(what + ": at " + i + " " + found[i] + " instead of " + expected[i]);
            }
        }
    }
}
