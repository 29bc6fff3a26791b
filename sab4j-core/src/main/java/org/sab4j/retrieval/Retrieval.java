package org.sab4j.retrieval;

import org.sab4j.kernels.Kernels;
import org.sab4j.memory.Memory;

/**
 * A step's reminders: s = Σ w_i m_i over the memories that the sparsifier keeps.
 *
 * <p>Dense attention is the same with k_top = {@link #ALL} and the softmax.
 */
public final class Retrieval {

    /** The k_top of dense attention. */
    public static final int ALL = Integer.MAX_VALUE;

    private final Kernels kernels;
    private final Scores scores;
    private final Sparsifier sparsifier;
    private final int kTop;
    private final float epsilon;
    private final float scoreScale;
    private final boolean scoreCredit;
    private final float memoryBound;
    private final int hidden;

    /** What a shard keeps of its retrievals. */
    public static final class Trace {
        /** The most memories that a step keeps, the threshold's included: the last size of the next two. */
        public final int width;
        /** (C, R, width) which memories, the highest score first; in the order of writing where the softmax takes all. */
        public final int[] indices;
        /** (C, R, width) their weights. */
        public final float[] weights;
        /** (C, R) how many of them there are. */
        public final int[] counts;

        private final float[] normalisers; // (C, R)
        private final Scores.Trace scores;
        private final float[] all; // (N in whole vectors) a row's scores
        private final float[] top; // (width)
        private final float[] dWeights; // (width)
        private final float[] dScores; // (width)
        private final float[] dMemory; // (R, H) a memory's gradient

        private Trace(Retrieval retrieval, Memory memory, int slots, boolean training) {
            int cells = Math.multiplyExact(slots, memory.rows);
            width = Math.min(retrieval.sparsifier.taken(retrieval.kTop), memory.capacity);
            indices = new int[Math.multiplyExact(cells, width)];
            weights = new float[indices.length];
            counts = new int[cells];
            normalisers = new float[cells];
            scores = retrieval.scores.trace(memory, slots, training);
            int lanes = retrieval.kernels.keyBlock();
            all = new float[(memory.capacity + lanes - 1) / lanes * lanes];
            top = new float[width];
            dWeights = new float[width];
            dScores = new float[width];
            dMemory = new float[training ? memory.rows * retrieval.hidden : 0];
        }
    }

    /**
     * Retrieval with the given scores.
     *
     * @param kTop the most memories a step is reminded of, at least 1
     * @param epsilon ε of the {@code RELU} sparsifier
     * @param scoreScale what the scores are multiplied by before the sparsifier: an inverse temperature
     * @param scoreCredit whether credit flows through the scores into the states that were compared
     * @param memoryBound the most that a memory's gradient of one sequence may measure, in units of a scored step's share; 0
     *     for no bound
     */
    public Retrieval(
            Kernels kernels,
            Scores scores,
            Sparsifier sparsifier,
            int kTop,
            float epsilon,
            float scoreScale,
            boolean scoreCredit,
            float memoryBound,
            int hidden) {
        this.kernels = kernels;
        this.scores = scores;
        this.sparsifier = sparsifier;
        this.kTop = kTop;
        this.epsilon = epsilon;
        this.scoreScale = scoreScale;
        this.scoreCredit = scoreCredit;
        this.memoryBound = memoryBound;
        this.hidden = hidden;
    }

    /** A trace of {@code slots} steps with a memory. */
    public Trace trace(Memory memory, int slots, boolean training) {
        return new Trace(this, memory, slots, training);
    }

    /** Takes the weights over. To be called whenever {@code parameters} have changed. */
    public void prepare(float[] parameters) {
        scores.prepare(parameters);
    }

    /** Keeps the states of a step, h (R, H) from {@code hOff}. */
    public void write(Trace trace, Memory memory, int rows, float[] h, int hOff) {
        scores.write(trace.scores, memory, memory.append(rows, h, hOff), rows);
    }

    /**
     * The summaries of a step.
     *
     * @param provisional (C, R, H) ĥ, read at {@code slot}
     * @param s (C, R, H) written at {@code slot}
     */
    public void forward(Trace trace, Memory memory, int slot, int rows, float[] provisional, float[] s) {
        int n = memory.size();
        if (n > 0) {
            scores.query(trace.scores, slot, rows, provisional);
        }
        for (int r = 0; r < rows; r++) {
            int cell = slot * rows + r;
            int at = cell * trace.width;
            int count = n == 0 ? 0 : select(trace, memory, slot, rows, r, at);
            trace.counts[cell] = count;
            if (count > 0) {
                kernels.scale(count, scoreScale, trace.top, 0);
                sparsifier.forward(count, trace.top, epsilon, trace.weights, at);
                trace.normalisers[cell] = sparsifier.normaliser(count, trace.top, epsilon);
            }
            kernels.weightedSum(
                    count,
                    trace.indices,
                    at,
                    trace.weights,
                    at,
                    hidden,
                    memory.values,
                    memory.offset(r),
                    s,
                    cell * hidden);
        }
    }

