package org.sab4j.bench;

/** A large plain matrix product of another library, which shows what the machine can do; found by {@link java.util.ServiceLoader}. */
public interface Yardstick {

    /** The library and the shape, for tables. */
    String title();

    /** The floating-point operations of a product. */
    double flops();

    /**
     * Products on so many threads, each run one of {@link #flops}.
     *
     * @param threads as many as the update that is measured by it has
     */
    Update start(int threads);
}
