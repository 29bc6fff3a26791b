package org.sab4j.kernels;

import java.util.Optional;

/**
 * A way to compute the kernels, found through {@link java.util.ServiceLoader}.
 *
 * <p>An implementation must load and answer {@link #unavailable()} also where it can't be taken (a module or an
 * instruction set is absent), so it may not touch such things before {@link #kernels()}.
 */
public interface KernelProvider {

    /** The name by which {@code -Dsab4j.kernels=NAME} asks for it. */
    String name();

    /** The provider of the highest rank that is available is taken. */
    int rank();

    /** Empty if it can be taken here; otherwise one sentence: what is missing and what the user can do about it. */
    Optional<String> unavailable();

    /** The kernels. Called only where {@link #unavailable()} is empty. */
    Kernels kernels();
}
