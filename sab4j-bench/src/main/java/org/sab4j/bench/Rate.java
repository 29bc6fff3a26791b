package org.sab4j.bench;

import java.util.Locale;

/** How a kernel's speed is told. */
public enum Rate {
    /** Floating-point operations in 10⁹ a second: the more, the better. */
    GFLOPS("GFLOP/s") {
        @Override
        double of(double work, double nanoseconds) {
            return work / nanoseconds;
        }
    },
    /** Nanoseconds for one of the kernel's elements: the fewer, the better. */
    NS_PER_ELEMENT("ns/element") {
        @Override
        double of(double work, double nanoseconds) {
            return nanoseconds / work;
        }
    };

    private final String unit;

    Rate(String unit) {
        this.unit = unit;
    }

    /** The speed of a call that did so much work in so many nanoseconds. */
    abstract double of(double work, double nanoseconds);

    /** The unit, as it is printed. */
    String unit() {
        return unit;
    }

    /** A speed with its unit. */
    String show(double rate) {
        return String.format(Locale.ROOT, this == GFLOPS ? "%.1f %s" : "%.3f %s", rate, unit);
    }
}
