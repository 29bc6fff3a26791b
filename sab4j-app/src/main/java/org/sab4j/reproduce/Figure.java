package org.sab4j.reproduce;

import java.math.BigDecimal;

/**
 * A figure as it is printed: any number that would be rounded to it.
 *
 * @param text such as {@code 99.8} or {@code 4.59e-6}
 */
public record Figure(String text) {

    /** Its value as printed. */
    public double value() {
        return new BigDecimal(text).doubleValue();
    }

    /** Half a unit of its last digit. */
    private double half() {
        return new BigDecimal(text).ulp().doubleValue() / 2;
    }

    /** The least number that it may stand for. */
    double least() {
        return value() - half();
    }

    /** The largest number that it may stand for. */
    double most() {
        return value() + half();
    }
}
