/**
 * The live view: the page of {@link org.sab4j.report}, served while runs go on.
 *
 * <p>The server reads the files of runs and nothing of the trainer, so it can be in the trainer's process or in one of its own, and
 * either may end and come back. The page is told by server-sent events that a run has changed, and asks for it then.
 */
package org.sab4j.live;
