package org.sab4j.figure;

import java.util.List;

/**
 * A line of a chart.
 *
 * @param name what the legend calls it
 * @param x ascending
 * @param y of the same length
 */
public record Curve(String name, List<Double> x, List<Double> y) {}
