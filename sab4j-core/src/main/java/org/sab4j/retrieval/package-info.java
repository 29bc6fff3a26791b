/**
 * How a step is reminded of its memories: scores, the sparsifier that keeps a few of them, and the sum that is added to the
 * state (paper §3.1, Algorithm 1).
 *
 * <p>Letters: R rows of a shard, C slots of a trace, H hidden units, A attention units, N memories, K = k_top.
 */
package org.sab4j.retrieval;
