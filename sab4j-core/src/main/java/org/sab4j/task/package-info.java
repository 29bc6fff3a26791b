/**
 * What there is to learn: where sequences come from, and how well a model does on them.
 *
 * <p>Letters: T a task's length, as the paper counts it; a sequence has {@link org.sab4j.task.Task#steps()} steps.
 */
package org.sab4j.task;
