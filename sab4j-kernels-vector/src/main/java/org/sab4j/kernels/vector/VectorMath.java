package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.all;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** tanh, sigmoid and exp of a vector, as polynomials. NaN stays NaN. */
final class VectorMath {

    private static final FloatVector ONE = all(1f);
    private static final FloatVector HALF = all(0.5f);

    private static final FloatVector LOG2_E = all(1.44269504f);
    /** −ln 2 in two parts, the first of few bits, so that n · ln 2 is exact to beyond single precision. */
    private static final FloatVector LN2_HIGH = all(-0.693359375f);

    private static final FloatVector LN2_LOW = all(2.12194440e-4f);
    /** 1.5 · 2^23 + 127: adding it rounds to a whole number n, and n + 127, the exponent of 2^n, stands in the low bits. */
    private static final FloatVector ROUND = all(12583039f);

    private static final FloatVector MAX_EXPONENT = all(86f);
    private static final FloatVector MIN_EXPONENT = all(-86f);
    private static final FloatVector E2 = HALF;
    private static final FloatVector E3 = all(1f / 6);
    private static final FloatVector E4 = all(1f / 24);
    private static final FloatVector E5 = all(1f / 120);
    private static final FloatVector E6 = all(1f / 720);
    private static final FloatVector E7 = all(1f / 5040);

    // A minimax fit of tanh(x) = x P(x²) / Q(x²) on |x| ≤ 9, where tanh is 1; relative error 6e-8 before rounding.
    private static final FloatVector SATURATES = all(9f);
    private static final FloatVector SATURATES_BELOW = all(-9f);
    private static final FloatVector MINUS_ONE = all(-1f);
    private static final FloatVector P0 = all(0.9999999412076985f);
    private static final FloatVector P1 = all(0.12919223389192916f);
    private static final FloatVector P2 = all(0.002920756595542991f);
    private static final FloatVector P3 = all(9.267377907722086e-06f);
    private static final FloatVector P4 = all(-1.2780330766940147e-08f);
    private static final FloatVector P5 = all(1.8255011466458084e-11f);
    private static final FloatVector Q1 = all(0.46252507253020114f);
    private static final FloatVector Q2 = all(0.02376314663500761f);
    private static final FloatVector Q3 = all(0.00022809950706329565f);

    private VectorMath() {}

    /** tanh, absolute and relative error at most 4e-7; never beyond ±1. */
    static FloatVector tanh(FloatVector x) {
        FloatVector y = x.max(SATURATES_BELOW).min(SATURATES);
        FloatVector z = y.mul(y);
        FloatVector p = z.fma(P5, P4).fma(z, P3).fma(z, P2).fma(z, P1).fma(z, P0);
        FloatVector q = z.fma(Q3, Q2).fma(z, Q1).fma(z, ONE);
        return y.mul(p).div(q).max(MINUS_ONE).min(ONE);
    }

    /** 1 / (1 + e^{−x}). */
    static FloatVector sigmoid(FloatVector x) {
        return tanh(x.mul(HALF)).fma(HALF, HALF);
    }

    /** e^x with |x| held to 86, relative error about 1e-7: 2^n times a Taylor polynomial of degree 7 on ±ln 2 / 2. */
    static FloatVector exp(FloatVector x) {
        FloatVector y = x.max(MIN_EXPONENT).min(MAX_EXPONENT);
        FloatVector shifted = y.fma(LOG2_E, ROUND);
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(LN2_LOW, n.fma(LN2_HIGH, y));
        FloatVector p = r.fma(E7, E6)
                .fma(r, E5)
                .fma(r, E4)
                .fma(r, E3)
                .fma(r, E2)
                .fma(r, ONE)
                .fma(r, ONE);
        // A product, not a sum of bits, which would turn a NaN with something in its low bits into a number.
        FloatVector power =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return p.mul(power);
    }
}
