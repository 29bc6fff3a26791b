package org.sab4j.retrieval;

import java.util.Arrays;
import org.sab4j.kernels.Kernels;
import org.sab4j.memory.Memory;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.tensor.Shape;

/**
 * a_i = w3 · tanh(W1 m_i + W2 ĥ) (Algorithm 1; Bahdanau et al. 2014).
 *
 * <p>Parameters: {@code attention.w1} (A, H), {@code attention.w2} (A, H), {@code attention.w3} (A). The key W1 m_i is
 * computed once, when the memory is written, and kept as e^{2 W1 m_i}, see {@link Kernels#mlpScores}; where |W1 m_i| or |W2
 * ĥ| passes 43 it is held there.
 */
public final class MlpScores implements Scores {

    private final Kernels kernels;
    private final int hidden;
    private final int units;
    private final View w1;
    private final View w2;
    private final View w3;
    private final float[] packed1;
    private final float[] packed1Back;
    private final float[] packed2;
    private final float[] packed2Back;
    private float[] w3Values = new float[0];

    static final class MlpTrace implements Scores.Trace {
        final float[] keys; // (R, N, A) e^{2 key}, row by row; only where trained
        final float[] blocks; // (R, N in whole blocks, A) e^{2 key} as mlpScores reads it
        final float[] queries; // (C, R, A) e^{2 query}; after the backward pass the query's gradient
        final float[] dKeys; // (R, N, A)
        final float[] dQuery; // (R, A)
        final float[] sums; // (R, A)
        final int blockStride; // floats of a row's blocks

        MlpTrace(int rows, int capacity, int slots, int units, int block, boolean training) {
            blockStride = Math.multiplyExact((capacity + block - 1) / block * block, units);
            blocks = new float[Math.multiplyExact(rows, blockStride)];
            keys = new float[training ? Math.multiplyExact(Math.multiplyExact(rows, capacity), units) : 0];
            dKeys = new float[keys.length];
            queries = new float[Math.multiplyExact(Math.multiplyExact(slots, rows), units)];
            dQuery = new float[training ? rows * units : 0];
            sums = new float[rows * units];
        }
    }

    /** Adds the scores' parameters to a layout. */
    public MlpScores(Kernels kernels, int hidden, int units, ParameterLayout layout) {
        this.kernels = kernels;
        this.hidden = hidden;
        this.units = units;
        w1 = layout.add("attention.w1", Shape.of(units, hidden));
        w2 = layout.add("attention.w2", Shape.of(units, hidden));
        w3 = layout.add("attention.w3", Shape.of(units));
        packed1 = new float[kernels.packedSize(hidden, units)];
        packed2 = new float[packed1.length];
        packed1Back = new float[kernels.packedSize(units, hidden)];
        packed2Back = new float[packed1Back.length];
    }

    @Override
    public Scores.Trace trace(Memory memory, int slots, boolean training) {
        return new MlpTrace(memory.rows, memory.capacity, slots, units, kernels.keyBlock(), training);
    }

    @Override
    public void prepare(float[] parameters) {
        kernels.pack(hidden, units, parameters, w1.offset(), 1, hidden, packed1, 0);
        kernels.pack(hidden, units, parameters, w2.offset(), 1, hidden, packed2, 0);
        kernels.pack(units, hidden, parameters, w1.offset(), hidden, 1, packed1Back, 0);
        kernels.pack(units, hidden, parameters, w2.offset(), hidden, 1, packed2Back, 0);
        w3Values = Arrays.copyOfRange(parameters, w3.offset(), w3.offset() + units);
    }

    @Override
    public void write(Scores.Trace trace, Memory memory, int index, int rows) {
        MlpTrace t = (MlpTrace) trace;
        int stride = memory.capacity * hidden;
        kernels.gemm(rows, units, hidden, memory.values, index * hidden, stride, packed1, 0, t.sums, 0, units, false);
        kernels.exp2x(rows * units, t.sums, 0, t.sums, 0);
        int block = kernels.keyBlock();
        int place = index / block * block * units + index % block;
        for (int r = 0; r < rows; r++) {
            int at = r * t.blockStride + place;
            for (int u = 0; u < units; u++) {
                t.blocks[at + u * block] = t.sums[r * units + u];
            }
            if (t.keys.length > 0) {
                System.arraycopy(t.sums, r * units, t.keys, (r * memory.capacity + index) * units, units);
            }
        }
    }

