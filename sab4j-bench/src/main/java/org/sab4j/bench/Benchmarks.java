package org.sab4j.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs JMH with its own options, and tells kernels' speeds in GFLOP/s and nanoseconds an element. */
public final class Benchmarks {

    private Benchmarks() {}

    /** Takes JMH's options, such as {@code KernelBenchmark -p provider=vector -f 1}; {@code -h} lists them. */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException, java.io.IOException {
        CommandLineOptions options = new CommandLineOptions(args);
        if (options.shouldHelp()) {
            options.showHelp();
            return;
        }
        Runner runner = new Runner(options);
        if (options.shouldList()) {
            runner.list();
            return;
        }
        summary(runner.run(), System.out);
    }

    /** Nanoseconds of the unit of a result's time. */
    private static long unit(RunResult result) {
        return result.getParams().getTimeUnit().toNanos(1);
    }

    private static void summary(Collection<RunResult> results, PrintStream out) {
        out.printf("%n%-34s %-8s %16s %24s%n", "kernel or update", "", "a call", "speed");
        for (RunResult result : results) {
            double time = result.getPrimaryResult().getScore();
            String unit = result.getPrimaryResult().getScoreUnit();
            String kernel = result.getParams().getParam("kernel");
            if (kernel == null) {
                out.printf(
                        Locale.ROOT,
                        "%-34s %-8s %10.2f %s%n",
                        result.getParams().getParam("model"),
                        result.getParams().getParam("threads") + " threads",
                        time,
                        unit);
            } else {
                KernelCase measured = KernelCase.valueOf(kernel);
                out.printf(
                        Locale.ROOT,
                        "%-34s %-8s %10.1f %s %24s%n",
                        measured.title(),
                        result.getParams().getParam("provider"),
                        time,
                        unit,
                        measured.rate().show(measured.rate().of(measured.work(), time * unit(result))));
            }
        }
    }
}
