package org.sab4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice of kernels where only this module is on the path. */
class KernelProvidersTest {

    @Test
    void takesScalarAndSaysWhatIsMissing() {
        KernelProviders.Choice choice = KernelProviders.choose(null);
        assertThat(choice.kernels().name()).isEqualTo("scalar");
        assertThat(choice.kernels().lanes()).isEqualTo(1);
        assertThat(choice.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.name()).isEqualTo("vector");
            assertThat(rejected.reason()).contains("sab4j-kernels-vector").contains("add it");
        });
    }

    @Test
    void takesScalarByName() {
        assertThat(KernelProviders.choose("scalar").kernels()).isInstanceOf(ScalarKernels.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector", "nonsense", "", "Scalar"})
    void refusesANameThatIsNotThere(String name) {
        assertThatThrownBy(() -> KernelProviders.choose(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageEndingWith("-Dsab4j.kernels takes scalar");
    }

    @Test
    void keepsTheChoiceOfTheProcess() {
        assertThat(KernelProviders.kernels()).isSameAs(KernelProviders.choice().kernels());
        assertThat(KernelProviders.choice()).isSameAs(KernelProviders.choice());
    }
}
