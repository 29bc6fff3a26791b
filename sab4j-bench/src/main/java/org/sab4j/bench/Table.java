package org.sab4j.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A report as a table for people. */
final class Table {

    /** Losses that differ by more are not of the same computation. */
    static final double EQUAL = 1e-3;

    private final PrintStream out;

    Table(PrintStream out) {
        this.out = out;
    }

    void head(Machine machine, Iterable<Peer> peers) {
        out.printf(
                Locale.ROOT,
                "machine  %s, %d cores, %d GiB, load %.1f%n",
                machine.cpu(),
                machine.cores(),
                machine.memoryGiB(),
                machine.load());
        out.printf(Locale.ROOT, "java     %s%n", machine.java());
        out.printf(Locale.ROOT, "kernels  %s%n", machine.kernels());
        for (Peer peer : peers) {
            out.printf(Locale.ROOT, "peer     %s: %s%n", peer.name(), peer.description());
        }
    }

    void kernels(List<KernelRate> rates) {
        out.printf(Locale.ROOT, "%n%-34s %7s %24s %10s %10s%n", "kernel", "threads", "median", "least", "most");
        for (KernelRate rate : rates) {
            out.printf(
                    Locale.ROOT,
                    "%-34s %7d %13.3f %-10s %10.3f %10.3f%n",
                    rate.title(),
                    rate.threads(),
                    rate.rate().median(),
                    rate.unit(),
                    rate.rate().least(),
                    rate.rate().most());
        }
    }

    void comparisonHead() {
        out.printf(
                Locale.ROOT,
                "%n%-15s %7s  %-9s %10s %9s %9s %21s %10s%n",
                "model",
                "threads",
                "",
                "ms/update",
                "least",
                "most",
                "times ours",
                "first loss");
    }

    void comparison(Report.Comparison comparison) {
        boolean ours = true;
        for (Contest.Outcome outcome : comparison.outcomes()) {
            Spread ratio = outcome.ratio();
            String times = String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratio.median(), ratio.least(), ratio.most());
            out.printf(
                    Locale.ROOT,
                    "%-15s %7s  %-9s %10.2f %9.2f %9.2f %21s %10.6f%n",
                    ours ? comparison.model() : "",
                    ours ? comparison.threads() : "",
                    outcome.name(),
                    outcome.milliseconds().median(),
                    outcome.milliseconds().least(),
                    outcome.milliseconds().most(),
                    ours ? "" : times,
                    outcome.firstLosses().getFirst());
            ours = false;
        }
        out.printf(
                Locale.ROOT,
                "%-15s %7s  %-9s %10.2f: %.2f GFLOP of products and %.1f million tanh at the kernels' rates; ours reaches %.0f %%%n",
                "",
                "",
                "limit",
                comparison.limit(),
                comparison.arithmetic().gemmFlops() / 1e9,
                comparison.arithmetic().scoreElements() / 1e6,
                100 * comparison.share());
        Report.Reference reference = comparison.reference();
        if (reference != null) {
            out.printf(
                    Locale.ROOT,
                    "%-15s %7s  %s: %.0f GFLOP/s; the products of ours, in its whole time, go at %.0f %% (%.0f–%.0f) of that%n",
                    "",
                    "",
                    reference.title(),
                    reference.gflops().median(),
                    100 * reference.share().median(),
                    100 * reference.share().least(),
                    100 * reference.share().most());
        }
        for (Contest.Outcome outcome : comparison.outcomes()) {
            double difference = difference(outcome, comparison.outcomes().getFirst());
            if (!(difference < EQUAL)) {
                out.printf(
                        Locale.ROOT,
                        "NOT EQUAL: the first losses of %s differ from ours by %.2e%n",
                        outcome.name(),
                        difference);
            }
        }
    }

    /** The largest difference of their first losses. */
    static double difference(Contest.Outcome one, Contest.Outcome other) {
        double largest = 0;
        for (int i = 0; i < one.firstLosses().size(); i++) {
            double difference =
                    Math.abs(one.firstLosses().get(i) - other.firstLosses().get(i));
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        return largest;
    }
}
