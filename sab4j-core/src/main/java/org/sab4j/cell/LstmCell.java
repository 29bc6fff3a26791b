package org.sab4j.cell;

import java.util.Arrays;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.tensor.Shape;

/**
 * The LSTM (Hochreiter &amp; Schmidhuber 1997, with forget gates):
 *
 * <pre>
 * i, f, o = σ(W_ih x + W_hh h' + b), g = tanh(…), c = f c' + i g, ĥ = o tanh(c)
 * </pre>
 *
 * Parameters: {@code cell.weight_ih} (4H, I), {@code cell.weight_hh} (4H, H), {@code cell.bias} (4H), gates in the order
 * i, f, g, o. There is one bias, not PyTorch's two.
 */
public final class LstmCell {

    private final Kernels kernels;
    private final Products products;
    private final int inputs;
    private final int hidden;
    private final View weightIh;
    private final View weightHh;
    private final View bias;

    // Copies of the weights as the kernels read them, made by prepare().
    private final float[] inputRows; // (I, 4H): W_ih transposed, with the bias added
    private final float[] packedIh; // W_ih transposed
    private final float[] packedHh; // W_hh transposed: from h' to the gates
    private final float[] packedHhBack; // W_hh: from the gates' gradient to that of h'
    private float[] biasValues = new float[0];

    /** What a shard keeps of its steps. */
    public static final class Trace {
        /** (C, R, 4H) the activated gates; after the backward pass the gradients of their sums. */
        public final float[] gates;
        /** (C + 1, R, H): the cell state before slot t stands at t. */
        public final float[] c;
        /** (R, H) the gradient of the cell state. */
        private final float[] dc;
        /** (R, 4H) the gradient of a step's sums that goes no further. */
        private final float[] alone;
        /** (R, H) that of its cell state. */
        private final float[] dcAlone;

        private final int[] symbols; // (C, R)
        private final float[] x; // (C, R, I); empty where there are only symbols
        private final float[] dInputRows; // (I, 4H)

        private Trace(LstmCell cell, int rows, int slots, boolean vectors, boolean training, float[] dInputRows) {
            int cells = Math.multiplyExact(slots, rows);
            gates = new float[Math.multiplyExact(cells, 4 * cell.hidden)];
            c = new float[Math.multiplyExact(Math.multiplyExact(slots + 1, rows), cell.hidden)];
            dc = new float[training ? rows * cell.hidden : 0];
            dcAlone = new float[dc.length];
            alone = new float[4 * dc.length];
            symbols = new int[cells];
            x = new float[vectors ? Math.multiplyExact(cells, cell.inputs) : 0];
            this.dInputRows = dInputRows;
        }
    }

    /**
     * Adds the cell's parameters to a layout.
     *
     * @param products what multiplies with the weights: the kernels themselves, or several threads
     */
    public LstmCell(Kernels kernels, Products products, int inputs, int hidden, ParameterLayout layout) {
        this.kernels = kernels;
        this.products = products;
        this.inputs = inputs;
        this.hidden = hidden;
        weightIh = layout.add("cell.weight_ih", Shape.of(Math.multiplyExact(4, hidden), inputs));
        weightHh = layout.add("cell.weight_hh", Shape.of(4 * hidden, hidden));
        bias = layout.add("cell.bias", Shape.of(4 * hidden));
        inputRows = new float[inputs * 4 * hidden];
        packedIh = new float[products.packedSize(inputs, 4 * hidden)];
        packedHh = new float[products.packedSize(hidden, 4 * hidden)];
        packedHhBack = new float[products.packedSize(4 * hidden, hidden)];
    }

    /** A trace of {@code slots} steps of at most {@code rows} sequences. */
    public Trace trace(int rows, int slots, boolean vectors, boolean training) {
        float[] sums = new float[training && !vectors ? inputs * 4 * hidden : 0];
        return new Trace(this, rows, slots, vectors, training, sums);
    }

    /** A trace of {@code slots} steps whose gradients are summed with another's of as many rows. */
    public Trace beside(Trace other, int rows, int slots) {
        return new Trace(this, rows, slots, other.x.length > 0, true, other.dInputRows);
    }

    /** Takes the weights over. To be called whenever {@code parameters} have changed. */
    public void prepare(float[] parameters) {
        int n = 4 * hidden;
        biasValues = Arrays.copyOfRange(parameters, bias.offset(), bias.offset() + n);
        for (int u = 0; u < n; u++) {
            for (int i = 0; i < inputs; i++) {
                inputRows[i * n + u] = parameters[weightIh.offset() + u * inputs + i] + biasValues[u];
            }
        }
        products.pack(inputs, n, parameters, weightIh.offset(), 1, inputs, packedIh, 0);
        products.pack(hidden, n, parameters, weightHh.offset(), 1, hidden, packedHh, 0);
        products.pack(n, hidden, parameters, weightHh.offset(), hidden, 1, packedHhBack, 0);
    }

