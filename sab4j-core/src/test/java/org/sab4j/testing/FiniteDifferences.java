package org.sab4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;

/**
 * Gradients against differences of the loss, of fourth order: (8 (f(+h) − f(−h)) − (f(+2h) − f(−2h))) / 12h.
 *
 * <p>The arithmetic under test is in single precision, so the step is large and the tolerance 1 %. Coordinates along which
 * the choice of memories changes are left out, since there the loss has a kink or a jump.
 */
public final class FiniteDifferences {

    private static final float STEP = 0.01f;
    private static final double RELATIVE = 1e-2;
    /** Of the largest entry of the gradient: what is left of rounding. */
    private static final double OF_LARGEST = 2e-3;

    private static final double LEAST = 2e-4;

    /** The loss at some point, and what was chosen there. */
    public record Point(double loss, List<Integer> choice) {}

    private final String title;
    private final Supplier<Point> at;
    private int checked;
    private int skipped;

    /** Differences of a function of the arrays that {@link #check} varies. */
    public FiniteDifferences(String title, Supplier<Point> at) {
        this.title = title;
        this.at = at;
    }

    /** The loss where the arrays are now. */
    public Point point() {
        return at.get();
    }

    /** Varies n entries of x from {@code off}; their gradient stands in {@code gradient} from {@code gOff}. */
    public void check(String name, float[] x, int off, int n, float[] gradient, int gOff) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, Math.abs(gradient[gOff + i]));
        }
        List<Integer> choice = at.get().choice();
        for (int i = 0; i < n; i++) {
            float middle = x[off + i];
            Point[] points = new Point[4];
            for (int p = 0; p < 4; p++) {
                x[off + i] = middle + STEP * (p < 2 ? p - 2 : p - 1);
                points[p] = at.get();
            }
            x[off + i] = middle;
            if (!List.of(points).stream().allMatch(p -> p.choice().equals(choice))) {
                skipped++;
                continue;
            }
            checked++;
            double slope =
                    (8 * (points[2].loss() - points[1].loss()) - (points[3].loss() - points[0].loss())) / (12.0 * STEP);
            double found = gradient[gOff + i];
            double tolerance = LEAST + RELATIVE * Math.abs(slope) + OF_LARGEST * largest;
            assertThat(Math.abs(found - slope))
                    .as("%s, %s[%d]: gradient %s, slope %s", title, name, i, found, slope)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    /** Fails if less than that share of the coordinates could be compared. */
    public void checkedAtLeast(double share) {
        assertThat((double) checked / (checked + skipped))
                .as("%s: share of coordinates whose choice of memories stays (%d checked)", title, checked)
                .isGreaterThanOrEqualTo(share);
    }

    /** Which memories were retrieved, in which order, which of them have a weight, and when all were written. */
    public static List<Integer> choice(Trace trace) {
        if (trace.retrieval == null || trace.memory == null) {
            return List.of();
        }
        List<Integer> choice = choice(trace.retrieval);
        for (int row = 0; row < trace.activeRows(); row++) {
            for (int i = 0; i < trace.memory.written(row); i++) {
                choice.add(trace.memory.step(row, i));
            }
        }
        return choice;
    }

    /** Which memories were retrieved, in which order, and which of them have a weight. */
    public static List<Integer> choice(Retrieval.Trace trace) {
        List<Integer> choice = new java.util.ArrayList<>();
        for (int cell = 0; cell < trace.counts.length; cell++) {
            for (int j = 0; j < trace.counts[cell]; j++) {
                int at = cell * trace.width + j;
                choice.add(trace.weights[at] > 0 ? trace.indices[at] : -1 - trace.indices[at]);
            }
            choice.add(Integer.MAX_VALUE);
        }
        return choice;
    }
}
