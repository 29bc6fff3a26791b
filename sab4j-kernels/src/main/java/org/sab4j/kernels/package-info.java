/**
 * The arithmetic: loops over {@code float[]}, offsets and strides, which know nothing of models.
 *
 * <p>{@link org.sab4j.kernels.Kernels} is the one interface; {@link org.sab4j.kernels.ScalarKernels} is its readable
 * reference, and a faster provider is found by {@link org.sab4j.kernels.KernelProviders}.
 *
 * <p>Letters: M, N, K the sizes of a matrix product; R rows of a shard; H hidden units; A attention units. All matrices
 * are row-major. A gradient is {@code d} and the name.
 */
package org.sab4j.kernels;
