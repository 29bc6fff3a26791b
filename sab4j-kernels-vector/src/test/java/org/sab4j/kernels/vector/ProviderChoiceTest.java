package org.sab4j.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.sab4j.kernels.KernelProvider;
import org.sab4j.kernels.KernelProviders;

/** The choice of kernels where both providers are there. */
class ProviderChoiceTest {

    private static final KernelProvider PROVIDER = new VectorKernelProvider();

    @Test
    void isAvailableHere() {
        assertThat(PROVIDER.unavailable()).isEmpty();
        assertThat(PROVIDER.name()).isEqualTo("vector");
        assertThat(PROVIDER.rank()).isPositive();
        assertThat(PROVIDER.kernels().lanes()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void takesTheFastest() {
        KernelProviders.Choice choice = KernelProviders.choose(null);
        assertThat(choice.kernels().name()).isEqualTo("vector");
        assertThat(choice.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.name()).isEqualTo("scalar");
            assertThat(rejected.reason()).isEqualTo("the vector kernels are faster");
        });
    }

    @Test
    void takesWhatIsAskedFor() {
        KernelProviders.Choice choice = KernelProviders.choose("scalar");
        assertThat(choice.kernels().name()).isEqualTo("scalar");
        assertThat(choice.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.name()).isEqualTo("vector");
            assertThat(rejected.reason()).contains("-Dsab4j.kernels=scalar");
        });
        assertThat(KernelProviders.choose("vector").kernels().name()).isEqualTo("vector");
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> KernelProviders.choose("nonsense"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'nonsense'")
                .hasMessageEndingWith("takes vector or scalar");
    }
}
