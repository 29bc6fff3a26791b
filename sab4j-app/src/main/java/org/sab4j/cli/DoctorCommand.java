package org.sab4j.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.Version;
import picocli.CommandLine.Command;

/** {@code sab doctor}. */
@Command(name = "doctor", description = "Tells what sab runs on, how fast that is, and what it does not use and why.")
final class DoctorCommand implements Callable<Integer> {

    private static final int M = 64;
    private static final int N = 512;
    private static final int K = 128;
    private static final int ROUNDS = 60;
    /** After so many rounds that were no faster, Java has compiled all there is. */
    private static final int NO_FASTER = 10;

    private static final long ROUND = 50_000_000; // ns

    DoctorCommand() {}

    @Override
    public Integer call() {
        KernelProviders.Choice choice = KernelProviders.choice();
        Runtime runtime = Runtime.getRuntime();
        line("sab4j", Version.sab4j());
        line(
                "Java",
                Runtime.version() + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.home"));
        line(
                "System",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        line("Cores", String.valueOf(runtime.availableProcessors()));
        line(
                "Memory",
                "at most " + TextProgress.count(runtime.maxMemory() >> 20)
                        + " MiB for Java (SAB_JAVA_OPTS=-Xmx8g gives more)");
        line("Kernels", Version.of(choice.kernels()));
        double rate = rate(choice.kernels());
        line(
                "Speed",
                String.format(
                        Locale.ROOT,
                        (rate < 10 ? "%.2g" : "%.0f") + " GFLOP/s on one core (matrix product %d x %d x %d)",
                        rate,
                        M,
                        N,
                        K));
        choice.rejected().forEach(other -> line("Not used", other.name() + ": " + other.reason()));
        return ExitCode.DONE;
    }

    private static void line(String name, String value) {
        System.out.printf(Locale.ROOT, "%-9s %s%n", name, value);
    }

    /** The best rate of a matrix product of the default model's size: the first rounds only warm Java up. */
    private static double rate(Kernels kernels) {
        float[] a = new float[M * K];
        float[] b = new float[K * N];
        float[] c = new float[M * N];
        float[] packed = new float[kernels.packedSize(K, N)];
        kernels.pack(K, N, b, 0, N, 1, packed, 0);
        double best = 0;
        int bestRound = 0;
        for (int round = 0; round < ROUNDS && round - bestRound <= NO_FASTER; round++) {
            double rate = products(kernels, a, packed, c);
            if (rate > best) {
                best = rate;
                bestRound = round;
            }
        }
        return best;
    }

    private static double products(Kernels kernels, float[] a, float[] packed, float[] c) {
        long start = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - start < ROUND) {
            kernels.gemm(M, N, K, a, 0, K, packed, 0, c, 0, N, false);
            count++;
        }
        return 2.0 * M * N * K * count / (System.nanoTime() - start);
    }
}