    /** The state before the first step: c = 0. */
    public void begin(Trace trace, int rows) {
        Arrays.fill(trace.c, 0, rows * hidden, 0f);
    }

    /** Moves the cell state after the last of {@code slots} steps to where the first of the next ones looks for it. */
    public void carry(Trace trace, int rows, int slots) {
        System.arraycopy(trace.c, slots * rows * hidden, trace.c, 0, rows * hidden);
    }

    /**
     * One step.
     *
     * @param slot where the step stands in the trace
     * @param step the step in the batch, from 0
     * @param sequences (rows) which of the batch's sequences the rows are
     * @param h (C + 1, R, H) states; that before the step stands at {@code slot}
     * @param output (C, R, H) written at {@code slot}: ĥ
     */
    public void forward(
            Trace trace, int slot, int rows, Batch batch, int step, int[] sequences, float[] h, float[] output) {
        int n = 4 * hidden;
        int gates = slot * rows * n;
        int state = slot * rows * hidden;
        switch (batch.inputs()) {
            case Inputs.Symbols in -> {
                // Without a backward pass a trace takes either.
                checkKind(trace.x.length == 0 || trace.dc.length == 0, "vectors");
                if (in.size() != inputs) {
                    throw new IllegalArgumentException(
                            "A batch has " + in.size() + " symbols, and the model knows " + inputs);
                }
                symbols(trace, slot, rows, in.values(), sequences, step, batch.steps());
            }
            case Inputs.Vectors in -> {
                checkKind(trace.x.length > 0, "symbols");
                if (in.size() != inputs) {
                    throw new IllegalArgumentException(
                            "A batch has vectors of " + in.size() + " inputs, and the model takes " + inputs);
                }
                vectors(trace, slot, rows, in.values(), sequences, step, batch.steps());
            }
        }
        products.gemm(rows, n, hidden, h, state, hidden, packedHh, 0, trace.gates, gates, n, true);
        kernels.lstmForward(
                rows, hidden, trace.gates, gates, trace.c, state, trace.c, state + rows * hidden, output, state);
    }

    private static void checkKind(boolean right, String made) {
        if (!right) {
            throw new IllegalArgumentException(
                    "The task's inputs are said to be " + made + ", and a batch has others: see Task.vectors()");
        }
    }

    /** Refuses what is no symbol of the inputs. */
    public void checkSymbol(int symbol) {
        if (symbol < 0 || symbol >= inputs) {
            throw new IllegalArgumentException("Symbol " + symbol + " is not one of 0 … " + (inputs - 1));
        }
    }

    private void symbols(Trace trace, int slot, int rows, int[] values, int[] sequences, int step, int steps) {
        int n = 4 * hidden;
        for (int r = 0; r < rows; r++) {
            int symbol = values[sequences[r] * steps + step];
            checkSymbol(symbol);
            trace.symbols[slot * rows + r] = symbol;
            System.arraycopy(inputRows, symbol * n, trace.gates, (slot * rows + r) * n, n);
        }
    }

    private void vectors(Trace trace, int slot, int rows, float[] values, int[] sequences, int step, int steps) {
        int n = 4 * hidden;
        for (int r = 0; r < rows; r++) {
            int at = (sequences[r] * steps + step) * inputs;
            System.arraycopy(values, at, trace.x, (slot * rows + r) * inputs, inputs);
            System.arraycopy(biasValues, 0, trace.gates, (slot * rows + r) * n, n);
        }
        products.gemm(
                rows,
                n,
                inputs,
                trace.x,
                slot * rows * inputs,
                inputs,
                packedIh,
                0,
                trace.gates,
                slot * rows * n,
                n,
                true);
    }

