import org.jspecify.annotations.NullMarked;
import org.sab4j.kernels.KernelProvider;
import org.sab4j.kernels.vector.VectorKernelProvider;

/** The kernels on the Vector API. On the module path service binding finds them, and the incubator module with them. */
@NullMarked
module org.sab4j.kernels.vector {
    requires jdk.incubator.vector;
    requires jdk.management;
    requires org.sab4j.kernels;

    provides KernelProvider with
            VectorKernelProvider;
}
