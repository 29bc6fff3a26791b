package org.sab4j.retrieval;

import java.util.Arrays;
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
    private final float epsilon;
    private final float scoreScale;
    private final boolean scoreCredit;
    private final float memoryBound;
    private final int hidden;
    private final Selection selection;

    /** What a shard keeps of its retrievals. */
    public static final class Trace {
        /** What is remembered. */
        public final Memory memory;
        /** The most memories that a step keeps, the threshold's included: the last size of the next two. */
        public final int width;
        /** (C, R, width) which memories, the highest score first; in the order of slots where the softmax takes all. */
        public final int[] indices;
        /** (C, R, width) their weights. */
        public final float[] weights;
        /** (C, R) how many of them there are. */
        public final int[] counts;
        /** (C, R, width) the steps that wrote them; empty for training, where the memory knows. */
        public final int[] steps;

        /** (R, H) ĥ of the step before, where its change is watched; otherwise empty. */
        public final float[] previous;

        private final float[] normalisers; // (C, R)
        private final Scores.Keys keys;
        private final float[] top; // (width)
        private final float[] noWeights; // (width) zeros
        private final float[] dWeights; // (width)
        private final float[] dScores; // (width)
        private final float[] dMemory; // (R, H) memories' gradients
        private final float[] change; // (R) its change, squared
        private final Selection.Room room;

        /** From now on counts, at the price of scoring all, how many of the largest scores a search finds. */
        public void countRecall() {
            room.countRecall();
        }

        /** The share of the largest scores that searches have found; NaN if there was none. */
        public double recall() {
            return room.recall();
        }

        private Trace(Retrieval retrieval, Memory memory, int slots, boolean training) {
            this.memory = memory;
            int cells = Math.multiplyExact(slots, memory.rows);
            width = retrieval.selection.most(memory);
            indices = new int[Math.multiplyExact(cells, width)];
            weights = new float[indices.length];
            counts = new int[cells];
            steps = new int[training ? 0 : indices.length];
            normalisers = new float[cells];
            keys = retrieval.scores.keys(memory, training);
            top = new float[width];
            noWeights = new float[width];
            dWeights = new float[width];
            dScores = new float[width];
            dMemory = new float[training ? memory.rows * retrieval.hidden : 0];
            previous = new float[memory.watchesChange() ? memory.rows * retrieval.hidden : 0];
            change = new float[memory.watchesChange() ? memory.rows : 0];
            room = retrieval.selection.room(memory);
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
        selection = new Selection(kernels, scores, sparsifier, kTop);
        this.kernels = kernels;
        this.scores = scores;
        this.sparsifier = sparsifier;
        this.epsilon = epsilon;
        this.scoreScale = scoreScale;
        this.scoreCredit = scoreCredit;
        this.memoryBound = memoryBound;
        this.hidden = hidden;
    }

    /** A trace of the retrievals of {@code slots} steps from a memory. */
    public Trace trace(Memory memory, int slots, boolean training) {
        return new Trace(this, memory, slots, training);
    }

    /** A, the floats of a query. */
    public int units() {
        return scores.units();
    }

    /** Takes the weights over. To be called whenever {@code parameters} have changed. */
    public void prepare(float[] parameters) {
        scores.prepare(parameters);
    }

    /** Before the first step of a shard: no memories. */
    public void begin(Trace trace) {
        trace.memory.clear();
        Arrays.fill(trace.previous, 0f);
    }

    /**
     * Offers the states of a step to the memory, where the write policy is for it.
     *
     * @param step from 0
     * @param provisional (R, H) ĥ from {@code pOff}
     * @param h (R, H) from {@code hOff}
     */
    public void write(Trace trace, int step, int rows, float[] provisional, int pOff, float[] h, int hOff) {
        Memory memory = trace.memory;
        if (memory.watchesChange()) {
            for (int r = 0; r < rows; r++) {
                int at = r * hidden;
                kernels.axpy(hidden, -1f, provisional, pOff + at, trace.previous, at);
                trace.change[r] = (float) kernels.sumOfSquares(hidden, trace.previous, at);
            }
            System.arraycopy(provisional, pOff, trace.previous, 0, rows * hidden);
        }
        if (memory.isOffered(step)) {
            int count = memory.offer(step, rows, h, hOff, trace.change);
            if (count > 0) {
                scores.write(trace.keys, memory, count);
            }
        }
    }

    /** Puts a memory that was kept once back into the next slot of a memory of one row. */
    public void put(Trace trace, int step, float worth, float[] h, int hOff) {
        Memory memory = trace.memory;
        memory.put(step, worth, h, hOff);
        scores.write(trace.keys, memory, 1);
    }

    /**
     * The summaries of a step.
     *
     * @param slot where the step stands in the trace
     * @param provisional (R, H) ĥ from {@code pOff}
     * @param queries (R, A) written from {@code qOff}
     * @param s (R, H) written from {@code sOff}
     */
    public void forward(
            Trace trace,
            int slot,
            int rows,
            float[] provisional,
            int pOff,
            float[] queries,
            int qOff,
            float[] s,
            int sOff) {
        Memory memory = trace.memory;
        boolean asked = false;
        for (int r = 0; r < rows; r++) {
            if (memory.size(r) > 0 && !asked) {
                scores.query(rows, provisional, pOff, queries, qOff);
                asked = true;
            }
            int cell = slot * rows + r;
            int at = cell * trace.width;
            int count = memory.size(r) == 0
                    ? 0
                    : selection.choose(
                            trace.room,
                            trace.keys,
                            memory,
                            r,
                            queries,
                            qOff + r * scores.units(),
                            trace.indices,
                            at,
                            trace.top);
            trace.counts[cell] = count;
            if (count > 0) {
                kernels.scale(count, scoreScale, trace.top, 0);
                sparsifier.forward(count, trace.top, epsilon, trace.weights, at);
                trace.normalisers[cell] = sparsifier.normaliser(count, trace.top, epsilon);
            }
            for (int j = at; j < at + count; j++) {
                memory.use(r, trace.indices[j], trace.weights[j]);
                trace.indices[j] = memory.number(r, trace.indices[j]);
                if (trace.steps.length > 0) {
                    trace.steps[j] = memory.step(r, trace.indices[j]);
                }
            }
            sum(trace, cell, r, s, sOff + r * hidden);
        }
    }

    private void sum(Trace trace, int cell, int row, float[] s, int sOff) {
        int at = cell * trace.width;
        kernels.weightedSum(
                trace.counts[cell], trace.indices, at, trace.weights, at, hidden, trace.memory.values[row], 0, s, sOff);
    }

    /**
     * The summaries of a step that has been gone over before, from what was chosen then.
     *
     * @param of how many rows the trace has
     * @param rows which of them
     * @param count how many these are
     * @param provisional (count, H) ĥ from {@code pOff}
     * @param queries (count, A) written from {@code qOff}
     * @param s (count, H) written from {@code sOff}
     */
    public void again(
            Trace trace,
            int slot,
            int of,
            int[] rows,
            int count,
            float[] provisional,
            int pOff,
            float[] queries,
            int qOff,
            float[] s,
            int sOff) {
        scores.query(count, provisional, pOff, queries, qOff);
        for (int i = 0; i < count; i++) {
            sum(trace, slot * of + rows[i], rows[i], s, sOff + i * hidden);
        }
    }

    /** Before the first backward step of a shard. */
    public void beginBackward(Trace trace, int rows) {
        trace.memory.clearGradients(rows);
    }

    /**
     * One step back: credit to the memories that were retrieved, and through the queries to ĥ.
     *
     * @param of how many rows the trace has
     * @param rows which of them
     * @param count how many these are
     * @param step the step's number
     * @param until (count) the last step of each row's block that credit reaches
     * @param hops (count) after how many retrievals credit has reached each; {@link Memory#NO_CREDIT} where it has not
     * @param maxHops after how many it goes no further
     * @param ds (count, H) the gradient of the summaries
     * @param dProvisional (count, H) added to
     * @param queries (count, A) from {@code qOff}, replaced by their gradient
     */
    public void backward(
            Trace trace,
            int slot,
            int of,
            int[] rows,
            int count,
            int step,
            int[] until,
            int[] hops,
            int maxHops,
            float[] ds,
            float[] dProvisional,
            float[] queries,
            int qOff,
            float[] gradients) {
        boolean any = false;
        for (int i = 0; i < count; i++) {
            int cell = slot * of + rows[i];
            if (trace.counts[cell] > 0 && hops[i] != Memory.NO_CREDIT && isAny(ds, i)) {
                any = true;
                boolean passes = hops[i] < maxHops;
                // With maxHops 0 no memory ever passes credit on, so what it gets need not be kept apart.
                boolean apart = !passes && maxHops > 0;
                row(trace, cell, rows[i], i, apart, ds, queries, qOff + i * scores.units(), gradients);
                if (passes && step <= until[i]) {
                    credit(trace, cell, rows[i], hops[i] + 1);
                }
            }
        }
        if (any) {
            scores.backwardQuery(trace.keys, count, queries, qOff, dProvisional, scoreCredit);
        } else {
            Arrays.fill(queries, qOff, qOff + count * scores.units(), 0f);
        }
    }

    /** Whether the summary of a row got a gradient at all; one that is no number counts. */
    private boolean isAny(float[] ds, int row) {
        for (int j = row * hidden; j < (row + 1) * hidden; j++) {
            if (ds[j] != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Leaves the scores' gradients in {@code trace.dScores}.
     *
     * @param apart whether the memories are constants: parameters learn, and the states that they store get nothing
     */
    private void row(
            Trace trace,
            int cell,
            int row,
            int place,
            boolean apart,
            float[] ds,
            float[] queries,
            int qOff,
            float[] gradients) {
        Memory memory = trace.memory;
        int at = cell * trace.width;
        int count = trace.counts[cell];
        for (int j = at; j < at + count; j++) {
            if (memory.touch(row, trace.indices[j])) {
                scores.touch(trace.keys, row, trace.indices[j]);
            }
        }
        kernels.weightedSumBackward(
                count,
                trace.indices,
                at,
                apart ? trace.noWeights : trace.weights,
                apart ? 0 : at,
                hidden,
                memory.values[row],
                0,
                ds,
                place * hidden,
                memory.dValues[row],
                0,
                trace.dWeights,
                0);
        sparsifier.backward(count, trace.weights, at, trace.normalisers[cell], trace.dWeights, trace.dScores);
        kernels.scale(count, scoreScale, trace.dScores, 0);
        scores.backward(
                trace.keys,
                row,
                count,
                trace.indices,
                at,
                trace.dScores,
                queries,
                qOff,
                place,
                apart && scoreCredit,
                gradients);
    }

    private void credit(Trace trace, int cell, int row, int hops) {
        int at = cell * trace.width;
        for (int j = 0; j < trace.counts[cell]; j++) {
            if (trace.weights[at + j] != 0 || (scoreCredit && trace.dScores[j] != 0)) {
                trace.memory.credit(row, trace.indices[at + j], hops);
            }
        }
    }

    /**
     * When the backward pass reaches the step that wrote some memories: their credit enters the states.
     *
     * @param row (count) the memories' rows
     * @param number (count) the memories' numbers
     * @param place (count) where the rows stand among those that are gone back over
     * @param shares (R) of each of the trace's rows, a scored step's share of the loss, 1/n
     * @param dh (rows, H) added to
     */
    public void backwardWrite(
            Trace trace, int count, int[] row, int[] number, int[] place, float[] shares, float[] dh) {
        Memory memory = trace.memory;
        float[] d = trace.dMemory;
        for (int i = 0; i < count; i++) {
            System.arraycopy(memory.dValues[row[i]], number[i] * hidden, d, i * hidden, hidden);
        }
        if (scoreCredit) {
            scores.backwardWrite(trace.keys, memory, count, row, number, d);
        }
        for (int i = 0; i < count; i++) {
            double norm = memoryBound == 0 ? 0 : Math.sqrt(kernels.sumOfSquares(hidden, d, i * hidden));
            // Else credit that goes from memory to memory vanishes into subnormal floats.
            for (int j = i * hidden; j < (i + 1) * hidden; j++) {
                d[j] = Kernels.orZero(d[j], Kernels.LEAST);
            }
            float most = memoryBound * shares[row[i]];
            kernels.axpy(hidden, norm > most ? (float) (most / norm) : 1, d, i * hidden, dh, place[i] * hidden);
        }
    }

    /**
     * The query weights' gradients of {@code count} rows of successive steps.
     *
     * @param queries (count, A) the queries' gradients from {@code qOff}
     * @param provisional (count, H) from {@code pOff}
     */
    public void gradients(
            int count, float[] queries, int qOff, float[] provisional, int pOff, float[] gradients, float[] scratch) {
        scores.queryGradients(count, queries, qOff, provisional, pOff, gradients, scratch);
    }

    /** After the last backward step of a shard: the keys' gradients. */
    public void endBackward(Trace trace, int rows, float[] gradients, float[] scratch) {
        scores.keyGradients(trace.keys, trace.memory, rows, gradients, scratch);
    }
}
