package org.sab4j.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sab4j.kernels.KernelProviders;

/** Every kernel of {@link KernelCase}, with each provider. What it writes stays reachable, so nothing of it is left out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {

    /** Which kernel, at which shape. */
    @Param
    public KernelCase kernel = KernelCase.GEMM_16_512_128;

    /** Whose. */
    @Param({"vector", "scalar"})
    public String provider = "";

    private Runnable body = () -> {};

    /** Makes the arrays. */
    @Setup
    public void setup() {
        body = kernel.body(KernelProviders.choose(provider).kernels());
    }

    /** A call. */
    @Benchmark
    public void call() {
        body.run();
    }
}
