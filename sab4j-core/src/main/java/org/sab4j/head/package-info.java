/**
 * From states to outputs to a loss.
 *
 * <p>Letters: R rows of a shard, C slots of a trace, H hidden units, O outputs.
 */
package org.sab4j.head;
