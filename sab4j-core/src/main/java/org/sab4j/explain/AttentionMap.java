package org.sab4j.explain;

import org.sab4j.batch.Batch;
import org.sab4j.model.SequenceModel;

/**
 * Where the outputs that are scored look, on average over sequences (paper, Table 4, right): weights by step and past step, in bins
 * where there are many. A column is one memory or several.
 *
 * @param steps T
 * @param from the first step that is shown, the first that is scored in any sequence, from 0
 * @param rows in how many bins the steps {@code from} … T − 1 lie
 * @param columns in how many bins the steps 0 … T − 1 lie
 * @param weights (rows, columns) the mean weight of a row's steps that falls on a column's
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
public record AttentionMap(int steps, int from, int rows, int columns, float[] weights) {

    /**
     * The map of a model's attention on a batch, in at most that many bins.
     *
     * @param batch of at least one step
     * @param reportFrom the first step, from 0, that the task reports on
     * @param mostRows at least 1
     * @param mostColumns at least 1
     * @return all zeros, of the last step alone, where no step is scored
     * @throws IllegalArgumentException if there is no step, row or column, or an input is no finite number
     */
    public static AttentionMap of(SequenceModel model, Batch batch, int reportFrom, int mostRows, int mostColumns) {
        int steps = batch.steps();
        if (steps < 1 || mostRows < 1 || mostColumns < 1) {
            throw new IllegalArgumentException("A map takes at least 1 step, row and column: there are " + steps
                    + " steps, at most " + mostRows + " rows and " + mostColumns + " columns");
        }
        int from = firstScored(batch, reportFrom);
        int shown = steps - from;
        int rows = Math.min(mostRows, shown);
        int columns = Math.min(mostColumns, Math.max(1, steps / model.config().kAtt())); // else some could hold nothing
        float[] weights = new float[rows * columns];
        int[] size = new int[rows];
        for (int at = 0; at < batch.sequences() * steps; at++) {
            if (at % steps >= from && batch.targets().scored(at)) {
                size[bin(at % steps - from, shown, rows)]++;
            }
        }
        Walk.over(model, batch, (sequence, step, count, memorySteps, values, at) -> {
            if (step >= from && batch.targets().scored(sequence * steps + step)) {
                int row = bin(step - from, shown, rows);
                for (int j = at; j < at + count; j++) {
                    weights[row * columns + bin(memorySteps[j], steps, columns)] += values[j] / size[row];
                }
            }
        });
        return new AttentionMap(steps, from, rows, columns, weights);
    }

    private static int firstScored(Batch batch, int reportFrom) {
        int steps = batch.steps();
        int first = steps - 1;
        for (int at = 0; at < batch.sequences() * steps; at++) {
            if (at % steps >= reportFrom && batch.targets().scored(at)) {
                first = Math.min(first, at % steps);
            }
        }
        return first;
    }

    private static int bin(int index, int count, int bins) {
        return (int) ((long) index * bins / count);
    }
}
