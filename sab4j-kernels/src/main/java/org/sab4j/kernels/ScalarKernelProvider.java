package org.sab4j.kernels;

import java.util.Optional;

/** Plain Java, available everywhere. */
final class ScalarKernelProvider implements KernelProvider {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Kernels kernels() {
        return new ScalarKernels();
    }
}
