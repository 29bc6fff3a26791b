package org.sab4j.random;

import java.util.random.RandomGenerator;

/**
 * A stream of random numbers with a name and a state that can be saved: SplitMix64 (Steele, Lea, Flood 2014).
 *
 * <p>Streams of one seed and different names are independent for all practical purposes. The numbers depend on the seed,
 * the name and how many were drawn, and on nothing else: not on the machine, the threads or the Java version.
 */
public final class RandomStream implements RandomGenerator {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final String name;
    private long state;

    private RandomStream(String name, long state) {
        this.name = name;
        this.state = state;
    }

    /** The stream of that name at its start. */
    public static RandomStream of(long seed, String name) {
        long state = mix(seed + GOLDEN_GAMMA);
        for (int i = 0; i < name.length(); i++) {
            state = mix(state + GOLDEN_GAMMA * (name.charAt(i) + 1));
        }
        return new RandomStream(name, state);
    }

    /** A stream that goes on where one of the same name stood. */
    public static RandomStream resume(String name, long state) {
        return new RandomStream(name, state);
    }

    /** What it is for. */
    public String name() {
        return name;
    }

    /** All there is to know to go on from here. */
    public long state() {
        return state;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform on [0, 1), of 24 bits. */
    @Override
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1p-24f;
    }

    /** Uniform on [0, 1), of 53 bits. */
    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** Standard normal, by the polar method without its second value, so that {@link #state} stays all there is. */
    @Override
    public double nextGaussian() {
        while (true) {
            double x = 2 * nextDouble() - 1;
            double y = 2 * nextDouble() - 1;
            double square = x * x + y * y;
            if (square < 1 && square > 0) {
                return x * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }

    /** Uniform on 0 … bound − 1, without bias. */
    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("The bound must be positive: " + bound);
        }
        while (true) {
            long bits = nextLong() >>> 33;
            long value = bits % bound;
            if (bits - value + (bound - 1) < 1L << 31) {
                return (int) value;
            }
        }
    }

    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
