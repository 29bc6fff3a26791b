package org.sab4j.head;

import org.sab4j.batch.Batch;
import org.sab4j.batch.Targets;
import org.sab4j.kernels.Kernels;

/** The loss of a step's outputs, and its gradient. */
public final class Loss {

    private final Kernels kernels;
    private final int outputs;
    private final float[] probabilities; // (R, O)

    /** A loss for shards of at most {@code rows} rows. */
    public Loss(Kernels kernels, int rows, int outputs) {
        this.kernels = kernels;
        this.outputs = outputs;
        probabilities = new float[rows * outputs];
    }

    /**
     * Adds the step's losses to {@code sums} and writes their gradient.
     *
     * <p>Cross-entropy: −w log softmax(y)[target], gradient w (softmax(y) − onehot(target)) / n, with w the target's class's
     * weight. Mean squared error: (1/O) Σ (y − target)², gradient 2 (y − target) / (O n).
     *
     * @param step the step in the batch, from 0
     * @param sequences (rows) which of the batch's sequences the rows are
     * @param y (R, O) from {@code yOff}
     * @param dy (R, O) written from {@code dyOff}; 0 for rows whose step is not scored
     * @param n the scored steps of the whole batch, over which the loss is a mean; the sum of their weights
     * @param reported whether the step is one of those that the task reports on
     */
    public void step(
            Batch batch,
            int step,
            int[] sequences,
            int rows,
            float[] y,
            int yOff,
            float[] dy,
            int dyOff,
            float n,
            boolean reported,
            LossSums sums) {
        batch.targets().checkWidth(outputs);
        switch (batch.targets()) {
            case Targets.Classes classes -> {
                System.arraycopy(y, yOff, probabilities, 0, rows * outputs);
                kernels.softmaxRows(rows, outputs, probabilities, 0);
                for (int r = 0; r < rows; r++) {
                    int target = classes.values()[sequences[r] * batch.steps() + step];
                    crossEntropy(classes, target, r, y, yOff, dy, dyOff, n, reported, sums);
                }
            }
            case Targets.Values values -> {
                for (int r = 0; r < rows; r++) {
                    squaredError(values, sequences[r] * batch.steps() + step, r, y, yOff, dy, dyOff, n, reported, sums);
                }
            }
        }
    }

    private void crossEntropy(
            Targets.Classes classes,
            int target,
            int r,
            float[] y,
            int yOff,
            float[] dy,
            int dyOff,
            float n,
            boolean reported,
            LossSums sums) {
        int p = r * outputs;
        if (target == Targets.NONE) {
            java.util.Arrays.fill(dy, dyOff + p, dyOff + p + outputs, 0f);
            return;
        }
        Targets.checkClass(target, outputs);
        float weight = classes.weightOf(target);
        int best = 0;
        for (int o = 0; o < outputs; o++) {
            dy[dyOff + p + o] = weight * (probabilities[p + o] - (o == target ? 1 : 0)) / n;
            if (y[yOff + p + o] > y[yOff + p + best]) {
                best = o;
            }
        }
        // From the largest probability and the difference of the outputs, so that a probability below 1e-38 is no
        // infinity.
        double loss = (double) y[yOff + p + best] - y[yOff + p + target] - Math.log(probabilities[p + best]);
        sums.answered(loss, weight, reported, best == target && !Double.isNaN(loss));
    }

    private void squaredError(
            Targets.Values values,
            int at,
            int r,
            float[] y,
            int yOff,
            float[] dy,
            int dyOff,
            float n,
            boolean reported,
            LossSums sums) {
        double loss = 0;
        for (int o = 0; o < outputs; o++) {
            int p = r * outputs + o;
            float difference = values.scored()[at] ? y[yOff + p] - values.values()[at * outputs + o] : 0;
            loss += (double) difference * difference / outputs;
            dy[dyOff + p] = 2 * difference / outputs / n;
        }
        if (values.scored()[at]) {
            sums.add(loss, 1, reported);
        }
    }
}
