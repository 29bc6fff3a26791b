package org.sab4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;

class ComparisonsTest {

    /** A product of 10 ms that claims to be 10⁷ operations, 1 GFLOP/s. */
    private static final class Slow implements Yardstick {

        @Override
        public String title() {
            return "slow";
        }

        @Override
        public double flops() {
            return 1e7;
        }

        @Override
        public Update start(int threads) {
            return new Update() {
                @Override
                public double run() {
                    LockSupport.parkNanos(10_000_000);
                    return Double.NaN;
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void putsAnUpdateBesideALargeProduct() {
        Kernels kernels = KernelProviders.kernels();
        Spread one = new Spread(1, 1, 1);
        List<KernelRate> rates = List.of(
                new KernelRate(Comparisons.LIMIT_GEMM.title(), 1, "GFLOP/s", one),
                new KernelRate(KernelCase.MLP_SCORES.title(), 1, "ns/element", one));
        Setting setting = new Setting(
                "lstm", new CopyTask(3), 4, Setting.Kind.LSTM.model(8, 5, 2, 5, Sparsifier.SOFTMAX), 4, 1, 1);
        Report.Comparison comparison =
                Comparisons.of(setting, List.of(), new Slow(), kernels, rates, new Comparisons.Rounds(3, 0.02, 0.02));
        assertThat(comparison.outcomes()).extracting(Contest.Outcome::name).containsExactly("sab4j");
        Report.Reference reference = Objects.requireNonNull(comparison.reference());
        assertThat(reference.title()).isEqualTo("slow");
        assertThat(reference.gflops().most()).isBetween(0.1, 1.0);
        // In each round the share is the update's rate by the product's.
        double work = comparison.arithmetic().gemmFlops() / 1e6;
        List<Double> ours = comparison.outcomes().getFirst().rounds();
        double least = ours.stream().mapToDouble(ms -> work / ms).min().orElseThrow()
                / reference.gflops().most();
        double most = ours.stream().mapToDouble(ms -> work / ms).max().orElseThrow()
                / reference.gflops().least();
        assertThat(reference.share().median()).isBetween(least * 0.999, most * 1.001);
        assertThat(reference.share().least()).isCloseTo(least, within(most - least + 1e-9));
    }
}
