/**
 * People's own tables as tasks: a file in long form (a row a step) becomes sequences of vectors with targets.
 *
 * <p>The way of a table: a {@link org.sab4j.table.TableFile} is copied into a scratch database and sorted by sequence and
 * order; its rows are checked one by one and packed into a file of fixed rows that is mapped, not loaded
 * ({@link org.sab4j.table.PackedTable}); sequences are shared out to the parts, features learn their scale and words on the
 * training part ({@link org.sab4j.table.TableEncoding}), and a {@link org.sab4j.table.TableTask} makes batches of what is asked
 * for. So the memory that it takes does not grow with the file, save for a few numbers a sequence.
 *
 * <p>Everything that can be wrong with a file ends in a {@link org.sab4j.table.TableException}: one sentence that names file,
 * line and remedy.
 *
 * <p>Letters: B sequences, T steps, I inputs, O outputs.
 */
package org.sab4j.table;
