package org.sab4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
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
                .isInstanceOf(UnusableKernelsException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageEndingWith("-Dsab4j.kernels takes scalar");
    }

    /** A process asks for its kernels once, and so does a class that is loaded anew. */
    @Test
    void saysEachTimeThatNoneCanBeUsed() throws Exception {
        URL[] classes = {
            KernelProviders.class.getProtectionDomain().getCodeSource().getLocation()
        };
        String before = System.setProperty(KernelProviders.PROPERTY, "nonsense");
        try (URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> anew = loader.loadClass(KernelProviders.class.getName());
            for (String method : List.of("kernels", "choice", "kernels")) {
                assertThatThrownBy(() -> anew.getMethod(method).invoke(null))
                        .cause()
                        .hasMessageStartingWith("No kernels named 'nonsense' can be used")
                        .extracting(e -> e.getClass().getSimpleName())
                        .isEqualTo("UnusableKernelsException");
            }
        } finally {
            if (before == null) {
                System.clearProperty(KernelProviders.PROPERTY);
            } else {
                System.setProperty(KernelProviders.PROPERTY, before);
            }
        }
    }

    @Test
    void keepsTheChoiceOfTheProcess() {
        assertThat(KernelProviders.kernels()).isSameAs(KernelProviders.choice().kernels());
        assertThat(KernelProviders.choice()).isSameAs(KernelProviders.choice());
    }
}
