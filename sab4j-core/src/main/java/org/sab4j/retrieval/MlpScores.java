package org.sab4j.retrieval;

import java.util.Arrays;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;
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

    /** Memories whose keys' gradients make one product. */
    private static final int GATHERED = 96;

    private final Kernels kernels;
    private final Products products;
    private final int hidden;
    private final int units;
    private final int beam;
    private final View w1;
    private final View w2;
    private final View w3;
    private final float[] packed1;
    private final float[] packed1Back;
    private final float[] packed2;
    private final float[] packed2Back;
    private float[] w3Values = new float[0];

    /** A shard's keys; those of a row are arrays of their own, as a row may need room for more than another. */
    static final class MlpKeys implements Scores.Keys {
        final float[][] keys; // for each row (memories, A) e^{2 key}, by number; only where trained
        final float[][] blocks; // for each row (N in whole blocks, A) e^{2 key} by slot, as mlpScores reads it
        final float[][] dKeys; // for each row (memories, A)
        final float[][] dKeysApart; // for each row (memories, A) what W1 alone gets; empty where there was none yet
        final float[] dQuery; // (R, A)
        final float[] some; // (R, A) the keys of a step, or (GATHERED, A) gradients of keys
        final float[] states; // (GATHERED, H)
        final KeyTree[] trees; // of each row; empty where all memories are scored

        MlpKeys(Kernels kernels, Memory memory, int units, int beam, boolean training) {
            int block = kernels.keyBlock();
            int slots = (memory.capacity + block - 1) / block * block;
            blocks = new float[memory.rows][Math.multiplyExact(slots, units)];
            keys = new float[memory.rows][0];
            dKeys = new float[memory.rows][0];
            dKeysApart = new float[memory.rows][0];
            if (training) {
                for (int r = 0; r < memory.rows; r++) {
                    keys[r] = new float[Math.multiplyExact(memory.room(r), units)];
                    dKeys[r] = new float[keys[r].length];
                }
            }
            dQuery = new float[training ? memory.rows * units : 0];
            some = new float[Math.max(memory.rows, training ? GATHERED : 0) * units];
            states = new float[training ? GATHERED * memory.hidden : 0];
            trees = new KeyTree[beam > 0 && !memory.isBounded() ? memory.rows : 0];
            Arrays.setAll(trees, row -> new KeyTree(kernels, memory.capacity, units, beam));
        }

        boolean hasApart(int row, int number, int units) {
            return dKeysApart[row].length >= (number + 1) * units;
        }
    }

    /** Adds the scores' parameters to a layout; all memories are scored. */
    public MlpScores(Kernels kernels, int hidden, int units, ParameterLayout layout) {
        this(kernels, kernels, hidden, units, 0, layout);
    }

    /**
     * Adds the scores' parameters to a layout.
     *
     * @param products what multiplies with W1 and W2: the kernels themselves, or several threads
     * @param beam how many nodes of a {@link KeyTree} are kept at each level; 0 to score all memories
     */
    public MlpScores(Kernels kernels, Products products, int hidden, int units, int beam, ParameterLayout layout) {
        this.beam = beam;
        this.kernels = kernels;
        this.products = products;
        this.hidden = hidden;
        this.units = units;
        w1 = layout.add("attention.w1", Shape.of(units, hidden));
        w2 = layout.add("attention.w2", Shape.of(units, hidden));
        w3 = layout.add("attention.w3", Shape.of(units));
        packed1 = new float[products.packedSize(hidden, units)];
        packed2 = new float[packed1.length];
        packed1Back = new float[products.packedSize(units, hidden)];
        packed2Back = new float[packed1Back.length];
    }

    @Override
    public Scores.Keys keys(Memory memory, boolean training) {
        return new MlpKeys(kernels, memory, units, beam, training);
    }

    @Override
    public int units() {
        return units;
    }

    @Override
    public void prepare(float[] parameters) {
        products.pack(hidden, units, parameters, w1.offset(), 1, hidden, packed1, 0);
        products.pack(hidden, units, parameters, w2.offset(), 1, hidden, packed2, 0);
        products.pack(units, hidden, parameters, w1.offset(), hidden, 1, packed1Back, 0);
        products.pack(units, hidden, parameters, w2.offset(), hidden, 1, packed2Back, 0);
        w3Values = Arrays.copyOfRange(parameters, w3.offset(), w3.offset() + units);
    }

    @Override
    public void write(Scores.Keys keys, Memory memory, int count) {
        MlpKeys k = (MlpKeys) keys;
        products.gemm(count, units, hidden, memory.fresh, 0, hidden, packed1, 0, k.some, 0, units, false);
        for (int i = 0; i < count && k.trees.length > 0; i++) {
            k.trees[memory.freshRow(i)].add(memory.freshSlot(i), k.some, i * units);
        }
        kernels.exp2x(count * units, k.some, 0, k.some, 0);
        int block = kernels.keyBlock();
        for (int i = 0; i < count; i++) {
            int row = memory.freshRow(i);
            int slot = memory.freshSlot(i);
            float[] blocks = k.blocks[row];
            int at = slot / block * block * units + slot % block;
            for (int u = 0; u < units; u++) {
                blocks[at + u * block] = k.some[i * units + u];
            }
            if (k.dQuery.length > 0) {
                int room = memory.room(row) * units;
                if (k.keys[row].length < room) {
                    k.keys[row] = Arrays.copyOf(k.keys[row], room);
                    k.dKeys[row] = Arrays.copyOf(k.dKeys[row], room);
                }
                System.arraycopy(k.some, i * units, k.keys[row], memory.number(row, slot) * units, units);
            }
        }
    }

    @Override
    public void query(int rows, float[] provisional, int pOff, float[] queries, int qOff) {
        products.gemm(rows, units, hidden, provisional, pOff, hidden, packed2, 0, queries, qOff, units, false);
        kernels.exp2x(rows * units, queries, qOff, queries, qOff);
    }

    @Override
    public void score(Scores.Keys keys, Memory memory, int row, float[] queries, int qOff, float[] out) {
        MlpKeys k = (MlpKeys) keys;
        kernels.mlpScores(memory.size(row), units, queries, qOff, k.blocks[row], 0, w3Values, 0, out, 0);
    }

    @Override
    public int search(Scores.Keys keys, Memory memory, int row, float[] queries, int qOff, float[] out, int[] slots) {
        MlpKeys k = (MlpKeys) keys;
        int n = memory.size(row);
        if (k.trees.length == 0 || n < k.trees[row].least()) {
            return 0;
        }
        return k.trees[row].search(n, queries, qOff, k.blocks[row], w3Values, out, slots);
    }

    @Override
    public boolean searches() {
        return beam > 0;
    }

    @Override
    public void touch(Scores.Keys keys, int row, int number) {
        MlpKeys k = (MlpKeys) keys;
        Arrays.fill(k.dKeys[row], number * units, (number + 1) * units, 0f);
        if (k.hasApart(row, number, units)) {
            Arrays.fill(k.dKeysApart[row], number * units, (number + 1) * units, 0f);
        }
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
        MlpKeys k = (MlpKeys) keys;
        if (apart && k.dKeysApart[row].length < k.dKeys[row].length) {
            k.dKeysApart[row] = Arrays.copyOf(k.dKeysApart[row], k.dKeys[row].length);
        }
        kernels.mlpScoresBackward(
                count,
                numbers,
                nOff,
                dScores,
                0,
                units,
                queries,
                qOff,
                k.keys[row],
                0,
                w3Values,
                0,
                k.dQuery,
                place * units,
                apart ? k.dKeysApart[row] : k.dKeys[row],
                0,
                gradients,
                w3.offset());
    }

    @Override
    public void backwardQuery(
            Scores.Keys keys, int rows, float[] queries, int qOff, float[] dProvisional, boolean credit) {
        MlpKeys k = (MlpKeys) keys;
        if (credit) {
            products.gemm(rows, hidden, units, k.dQuery, 0, units, packed2Back, 0, dProvisional, 0, hidden, true);
        }
        System.arraycopy(k.dQuery, 0, queries, qOff, rows * units);
        Arrays.fill(k.dQuery, 0, rows * units, 0f);
    }

    @Override
    public void backwardWrite(Scores.Keys keys, Memory memory, int count, int[] row, int[] number, float[] d) {
        MlpKeys k = (MlpKeys) keys;
        for (int i = 0; i < count; i++) {
            System.arraycopy(k.dKeys[row[i]], number[i] * units, k.some, i * units, units);
        }
        products.gemm(count, hidden, units, k.some, 0, units, packed1Back, 0, d, 0, hidden, true);
    }

    @Override
    public void queryGradients(
            int count, float[] queries, int qOff, float[] provisional, int pOff, float[] gradients, float[] scratch) {
        products.gemmTransposedA(
                units,
                hidden,
                count,
                queries,
                qOff,
                units,
                provisional,
                pOff,
                hidden,
                gradients,
                w2.offset(),
                hidden,
                scratch);
    }

    /** Of the memories that got any, gathered so that each product is a large one. */
    @Override
    public void keyGradients(Scores.Keys keys, Memory memory, int rows, float[] gradients, float[] scratch) {
        MlpKeys k = (MlpKeys) keys;
        int count = 0;
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < memory.written(r); i++) {
                if (memory.isTouched(r, i)) {
                    System.arraycopy(k.dKeys[r], i * units, k.some, count * units, units);
                    if (k.hasApart(r, i, units)) {
                        kernels.axpy(units, 1f, k.dKeysApart[r], i * units, k.some, count * units);
                    }
                    System.arraycopy(memory.values[r], i * hidden, k.states, count * hidden, hidden);
                    if (++count == GATHERED) {
                        keyGradients(k, count, gradients, scratch);
                        count = 0;
                    }
                }
            }
        }
        keyGradients(k, count, gradients, scratch);
    }

    private void keyGradients(MlpKeys k, int count, float[] gradients, float[] scratch) {
        products.gemmTransposedA(
                units, hidden, count, k.some, 0, units, k.states, 0, hidden, gradients, w1.offset(), hidden, scratch);
    }
}
