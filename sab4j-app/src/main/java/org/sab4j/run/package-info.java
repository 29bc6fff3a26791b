/**
 * A run: its settings, its folder, and the training that fills it.
 *
 * <p>A run is a folder with {@code config.yaml} (every setting), {@code metrics.jsonl} (one object a line),
 * {@code model.safetensors} (the best model) and {@code checkpoint.safetensors} (all that going on needs). Whatever the
 * user can get wrong ends in a {@link org.sab4j.run.RunException} or an {@link java.io.IOException} whose message is
 * written for the user.
 */
package org.sab4j.run;
