/**
 * What a model was reminded of, and to which past moments the credit for an output went.
 *
 * <p>{@link org.sab4j.explain.Reminders} is the forward side: the memories that each step retrieved, with their weights.
 * {@link org.sab4j.explain.Credits} is the backward side: the gradient that one output sent to each past state.
 * {@link org.sab4j.explain.AttentionMap} is a small picture of where outputs look, to be kept while a model trains.
 *
 * <p>Letters: B sequences, T steps, O outputs. Steps count from 0.
 */
package org.sab4j.explain;
