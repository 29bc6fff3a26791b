/**
 * What the forward pass leaves behind, and the backward pass that replays it (paper §3.2): block by block of k_trunc steps,
 * where credit reaches.
 *
 * <p>Letters: R rows of a shard, C slots of a trace, H hidden units, O outputs. A step of a batch stands in a slot of the
 * trace; steps count from 0 here, so the paper's step t is {@code step + 1}.
 */
package org.sab4j.replay;
