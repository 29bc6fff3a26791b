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

    static final class SalienceKeys implements Scores.Keys {
        final float[][] scores; // for each row (N) by slot
        final float[][] dScores; // for each row (memories) by number
        final float[][] dScoresApart; // for each row (memories) what w3 alone gets
        final float[] dState; // (H)

        SalienceKeys(Memory memory, int hidden, boolean training) {
            scores = new float[memory.rows][memory.capacity];
            dScores = new float[memory.rows][0];
            dScoresApart = new float[memory.rows][0];
            if (training) {
                for (int r = 0; r < memory.rows; r++) {
                    dScores[r] = new float[memory.room(r)];
                    dScoresApart[r] = new float[memory.room(r)];
                }
            }
            dState = new float[training ? hidden : 0];
        }
    }

    /** Adds the scores' parameter to a layout. */
    public SalienceScores(Kernels kernels, int hidden, ParameterLayout layout) {
        this.kernels = kernels;
        this.hidden = hidden;
        w3 = layout.add("attention.w3", Shape.of(hidden));
    }

    @Override
    public Scores.Keys keys(Memory memory, boolean training) {
        return new SalienceKeys(memory, hidden, training);
    }

    @Override
    public int units() {
        return 0;
    }

    @Override
    public void prepare(float[] parameters) {
        w3Values = Arrays.copyOfRange(parameters, w3.offset(), w3.offset() + hidden);
    }

    @Override
    public void write(Scores.Keys keys, Memory memory, int count) {
        SalienceKeys k = (SalienceKeys) keys;
        for (int i = 0; i < count; i++) {
            int row = memory.freshRow(i);
            k.scores[row][memory.freshSlot(i)] = kernels.tanhDot(hidden, memory.fresh, i * hidden, w3Values, 0);
            if (k.dState.length > 0 && k.dScores[row].length < memory.room(row)) {
                k.dScores[row] = Arrays.copyOf(k.dScores[row], memory.room(row));
                k.dScoresApart[row] = Arrays.copyOf(k.dScoresApart[row], memory.room(row));
            }
        }
    }

    @Override
    public void query(int rows, float[] provisional, int pOff, float[] queries, int qOff) {
        // The scores don't depend on the query.
    }

    @Override
    public void score(Scores.Keys keys, Memory memory, int row, float[] queries, int qOff, float[] out) {
        System.arraycopy(((SalienceKeys) keys).scores[row], 0, out, 0, memory.size(row));
    }

    @Override
    public void touch(Scores.Keys keys, int row, int number) {
        SalienceKeys k = (SalienceKeys) keys;
        k.dScores[row][number] = 0;
        k.dScoresApart[row][number] = 0;
    }

    @Override
    public void backward(
            Scores.Keys keys,
            int row,
            int count,
            int[] numbers,
            int nOff,
            float[] dScores,
            float[] queries,
            int qOff,
            int place,
            boolean apart,
            float[] gradients) {
        SalienceKeys k = (SalienceKeys) keys;
        float[] sums = apart ? k.dScoresApart[row] : k.dScores[row];
        for (int j = 0; j < count; j++) {
            sums[numbers[nOff + j]] += dScores[j];
        }
    }

    @Override
    public void backwardQuery(
            Scores.Keys keys, int rows, float[] queries, int qOff, float[] dProvisional, boolean credit) {
        // The scores don't depend on the query.
    }

    @Override
    public void backwardWrite(Scores.Keys keys, Memory memory, int count, int[] row, int[] number, float[] d) {
        SalienceKeys k = (SalienceKeys) keys;
        for (int i = 0; i < count; i++) {
            kernels.tanhDotBackward(
                    hidden,
                    k.dScores[row[i]][number[i]],
                    memory.values[row[i]],
                    number[i] * hidden,
                    w3Values,
                    0,
                    d,
                    i * hidden,
                    k.dState,
                    0);
        }
    }

    @Override
    public void queryGradients(
            int count, float[] queries, int qOff, float[] provisional, int pOff, float[] gradients, float[] scratch) {
        // There are no query weights.
    }

    @Override
    public void keyGradients(Scores.Keys keys, Memory memory, int rows, float[] gradients, float[] scratch) {
        SalienceKeys k = (SalienceKeys) keys;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < memory.written(r); i++) {
                float d = memory.isTouched(r, i) ? k.dScores[r][i] + k.dScoresApart[r][i] : 0;
                if (d != 0) {
                    kernels.tanhDotBackward(
                            hidden, d, memory.values[r], i * hidden, w3Values, 0, k.dState, 0, gradients, w3.offset());
                }
            }
        }
    }
}
