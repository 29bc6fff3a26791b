package org.sab4j.explain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Trace;

/**
 * The credit that past steps receive from one output: ‖∂L_t/∂h_τ‖ for every step τ, where L_t is the loss of step t alone. It is
 * the gradient that flows in training, through the block of step t and through reminders, with every cut in place.
 *
 * <p>Where a class step has no target, the class with the largest output stands for it. A regression step without one is taken by its
 * outputs' sum, as no loss says which way to go: its {@link Credit#size} is 0. A loss that is almost 0 has a gradient
 * almost 0, so credit is given for a gradient of the outputs of length 1 in the loss's direction; {@link Credit#size} is the factor to
 * the loss's own.
 *
 * <p>Any number of threads may use it, as long as none trains the model.
 */
public final class Credits {

    /** Cells of the largest trace: rows × steps. */
    private static final int CELLS = 1 << 14;

    private final SequenceModel model;

    /**
     * What an output's step sent back.
     *
     * @param output the step, from 0
     * @param size ‖∂L_t/∂y_t‖
     * @param credit (T) ‖∂L_t/∂h_τ‖ / size
     */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    public record Credit(int output, double size, float[] credit) {}

    /** The credit under a model, whose configuration says whether there are mental updates. */
    public Credits(SequenceModel model) {
        this.model = model;
    }

    /**
     * The credit from each of some outputs of a sequence of a batch.
     *
     * @param sequence 0 … B − 1
     * @param outputs steps, each 0 … T − 1
     * @throws IndexOutOfBoundsException if the batch has no such sequence or step
     * @throws IllegalArgumentException if the targets are for another number of outputs than the model's, or the target of
     *     such a step is no class of it or no finite number, or an input of the batch is none
     */
    public Credit[] of(Batch batch, int sequence, int... outputs) {
        check("sequence", sequence, batch.sequences());
        batch.targets().checkWidth(model.config().outputs());
        for (int output : outputs) {
            check("step", output, batch.steps());
            checkTarget(batch.targets(), sequence * batch.steps() + output);
        }
        Walk.checkInputs(batch);
        Credit[] credits = new Credit[outputs.length];
        int rows = Math.clamp(CELLS / Math.max(1, batch.steps()), 1, Math.max(1, outputs.length));
        for (int first = 0; first < outputs.length; first += rows) {
            int[] some = Arrays.copyOfRange(outputs, first, Math.min(outputs.length, first + rows));
            System.arraycopy(together(batch, sequence, some), 0, credits, first, some.length);
        }
        return credits;
    }

    private void checkTarget(Targets targets, int cell) {
        int width = model.config().outputs();
        if (targets instanceof Targets.Classes classes && classes.scored(cell)) {
            Targets.checkClass(classes.values()[cell], width);
        } else if (targets instanceof Targets.Values values && values.scored(cell)) {
            for (int i = cell * width; i < (cell + 1) * width; i++) {
                if (!Float.isFinite(values.values()[i])) {
                    throw new IllegalArgumentException("A target is " + values.values()[i]);
                }
            }
        }
    }

    private static void check(String name, int index, int count) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("The batch has no " + name + " " + index + ", from 0: it has " + count);
        }
    }

    /** The same sequence as often as there are outputs, each time with another step scored. */
    private Credit[] together(Batch batch, int sequence, int[] outputs) {
        int rows = outputs.length;
        int steps = batch.steps();
        int width = model.config().outputs();
        Batch copies = copies(batch, sequence, outputs);
        Trace trace = model.trace(rows, steps, steps, batch.inputs() instanceof Inputs.Vectors, true);
        trace.keepCredit();
        model.begin(trace, rows);
        model.forward(trace, copies, 0, 0, steps, false);
        float[] dy = trace.window.dy;
        Arrays.fill(dy, 0f);
        Credit[] credits = new Credit[rows];
        for (int r = 0; r < rows; r++) {
            int at = (outputs[r] * rows + r) * width;
            double size = direction(batch.targets(), sequence * steps + outputs[r], width, trace.window.y, dy, at);
            credits[r] = new Credit(outputs[r], size, new float[steps]);
            trace.share(r, (float) (1 / size)); // the unit of the bound grows as dy does
        }
        model.backward(trace, steps, new float[model.layout().size()]);
        for (int r = 0; r < rows; r++) {
            for (int step = 0; step < steps; step++) {
                credits[r].credit[step] = trace.credit(step, r);
            }
        }
        return credits;
    }

    private Batch copies(Batch batch, int sequence, int[] outputs) {
        int rows = outputs.length;
        int steps = batch.steps();
        int from = sequence * steps;
        Inputs inputs = switch (batch.inputs()) {
            case Inputs.Symbols symbols -> {
                int[] values = new int[rows * steps];
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(symbols.values(), from, values, r * steps, steps);
                }
                yield new Inputs.Symbols(values, symbols.size());
            }
            case Inputs.Vectors vectors -> {
                int n = steps * vectors.size();
                float[] values = new float[rows * n];
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(vectors.values(), from * vectors.size(), values, r * n, n);
                }
                yield new Inputs.Vectors(values, vectors.size());
            }
        };
        int[] scored = new int[rows * steps]; // of any class: the gradient is written by hand
        Arrays.fill(scored, Targets.NONE);
        for (int r = 0; r < rows; r++) {
            scored[r * steps + outputs[r]] = 0;
        }
        return new Batch(rows, steps, inputs, new Targets.Classes(scored));
    }

    /** Writes the loss's gradient, shortened or lengthened to 1, from {@code dyOff}, and returns its length. */
    private static double direction(Targets targets, int cell, int width, float[] y, float[] dy, int at) {
        double[] gradient = switch (targets) {
            case Targets.Classes classes -> crossEntropy(classes.values()[cell], width, y, at);
            case Targets.Values values ->
                squaredError(values.scored()[cell] ? values.values() : null, cell * width, width, y, at);
        };
        double square = 0;
        for (double g : gradient) {
            square += g * g;
        }
        double size = Math.sqrt(square);
        for (int o = 0; o < width; o++) {
            dy[at + o] = (float) (size == 0 ? 1 / Math.sqrt(width) : gradient[o] / size);
        }
        return size;
    }

    /** softmax(y) − onehot(target), by the odds against the target, which keep their digits where it is all but certain. */
    private static double[] crossEntropy(int target, int width, float[] y, int at) {
        int of = target;
        if (target == Targets.NONE) {
            of = 0;
            for (int o = 1; o < width; o++) {
                of = y[at + o] > y[at + of] ? o : of;
            }
        }
        double most = Double.NEGATIVE_INFINITY;
        for (int o = 0; o < width; o++) {
            most = Math.max(most, y[at + o]);
        }
        double sum = 0;
        double against = 0;
        for (int o = 0; o < width; o++) {
            double e = Math.exp(y[at + o] - most);
            sum += e;
            against += o == of ? 0 : e;
        }
        double[] gradient = new double[width];
        for (int o = 0; o < width; o++) {
            gradient[o] = (o == of ? -against : Math.exp(y[at + o] - most)) / sum;
        }
        return gradient;
    }

    private static double[] squaredError(float @Nullable [] targets, int off, int width, float[] y, int at) {
        double[] gradient = new double[width];
        if (targets != null) {
            for (int o = 0; o < width; o++) {
                gradient[o] = 2.0 * (y[at + o] - targets[off + o]) / width;
            }
        }
        return gradient;
    }
}
