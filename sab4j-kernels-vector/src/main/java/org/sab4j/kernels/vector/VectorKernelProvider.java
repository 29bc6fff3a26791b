package org.sab4j.kernels.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.sab4j.kernels.KernelProvider;
import org.sab4j.kernels.Kernels;

/** The Vector API's kernels. Names no type of that API itself, so that it loads where the module is absent. */
public final class VectorKernelProvider implements KernelProvider {

    private static final String MODULE = "jdk.incubator.vector";

    /** For {@link java.util.ServiceLoader}. */
    public VectorKernelProvider() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Optional<String> unavailable() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("the module " + MODULE + " is not loaded: start java with --add-modules " + MODULE
                    + ", or put sab4j on the module path (java -p)");
        }
        String arch = System.getProperty("os.arch", "");
        if (Lanes.L < 4) {
            return Optional.of("this machine (" + arch + ") has vectors of " + Lanes.L
                    + " floats, too few to be faster than plain Java: nothing is to be done");
        }
        if (!multipliesAndAdds()) {
            return Optional.of(
                    "this machine (" + arch
                            + ") has no fused multiply-add, or the virtual machine that it is hides it, and without it they are slower than plain Java");
        }
        return Optional.empty();
    }

    /** Whether {@link Math#fma} is an instruction; else Java computes it in big decimals. */
    private static boolean multipliesAndAdds() {
        try {
            return !ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("UseFMA")
                    .getValue()
                    .equals("false");
        } catch (IllegalArgumentException e) {
            return true; // another Java, which does not say
        }
    }

    @Override
    public Kernels kernels() {
        return new VectorKernels();
    }
}
