package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.all;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** tanh, sigmoid and exp of a vector, as polynomials. NaN stays NaN. */
final class VectorMath {

    private static final float LOG2_E = 1.44269504f;
    /** ln 2 in two parts, the first of few bits, so that n · ln 2 is exact to beyond single precision. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /** 1.5 · 2^23: adding it rounds to a whole number, which then stands in the low bits. */
    private static final float ROUND = 12582912f;

    private static final float MAX_EXPONENT = 86f;
    private static final float TANH_SATURATES = 9f;

    // A minimax fit of tanh(x) = x P(x²) / Q(x²) on |x| ≤ 9, relative error 6e-8 before rounding.
    private static final float P0 = 0.9999999412076985f;
    private static final float P1 = 0.12919223389192916f;
    private static final float P2 = 0.002920756595542991f;
    private static final float P3 = 9.267377907722086e-06f;
    private static final float P4 = -1.2780330766940147e-08f;
    private static final float P5 = 1.8255011466458084e-11f;
    private static final float Q1 = 0.46252507253020114f;
    private static final float Q2 = 0.02376314663500761f;
    private static final float Q3 = 0.00022809950706329565f;

    private VectorMath() {}

    /** tanh, absolute and relative error at most 4e-7; never beyond ±1. */
    static FloatVector tanh(FloatVector x) {
        FloatVector y = x.max(-TANH_SATURATES).min(TANH_SATURATES);
        FloatVector z = y.mul(y);
        FloatVector p = z.fma(all(P5), all(P4));
        p = p.fma(z, all(P3));
        p = p.fma(z, all(P2));
        p = p.fma(z, all(P1));
        p = p.fma(z, all(P0));
        FloatVector q = z.fma(all(Q3), all(Q2));
        q = q.fma(z, all(Q1));
        q = q.fma(z, all(1f));
        return y.mul(p).div(q).max(-1f).min(1f);
    }

    /** 1 / (1 + e^{−x}). */
    static FloatVector sigmoid(FloatVector x) {
        return tanh(x.mul(0.5f)).fma(all(0.5f), all(0.5f));
    }

    /** e^x with |x| held to 86, relative error about 1e-7: 2^n times a Taylor polynomial of degree 7 on ±ln 2 / 2. */
    static FloatVector exp(FloatVector x) {
        FloatVector y = x.max(-MAX_EXPONENT).min(MAX_EXPONENT);
        FloatVector shifted = y.fma(all(LOG2_E), all(ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(all(-LN2_HIGH), y);
        r = n.fma(all(-LN2_LOW), r);
        FloatVector p = r.fma(all(1f / 5040), all(1f / 720));
        p = p.fma(r, all(1f / 120));
        p = p.fma(r, all(1f / 24));
        p = p.fma(r, all(1f / 6));
        p = p.fma(r, all(0.5f));
        p = p.fma(r, all(1f));
        p = p.fma(r, all(1f));
        IntVector exponent = (IntVector) shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        // The shift leaves n · 2^23 (ROUND's own bits fall out); added to p's bits it multiplies p by 2^n.
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }
}
