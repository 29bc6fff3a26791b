package org.sab4j.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The machine's preferred float vector. */
final class Lanes {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Floats in a vector. */
    static final int L = SPECIES.length();

    private Lanes() {}

    static FloatVector load(float[] x, int off) {
        return FloatVector.fromArray(SPECIES, x, off);
    }

    /** Loads floats j … min(j + L, n) − 1 of the n that begin at {@code off}; the other lanes are 0. */
    static FloatVector loadTail(float[] x, int off, int j, int n) {
        return FloatVector.fromArray(SPECIES, x, off + j, tail(j, n));
    }

    static void storeTail(FloatVector v, float[] x, int off, int j, int n) {
        v.intoArray(x, off + j, tail(j, n));
    }

    static VectorMask<Float> tail(int j, int n) {
        return SPECIES.indexInRange(j, n);
    }

    static FloatVector all(float x) {
        return FloatVector.broadcast(SPECIES, x);
    }
}
