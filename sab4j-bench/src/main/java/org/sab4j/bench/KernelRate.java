package org.sab4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.sab4j.kernels.Kernels;
import org.sab4j.train.ThreadTeam;

/**
 * A kernel's speed, measured on all threads at once, each with arrays of its own.
 *
 * @param title the kernel and its shape
 * @param threads how many
 * @param unit GFLOP/s of all threads together, or ns an element on one thread
 */
public record KernelRate(String title, int threads, String unit, Spread rate) {

    private static final int ROUNDS = 7;

    /** Warming up takes so many times as long as measuring: the compiler is slow on small machines that are busy. */
    private static final int WARM_UP = 5;

    /** Measures kernels on each number of threads, about {@code seconds} each. */
    static List<KernelRate> all(Kernels kernels, List<Integer> threads, Predicate<KernelCase> wanted, double seconds) {
        List<KernelRate> rates = new ArrayList<>();
        for (int n : threads) {
            try (ThreadTeam team = new ThreadTeam(n)) {
                for (KernelCase kernel : KernelCase.values()) {
                    if (wanted.test(kernel)) {
                        rates.add(measure(kernel, kernels, team, seconds));
                    }
                }
            }
        }
        return rates;
    }

    /** Measures a kernel for about {@code seconds}, after warming up. */
    private static KernelRate measure(KernelCase kernel, Kernels kernels, ThreadTeam team, double seconds) {
        int threads = team.threads();
        List<Runnable> bodies = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            bodies.add(kernel.body(kernels));
        }
        long slice = (long) (seconds * 1e9 / ROUNDS);
        double[] rates = new double[ROUNDS];
        double[] nanoseconds = new double[threads];
        team.run(
                threads,
                (worker, piece) -> nanoseconds[piece] = perCall(bodies.get(piece), (long) (WARM_UP * seconds * 1e9)));
        for (int round = 0; round < ROUNDS; round++) {
            team.run(threads, (worker, piece) -> nanoseconds[piece] = perCall(bodies.get(piece), slice));
            double rate = 0;
            for (double ns : nanoseconds) {
                rate += kernel.rate().of(kernel.work(), ns);
            }
            rates[round] = kernel.rate() == Rate.GFLOPS ? rate : rate / threads;
        }
        return new KernelRate(kernel.title(), threads, kernel.rate().unit(), Spread.of(rates));
    }

    /** Nanoseconds a call, over calls that take about {@code slice} nanoseconds together. */
    private static double perCall(Runnable body, long slice) {
        long start = System.nanoTime();
        long calls = 0;
        long time;
        int batch = 1;
        do {
            for (int i = 0; i < batch; i++) {
                body.run();
            }
            calls += batch;
            time = System.nanoTime() - start;
            // Few enough calls between looks at the clock to end in time, many enough for the look to cost nothing.
            batch = Math.clamp(calls * slice / Math.max(1, time) / 16, 1, 1 << 16);
        } while (time < slice);
        return (double) time / calls;
    }
}
