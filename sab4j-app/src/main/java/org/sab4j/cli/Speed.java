package org.sab4j.cli;

import java.util.ArrayDeque;

/** Updates a second, over the last half minute. */
final class Speed {

    private static final double WINDOW = 30; // s
    /** The first updates say nothing: Java is still compiling. */
    private static final long LEAST = 10;

    private static final double APART = 0.2; // s

    private record Point(double seconds, long update) {}

    private final ArrayDeque<Point> points = new ArrayDeque<>();
    private final long start = System.nanoTime();
    private Point last = new Point(0, 0);

    /** Nothing known yet. */
    Speed() {}

    /** Training begins after that update. */
    void begin(long update) {
        last = new Point(seconds(), update);
        points.add(last);
    }

    /** That update is done. */
    void at(long update) {
        last = new Point(seconds(), update);
        if (points.isEmpty() || last.seconds - points.getLast().seconds >= APART) {
            points.add(last);
        }
        while (points.size() > 2 && last.seconds - points.getFirst().seconds > WINDOW) {
            points.removeFirst();
        }
    }

    /** 0 while nothing is known. */
    double perSecond() {
        Point first = points.peekFirst();
        if (first == null || last.update < first.update + LEAST) {
            return 0;
        }
        return (last.update - first.update) / Math.max(1e-9, last.seconds - first.seconds);
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }
}