    /** Scores a row's memories and leaves the largest in {@code trace.top}, their indices from {@code at}. */
    private int select(Trace trace, Memory memory, int slot, int rows, int row, int at) {
        int n = memory.size();
        scores.score(trace.scores, memory, slot, rows, row, trace.all);
        if (n > sparsifier.taken(kTop) || sparsifier == Sparsifier.RELU) {
            return kernels.topK(n, trace.all, 0, Math.min(trace.width, n), trace.indices, at, trace.top, 0);
        }
        for (int i = 0; i < n; i++) {
            trace.indices[at + i] = i;
            trace.top[i] = trace.all[i];
        }
        return n;
    }

    /** Before the first backward step of a shard. */
    public void beginBackward(Trace trace, Memory memory, int rows) {
        memory.clearGradients(rows);
        scores.beginBackward(trace.scores, memory, rows);
    }

    /**
     * One step back: credit to the memories that were retrieved, and through the queries to ĥ.
     *
     * @param ds (R, H) the gradient of the summaries
     * @param dProvisional (R, H) added to
     */
    public void backward(
            Trace trace, Memory memory, int slot, int rows, float[] ds, float[] dProvisional, float[] gradients) {
        boolean any = false;
        for (int r = 0; r < rows; r++) {
            int cell = slot * rows + r;
            int at = cell * trace.width;
            int count = trace.counts[cell];
            if (count == 0) {
                continue;
            }
            any = true;
            kernels.weightedSumBackward(
                    count,
                    trace.indices,
                    at,
                    trace.weights,
                    at,
                    hidden,
                    memory.values,
                    memory.offset(r),
                    ds,
                    r * hidden,
                    memory.dValues,
                    memory.offset(r),
                    trace.dWeights,
                    0);
            sparsifier.backward(count, trace.weights, at, trace.normalisers[cell], trace.dWeights, trace.dScores);
            kernels.scale(count, scoreScale, trace.dScores, 0);
            scores.backward(trace.scores, memory, slot, rows, r, count, trace.indices, at, trace.dScores, gradients);
            for (int j = 0; j < count; j++) {
                if (trace.weights[at + j] != 0 || (scoreCredit && trace.dScores[j] != 0)) {
                    memory.credit(trace.indices[at + j]);
                }
            }
        }
        if (any) {
            scores.backwardQuery(trace.scores, slot, rows, dProvisional, scoreCredit);
        }
    }

    /**
     * When the backward pass reaches the step that wrote a memory: its credit enters the state.
     *
     * @param share a scored step's share of the loss, 1/n
     * @param dh (R, H) added to
     */
    public void backwardWrite(Trace trace, Memory memory, int index, int rows, float share, float[] dh) {
        float[] d = trace.dMemory;
        for (int r = 0; r < rows; r++) {
            System.arraycopy(memory.dValues, memory.offset(r) + index * hidden, d, r * hidden, hidden);
        }
        if (scoreCredit) {
            scores.backwardWrite(trace.scores, memory, index, rows, d);
        }
        for (int r = 0; r < rows; r++) {
            double norm = memoryBound == 0 ? 0 : Math.sqrt(kernels.sumOfSquares(hidden, d, r * hidden));
            float most = memoryBound * share;
            kernels.axpy(hidden, norm > most ? (float) (most / norm) : 1, d, r * hidden, dh, r * hidden);
        }
    }

    /** The weights' gradients of the slots {@code from} … {@code to} − 1, at which there was a memory to query. */
    public void gradients(
            Trace trace, int from, int to, int rows, float[] provisional, float[] gradients, float[] scratch) {
        int first = from;
        while (first < to && trace.counts[first * rows] == 0) {
            first++;
        }
        if (first < to) {
            scores.queryGradients(trace.scores, first, to, rows, provisional, gradients, scratch);
        }
    }

    /** After the last backward step of a shard: the keys' gradients. */
    public void endBackward(Trace trace, Memory memory, int rows, float[] gradients, float[] scratch) {
        scores.keyGradients(trace.scores, memory, rows, gradients, scratch);
    }
}
