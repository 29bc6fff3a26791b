package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.all;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** tanh and exp of a vector, as polynomials. NaN stays NaN. */
final class VectorMath {

    private static final float LOG2_E = 1.44269504f;
    /** −ln 2 in two parts, the first of few bits, so that n · ln 2 is exact to beyond single precision. */
    private static final float LN2_HIGH = -0.693359375f;

    private static final float LN2_LOW = 2.12194440e-4f;
    /** 1.5 · 2^23 + 127: adding it rounds to a whole number n, and n + 127, the exponent of 2^n, stands in the low bits. */
    private static final float ROUND = 12583039f;

    private static final float MAX_EXPONENT = 86f;
    private static final float MIN_EXPONENT = -86f;
    private static final float E2 = 1f / 2;
    private static final float E3 = 1f / 6;
    private static final float E4 = 1f / 24;
    private static final float E5 = 1f / 120;
    private static final float E6 = 1f / 720;
    private static final float E7 = 1f / 5040;

    // A minimax fit of tanh(x) = x P(x²) / Q(x²) on |x| ≤ 9; relative error 6e-8 before rounding.
    private static final float P0 = 0.9999999412076985f;
    private static final float P1 = 0.12919223389192916f;
    private static final float P2 = 0.002920756595542991f;
    private static final float P3 = 9.267377907722086e-06f;
    private static final float P4 = -1.2780330766940147e-08f;
    private static final float P5 = 1.8255011466458084e-11f;
    private static final float Q1 = 0.46252507253020114f;
    private static final float Q2 = 0.02376314663500761f;
    private static final float Q3 = 0.00022809950706329565f;
    /** The square beyond which tanh is ±1: up to there the quotient, as it is rounded, is at most 1 (a test looks at all numbers). */
    private static final float SATURATES = 62f;

    private static final int SIGN = Integer.MIN_VALUE;
    private static final int ONE_BITS = 0x3f800000;

    private VectorMath() {}

    /** tanh, absolute and relative error at most 4e-7; never beyond ±1. */
    static FloatVector tanh(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector p = z.fma(all(P5), all(P4))
                .fma(z, all(P3))
                .fma(z, all(P2))
                .fma(z, all(P1))
                .fma(z, all(P0));
        FloatVector q = z.fma(all(Q3), all(Q2)).fma(z, all(Q1)).fma(z, all(1));
        FloatVector one = x.reinterpretAsInts().and(SIGN).or(ONE_BITS).reinterpretAsFloats();
        return x.mul(p).div(q).blend(one, z.compare(VectorOperators.GT, SATURATES));
    }

    /**
     * The lesser of the two, NaN where x is: two instructions, where {@link FloatVector#min}, which tells −0 from 0 and takes NaN from
     * either, is six.
     */
    static FloatVector atMost(FloatVector most, FloatVector x) {
        return x.blend(most, x.compare(VectorOperators.GT, most));
    }

    /** e^x with |x| held to 86, relative error about 1e-7: 2^n times a Taylor polynomial of degree 7 on ±ln 2 / 2. */
    static FloatVector exp(FloatVector x) {
        FloatVector y = atMost(all(MAX_EXPONENT), x);
        y = y.blend(MIN_EXPONENT, y.compare(VectorOperators.LT, MIN_EXPONENT));
        FloatVector shifted = y.fma(all(LOG2_E), all(ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(all(LN2_LOW), n.fma(all(LN2_HIGH), y));
        FloatVector p = r.fma(all(E7), all(E6))
                .fma(r, all(E5))
                .fma(r, all(E4))
                .fma(r, all(E3))
                .fma(r, all(E2))
                .fma(r, all(1))
                .fma(r, all(1));
        // A product, not a sum of bits, which would turn a NaN with something in its low bits into a number.
        FloatVector power =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return p.mul(power);
    }
}
