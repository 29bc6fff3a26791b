/**
 * The recurrent cell: one step forward, one step backward. The loop over time stands outside.
 *
 * <p>Letters: R rows of a shard, I inputs, H hidden units; a slot is a step's place in the trace.
 */
package org.sab4j.cell;
