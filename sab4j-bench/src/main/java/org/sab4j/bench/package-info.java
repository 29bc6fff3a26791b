/**
 * How fast sab4j is: JMH benchmarks of the kernels and of whole updates ({@link org.sab4j.bench.Benchmarks}), and a
 * comparison with peers that compute the same, in one process and by turns ({@link org.sab4j.bench.Compare}).
 *
 * <p>Peers and the {@linkplain org.sab4j.bench.Yardstick product} beside which updates are put are found by
 * {@link java.util.ServiceLoader}. Those written with libtorch lie under {@code src/peer} and are built with {@code -Ppeer} only.
 *
 * <p>Letters: T steps, B sequences, R rows of a shard, H hidden units, A attention units, O outputs, N memories.
 */
@NullMarked
package org.sab4j.bench;

import org.jspecify.annotations.NullMarked;
