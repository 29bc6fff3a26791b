import org.jspecify.annotations.NullMarked;
import org.sab4j.kernels.KernelProvider;

/**
 * Arithmetic on {@code float[]}: one interface, its readable scalar reference, and the means to find a faster provider.
 * Knows nothing but the JDK.
 */
@NullMarked
module org.sab4j.kernels {
    requires static transitive org.jspecify;

    exports org.sab4j.kernels;

    uses KernelProvider;
}
