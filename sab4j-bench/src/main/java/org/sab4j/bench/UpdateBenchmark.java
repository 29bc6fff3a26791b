package org.sab4j.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;

/** One whole update of the main job: copy, T = 100, B = 64, H = 128, k_trunc 5, k_top 5, k_att 2. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class UpdateBenchmark {

    /** Which model. */
    @Param
    public Setting.Kind model = Setting.Kind.MLP;

    /** How many of ours; JMH itself uses one. */
    @Param({"1", "2"})
    public int threads = 1;

    private @Nullable Update update;

    /** Makes model and trainer. */
    @Setup
    public void setup() {
        Setting setting = new Setting(
                model.toString(), new CopyTask(100), 64, model.model(128, 5, 2, 5, Sparsifier.SOFTMAX), 16, threads, 1);
        update = new OurUpdate(setting, KernelProviders.kernels());
    }

    /** Ends its threads. */
    @TearDown
    public void tearDown() {
        if (update != null) {
            update.close();
        }
    }

    /** An update. */
    @Benchmark
    public double update() {
        return update == null ? 0 : update.run();
    }
}
