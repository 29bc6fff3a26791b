package org.sab4j.retrieval;

import java.util.Arrays;
import org.sab4j.kernels.Kernels;
import org.sab4j.memory.Memory;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.tensor.Shape;

/**
 * a_i = w3 · tanh(m_i): a memory's salience, whatever the query.
 *
 * <p>This is what the authors' released code for the copy task amounts to. Parameter: {@code attention.w3} (H). A score is
 * computed once, when the memory is written.
 */
public final class SalienceScores implements Scores {

    private final Kernels kernels;
    private final int hidden;
    private final View w3;
    private float[] w3Values = new float[0];

    static final class SalienceTrace implements Scores.Trace {
        final float[] scores; // (R, N)
        final float[] dScores; // (R, N)
        final float[] dState; // (H)

        SalienceTrace(int rows, int capacity, int hidden, boolean training) {
            scores = new float[Math.multiplyExact(rows, capacity)];
            dScores = new float[training ? scores.length : 0];
            dState = new float[hidden];
        }
    }

    /** Adds the scores' parameter to a layout. */
    public SalienceScores(Kernels kernels, int hidden, ParameterLayout layout) {
        this.kernels = kernels;
        this.hidden = hidden;
        w3 = layout.add("attention.w3", Shape.of(hidden));
    }

    @Override
    public Scores.Trace trace(Memory memory, int slots, boolean training) {
        return new SalienceTrace(memory.rows, memory.capacity, hidden, training);
    }

    @Override
    public void prepare(float[] parameters) {
        w3Values = Arrays.copyOfRange(parameters, w3.offset(), w3.offset() + hidden);
    }

    @Override
    public void write(Scores.Trace trace, Memory memory, int index, int rows) {
        SalienceTrace t = (SalienceTrace) trace;
        for (int r = 0; r < rows; r++) {
            t.scores[r * memory.capacity + index] =
                    kernels.tanhDot(hidden, memory.values, memory.offset(r) + index * hidden, w3Values, 0);
        }
    }

    @Override
    public void query(Scores.Trace trace, int slot, int rows, float[] provisional) {
        // The scores don't depend on the query.
    }

    @Override
    public void score(Scores.Trace trace, Memory memory, int slot, int rows, int row, float[] out) {
        System.arraycopy(((SalienceTrace) trace).scores, row * memory.capacity, out, 0, memory.size());
    }

    @Override
    public void beginBackward(Scores.Trace trace, Memory memory, int rows) {
        SalienceTrace t = (SalienceTrace) trace;
        for (int r = 0; r < rows; r++) {
            Arrays.fill(t.dScores, r * memory.capacity, r * memory.capacity + memory.size(), 0f);
        }
    }

    @Override
    public void backward(
            Scores.Trace trace,
            Memory memory,
            int slot,
            int rows,
            int row,
            int count,
            int[] indices,
            int iOff,
            float[] dScores,
            float[] gradients) {
        SalienceTrace t = (SalienceTrace) trace;
        for (int j = 0; j < count; j++) {
            t.dScores[row * memory.capacity + indices[iOff + j]] += dScores[j];
        }
    }

    @Override
    public void backwardQuery(Scores.Trace trace, int slot, int rows, float[] dProvisional, boolean credit) {
        // The scores don't depend on the query.
    }

    @Override
    public void backwardWrite(Scores.Trace trace, Memory memory, int index, int rows, float[] dh) {
        SalienceTrace t = (SalienceTrace) trace;
        for (int r = 0; r < rows; r++) {
            float d = t.dScores[r * memory.capacity + index];
            kernels.tanhDotBackward(
                    hidden,
                    d,
                    memory.values,
                    memory.offset(r) + index * hidden,
                    w3Values,
                    0,
                    dh,
                    r * hidden,
                    t.dState,
                    0);
        }
    }

    @Override
    public void queryGradients(
            Scores.Trace trace, int from, int to, int rows, float[] provisional, float[] gradients, float[] scratch) {
        // There are no query weights.
    }

    @Override
    public void keyGradients(Scores.Trace trace, Memory memory, int rows, float[] gradients, float[] scratch) {
        SalienceTrace t = (SalienceTrace) trace;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < memory.size(); i++) {
                float d = t.dScores[r * memory.capacity + i];
                if (d != 0) {
                    kernels.tanhDotBackward(
                            hidden,
                            d,
                            memory.values,
                            memory.offset(r) + i * hidden,
                            w3Values,
                            0,
                            t.dState,
                            0,
                            gradients,
                            w3.offset());
                }
            }
        }
    }
}
