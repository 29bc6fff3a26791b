/**
 * Peers made with libtorch, through the JavaCPP presets: the method written tensor by tensor with autograd, and libtorch's own
 * LSTM; and OpenBLAS's matrix product.
 *
 * <p>Native memory: parameters and optimisers live as long as their update; all else is freed by a
 * {@link org.bytedeco.javacpp.PointerScope} at the end of each update.
 */
@NullMarked
package org.sab4j.bench.torch;

import org.jspecify.annotations.NullMarked;
