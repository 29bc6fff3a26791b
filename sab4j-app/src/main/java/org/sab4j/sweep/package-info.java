/**
 * A sweep: many runs that differ in some settings and in their seeds.
 *
 * <p>A file says which ({@link org.sab4j.sweep.SweepFile}, {@link org.sab4j.sweep.Plan}); each training is a
 * {@link org.sab4j.sweep.Trial} with a run folder of its own, in which {@code trial.json} appears once it is trained and
 * measured. All run folders are laid out, with all their settings, before the first trial begins: so the trials of a sweep
 * stay comparable when defaults change in between, and whatever is stopped or killed goes on where its run folder stands.
 * Where and how many at once is the business of a {@link org.sab4j.sweep.TrialRunner}.
 */
package org.sab4j.sweep;
