package org.sab4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.ScalarKernels;

class KernelCaseTest {

    @ParameterizedTest
    @EnumSource
    void runsOverAndOverWithEachProvider(KernelCase kernel) {
        Runnable ours = kernel.body(KernelProviders.kernels());
        Runnable reference = kernel.body(new ScalarKernels());
        assertThatCode(() -> {
                    for (int i = 0; i < 3; i++) {
                        ours.run();
                    }
                    reference.run();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void ratesAreWorkByTime() {
        assertThat(Rate.GFLOPS.of(2e6, 1e4)).isCloseTo(200, within(1e-9));
        assertThat(Rate.NS_PER_ELEMENT.of(1000, 260)).isCloseTo(0.26, within(1e-9));
        assertThat(Rate.GFLOPS.show(201.26)).isEqualTo("201.3 GFLOP/s");
    }
}
