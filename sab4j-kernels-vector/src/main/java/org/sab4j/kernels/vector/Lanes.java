package org.sab4j.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The machine's preferred float vector, up to 16 floats.
 *
 * <p>Loops run over whole vectors; what is left at the end goes under a mask, in code of its own: a mask in the loop, or a branch
 * for it, costs more than the arithmetic. Constants are numbers that {@link #all} spreads where they are used, which the compiler keeps in
 * registers; a vector in a static field is loaded from memory again at each use. Kernels keep to operations that are exact or correctly rounded, in a fixed order, so that interpreted and compiled code give
 * the same bits: no {@code reduceLanes(ADD)}, whose order is not specified.
 */
final class Lanes {

    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() <= 16 ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;

    /** Floats in a vector, a power of two. */
    static final int L = SPECIES.length();

    private static final VectorShuffle<Float> BY_HALF = rotation(L / 2);
    private static final VectorShuffle<Float> BY_QUARTER = rotation(L / 4);
    private static final VectorShuffle<Float> BY_EIGHTH = rotation(L / 8);
    private static final VectorShuffle<Float> BY_SIXTEENTH = rotation(L / 16);

    private Lanes() {}

    static FloatVector load(float[] x, int off) {
        return FloatVector.fromArray(SPECIES, x, off);
    }

    /** The lanes of the mask; the others are 0. */
    static FloatVector load(float[] x, int off, VectorMask<Float> mask) {
        return FloatVector.fromArray(SPECIES, x, off, mask);
    }

    /** The lanes j … n − 1 of the vector that begins at j. */
    static VectorMask<Float> tail(int j, int n) {
        return SPECIES.indexInRange(j, n);
    }

    /** x in all lanes. */
    static FloatVector all(float x) {
        return FloatVector.broadcast(SPECIES, x);
    }

    /** x, and 0 in the lanes where |x| is below {@code least}. */
    static FloatVector orZero(FloatVector x, float least) {
        return x.blend(0f, x.abs().lt(least));
    }

    /** The sum of all lanes, pairwise. */
    static float sum(FloatVector v) {
        FloatVector s = v;
        if (L >= 16) {
            s = s.add(s.rearrange(BY_SIXTEENTH));
        }
        if (L >= 8) {
            s = s.add(s.rearrange(BY_EIGHTH));
        }
        s = s.add(s.rearrange(BY_QUARTER));
        s = s.add(s.rearrange(BY_HALF));
        return s.lane(0);
    }

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane + by) % L);
    }
}
