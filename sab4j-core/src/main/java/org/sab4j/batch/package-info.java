/**
 * What a model is trained on: B sequences of T steps, their inputs and their targets.
 *
 * <p>Letters: B sequences, T steps, I inputs, O outputs.
 */
package org.sab4j.batch;
