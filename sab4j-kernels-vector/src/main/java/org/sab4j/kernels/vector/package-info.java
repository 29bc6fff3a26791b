/**
 * The kernels in the JDK's Vector API, of whatever width the machine prefers.
 *
 * <p>Only {@link org.sab4j.kernels.vector.VectorKernelProvider} may be loaded where the module
 * {@code jdk.incubator.vector} is absent. One class a family of kernels; {@code Lanes} holds the species, {@code
 * VectorMath} the functions of one vector.
 */
package org.sab4j.kernels.vector;
