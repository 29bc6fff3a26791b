/**
 * The training loop: batches cut in shards, gradients added in the order of the shards, clipping, Adam, evaluation, and what
 * happens when a loss explodes.
 */
package org.sab4j.train;