    @Override
    public void query(Scores.Trace trace, int slot, int rows, float[] provisional) {
        MlpTrace t = (MlpTrace) trace;
        int at = slot * rows * units;
        kernels.gemm(
                rows,
                units,
                hidden,
                provisional,
                slot * rows * hidden,
                hidden,
                packed2,
                0,
                t.queries,
                at,
                units,
                false);
        kernels.exp2x(rows * units, t.queries, at, t.queries, at);
    }

    @Override
    public void score(Scores.Trace trace, Memory memory, int slot, int rows, int row, float[] out) {
        MlpTrace t = (MlpTrace) trace;
        kernels.mlpScores(
                memory.size(),
                units,
                t.queries,
                (slot * rows + row) * units,
                t.blocks,
                row * t.blockStride,
                w3Values,
                0,
                out,
                0);
    }

    @Override
    public void beginBackward(Scores.Trace trace, Memory memory, int rows) {
        MlpTrace t = (MlpTrace) trace;
        for (int r = 0; r < rows; r++) {
            int at = r * memory.capacity * units;
            Arrays.fill(t.dKeys, at, at + memory.size() * units, 0f);
        }
        Arrays.fill(t.dQuery, 0f);
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
        MlpTrace t = (MlpTrace) trace;
        int keys = row * memory.capacity * units;
        kernels.mlpScoresBackward(
                count,
                indices,
                iOff,
                dScores,
                0,
                units,
                t.queries,
                (slot * rows + row) * units,
                t.keys,
                keys,
                w3Values,
                0,
                t.dQuery,
                row * units,
                t.dKeys,
                keys,
                gradients,
                w3.offset());
    }

    @Override
    public void backwardQuery(Scores.Trace trace, int slot, int rows, float[] dProvisional, boolean credit) {
        MlpTrace t = (MlpTrace) trace;
        if (credit) {
            kernels.gemm(rows, hidden, units, t.dQuery, 0, units, packed2Back, 0, dProvisional, 0, hidden, true);
        }
        System.arraycopy(t.dQuery, 0, t.queries, slot * rows * units, rows * units);
        Arrays.fill(t.dQuery, 0, rows * units, 0f);
    }

    @Override
    public void backwardWrite(Scores.Trace trace, Memory memory, int index, int rows, float[] dh) {
        MlpTrace t = (MlpTrace) trace;
        kernels.gemm(
                rows,
                hidden,
                units,
                t.dKeys,
                index * units,
                memory.capacity * units,
                packed1Back,
                0,
                dh,
                0,
                hidden,
                true);
    }

    @Override
    public void queryGradients(
            Scores.Trace trace, int from, int to, int rows, float[] provisional, float[] gradients, float[] scratch) {
        MlpTrace t = (MlpTrace) trace;
        kernels.gemmTransposedA(
                units,
                hidden,
                (to - from) * rows,
                t.queries,
                from * rows * units,
                units,
                provisional,
                from * rows * hidden,
                hidden,
                gradients,
                w2.offset(),
                hidden,
                scratch);
    }

    @Override
    public void keyGradients(Scores.Trace trace, Memory memory, int rows, float[] gradients, float[] scratch) {
        MlpTrace t = (MlpTrace) trace;
        for (int r = 0; r < rows; r++) {
            kernels.gemmTransposedA(
                    units,
                    hidden,
                    memory.size(),
                    t.dKeys,
                    r * memory.capacity * units,
                    units,
                    memory.values,
                    memory.offset(r),
                    hidden,
                    gradients,
                    w1.offset(),
                    hidden,
                    scratch);
        }
    }
}