    /** Copies the cell state before a slot of some of the {@code of} rows of another trace to the slot {@code to}. */
    public void copyState(Trace from, int slot, int of, int[] rows, int count, Trace trace, int to) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(from.c, (slot * of + rows[i]) * hidden, trace.c, (to * count + i) * hidden, hidden);
        }
    }

    /** Copies what a step of some of the {@code of} rows of another trace has left to the slot {@code to}. */
    public void copyStep(Trace from, int slot, int of, int[] rows, int count, Trace trace, int to) {
        int n = 4 * hidden;
        for (int i = 0; i < count; i++) {
            int source = slot * of + rows[i];
            int target = to * count + i;
            System.arraycopy(from.gates, source * n, trace.gates, target * n, n);
            if (from.x.length > 0) {
                System.arraycopy(from.x, source * inputs, trace.x, target * inputs, inputs);
            } else {
                trace.symbols[target] = from.symbols[source];
            }
        }
        copyState(from, slot + 1, of, rows, count, trace, to + 1);
    }

    /** Before the first backward step of a shard. */
    public void beginBackward(Trace trace) {
        Arrays.fill(trace.dInputRows, 0f);
    }

    /** Where the backward pass enters a block from behind: no credit comes from later steps. */
    public void cut(Trace trace, int rows) {
        Arrays.fill(trace.dc, 0, rows * hidden, 0f);
    }

    /**
     * One step back.
     *
     * @param dOutput (R, H) the gradient of ĥ
     * @param dh (R, H) written: the gradient of h'; may be {@code dOutput} itself
     * @param first whether h' gets no gradient, as this is the first step of its block
     */
    public void backward(Trace trace, int slot, int rows, float[] dOutput, float[] dh, boolean first) {
        int n = 4 * hidden;
        int gates = slot * rows * n;
        int state = slot * rows * hidden;
        kernels.lstmBackward(
                rows,
                hidden,
                trace.gates,
                gates,
                trace.c,
                state,
                trace.c,
                state + rows * hidden,
                dOutput,
                0,
                trace.dc,
                0);
        if (!first) {
            products.gemm(rows, hidden, n, trace.gates, gates, n, packedHhBack, 0, dh, 0, hidden, false);
        }
    }

    /**
     * One step back, for credit that enters its weights and goes to no step before it. To be called before {@link #backward}, which
     * writes over the activations, and followed by {@link #addAlone} after it.
     *
     * @param dOutput (R, H) the gradient of ĥ
     */
    public void backwardAlone(Trace trace, int slot, int rows, float[] dOutput) {
        int n = 4 * hidden;
        int state = slot * rows * hidden;
        System.arraycopy(trace.gates, slot * rows * n, trace.alone, 0, rows * n);
        Arrays.fill(trace.dcAlone, 0, rows * hidden, 0f);
        kernels.lstmBackward(
                rows,
                hidden,
                trace.alone,
                0,
                trace.c,
                state,
                trace.c,
                state + rows * hidden,
                dOutput,
                0,
                trace.dcAlone,
                0);
    }

    /** Adds what {@link #backwardAlone} has found to the gradients of the step's sums. */
    public void addAlone(Trace trace, int slot, int rows) {
        kernels.axpy(rows * 4 * hidden, 1f, trace.alone, 0, trace.gates, slot * rows * 4 * hidden);
    }

    /**
     * The weights' gradients of the steps at slots {@code from} … {@code to} − 1, all of which have been gone back over.
     *
     * @param h (C + 1, R, H) the states
     * @param gradients in the layout of the parameters, added to
     */
    public void gradients(Trace trace, int from, int to, int rows, float[] h, float[] gradients, float[] scratch) {
        int n = 4 * hidden;
        int count = (to - from) * rows;
        int first = from * rows;
        products.gemmTransposedA(
                n,
                hidden,
                count,
                trace.gates,
                first * n,
                n,
                h,
                first * hidden,
                hidden,
                gradients,
                weightHh.offset(),
                hidden,
                scratch);
        if (trace.x.length > 0) {
            products.gemmTransposedA(
                    n,
                    inputs,
                    count,
                    trace.gates,
                    first * n,
                    n,
                    trace.x,
                    first * inputs,
                    inputs,
                    gradients,
                    weightIh.offset(),
                    inputs,
                    scratch);
            for (int p = first; p < first + count; p++) {
                kernels.axpy(n, 1f, trace.gates, p * n, gradients, bias.offset());
            }
        } else {
            for (int p = first; p < first + count; p++) {
                kernels.axpy(n, 1f, trace.gates, p * n, trace.dInputRows, trace.symbols[p] * n);
            }
        }
    }

    /** After the last backward step of a shard: adds what symbols have gathered. */
    public void endBackward(Trace trace, float[] gradients) {
        int n = 4 * hidden;
        if (trace.dInputRows.length == 0) {
            return;
        }
        for (int i = 0; i < inputs; i++) {
            kernels.axpy(n, 1f, trace.dInputRows, i * n, gradients, bias.offset());
            for (int u = 0; u < n; u++) {
                gradients[weightIh.offset() + u * inputs + i] += trace.dInputRows[i * n + u];
            }
        }
    }
}
