package org.sab4j.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.cell.LstmCell;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.head.OutputHead;
import org.sab4j.kernels.Kernels;
import org.sab4j.memory.Memory;
import org.sab4j.memory.WritePolicy;
import org.sab4j.replay.Replay;
import org.sab4j.replay.Trace;
import org.sab4j.replay.Truncation;
import org.sab4j.retrieval.MlpScores;
import org.sab4j.retrieval.Retrieval;
import org.sab4j.retrieval.SalienceScores;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.tensor.ParameterLayout;

/**
 * An LSTM with sparse attention to its own past states (Ke et al. 2018, Algorithm 1), or one of its limits: the plain LSTM, the
 * LSTM with full self-attention.
 *
 * <p>The parameters are one array, {@link #parameters()}; call {@link #prepare()} after changing it. Forward and backward
 * passes work on shards: some rows of a batch, one thread, one {@link Trace}.
 */
public final class SequenceModel {

    private final ModelConfig config;
    private final Kernels kernels;
    private final ParameterLayout layout = new ParameterLayout();
    private final WritePolicy writePolicy;
    private final LstmCell cell;
    private final @Nullable Retrieval retrieval;
    private final OutputHead head;
    private final Replay replay;
    private final float[] parameters;

    /** A model whose parameters are all zero. */
    public SequenceModel(ModelConfig config, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        writePolicy = new WritePolicy.EveryKAtt(config.kAtt());
        cell = new LstmCell(kernels, config.inputs(), config.hidden(), layout);
        retrieval = config.attends() ? retrieval() : null;
        head = new OutputHead(kernels, config.hidden(), config.outputs(), config.attends(), layout);
        replay = new Replay(
                cell,
                retrieval,
                head,
                new Truncation(config.kTrunc()),
                config.mentalUpdates(),
                config.hidden(),
                config.outputs());
        parameters = new float[layout.size()];
    }

    private Retrieval retrieval() {
        boolean dense = config.attention() == Attention.DENSE;
        int hidden = config.hidden();
        var scores = switch (config.score()) {
            case MLP -> new MlpScores(kernels, hidden, config.attentionHidden(), layout);
            case SALIENCE -> new SalienceScores(kernels, hidden, layout);
        };
        return new Retrieval(
                kernels,
                scores,
                dense ? Sparsifier.SOFTMAX : config.sparsifier(),
                dense ? Retrieval.ALL : config.kTop(),
                config.epsilon(),
                config.scoreScale(),
                config.scoreCredit(),
                config.memoryBound(),
                hidden);
    }

    /** What it computes. */
    public ModelConfig config() {
        return config;
    }

    /** Where each parameter stands. */
    public ParameterLayout layout() {
        return layout;
    }

    /** All parameters; may be written, followed by {@link #prepare()}. */
    public float[] parameters() {
        return parameters;
    }

    /** Takes the parameters over into the forms that the kernels read. Not while a pass is under way. */
    public void prepare() {
        cell.prepare(parameters);
        if (retrieval != null) {
            retrieval.prepare(parameters);
        }
        head.prepare(parameters);
    }

    /**
     * The buffers for a shard.
     *
     * @param rows the most sequences
     * @param slots the steps kept at a time: all of a sequence for training
     * @param steps the longest sequence, by which the memory is sized
     * @param vectors whether inputs are vectors, not symbols
     * @param training whether a backward pass will follow
     */
    public Trace trace(int rows, int slots, int steps, boolean vectors, boolean training) {
        Memory memory = null;
        Retrieval.Trace retrieved = null;
        if (retrieval != null) {
            memory = new Memory(rows, writePolicy.capacity(steps), config.hidden(), training);
            retrieved = retrieval.trace(memory, slots, training);
        }
        return new Trace(
                rows,
                slots,
                config.hidden(),
                config.outputs(),
                cell.trace(rows, slots, vectors, training),
                memory,
                retrieved,
                training,
                Kernels.SCRATCH);
    }

    /** A loss for shards of at most that many rows. */
    public Loss loss(int rows) {
        return new Loss(kernels, rows, config.outputs());
    }

    /** Empties state and memory before the first step of {@code rows} sequences. */
    public void begin(Trace trace, int rows) {
        trace.activate(rows);
        Arrays.fill(trace.h, 0, rows * config.hidden(), 0f);
        cell.begin(trace.cell, rows);
        if (trace.memory != null) {
            trace.memory.clear();
        }
    }

    /** Moves the state after {@code slots} steps to where the next ones begin. The memory stays. */
    public void carry(Trace trace, int slots) {
        int rows = trace.activeRows();
        System.arraycopy(trace.h, slots * rows * config.hidden(), trace.h, 0, rows * config.hidden());
        cell.carry(trace.cell, rows, slots);
    }

    /**
     * Steps {@code from} … {@code to} − 1 of some sequences of a batch, in the trace's slots from 0.
     *
     * @param firstRow the shard's first sequence in the batch
     * @param everyOutput whether to compute the outputs of steps that are not scored, too
     */
    public void forward(Trace trace, Batch batch, int firstRow, int from, int to, boolean everyOutput) {
        int rows = trace.activeRows();
        for (int step = from; step < to; step++) {
            int slot = step - from;
            cell.forward(trace.cell, slot, rows, batch, step, firstRow, trace.h, trace.provisional);
            int written = state(trace, slot, rows, step);
            boolean scored = scored(batch, firstRow, rows, step);
            trace.mark(slot, scored, written);
            if (scored || everyOutput) {
                int at = slot * rows * config.hidden();
                head.forward(
                        rows,
                        trace.h,
                        at + rows * config.hidden(),
                        trace.s,
                        at,
                        trace.y,
                        slot * rows * config.outputs());
            }
        }
    }

    /** h = ĥ + s, kept where the policy says so; the memory's index or −1. */
    private int state(Trace trace, int slot, int rows, int step) {
        int n = rows * config.hidden();
        int at = slot * n;
        if (retrieval == null || trace.memory == null || trace.retrieval == null) {
            System.arraycopy(trace.provisional, at, trace.h, at + n, n);
            return -1;
        }
        retrieval.forward(trace.retrieval, trace.memory, slot, rows, trace.provisional, trace.s);
        kernels.add(n, trace.provisional, at, trace.s, at, trace.h, at + n);
        if (!writePolicy.writes(step + 1L)) {
            return -1;
        }
        int index = trace.memory.size();
        retrieval.write(trace.retrieval, trace.memory, rows, trace.h, at + n);
        return index;
    }

    private static boolean scored(Batch batch, int firstRow, int rows, int step) {
        for (int r = firstRow; r < firstRow + rows; r++) {
            if (batch.targets().scored(r * batch.steps() + step)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The losses of the steps that {@link #forward} has just gone over, and the gradients of their outputs.
     *
     * @param n the scored steps of the whole batch, {@link Batch#weight}
     * @param reportFrom the first step, from 0, that the task reports on
     */
    public void loss(
            Loss loss,
            Trace trace,
            Batch batch,
            int firstRow,
            int from,
            int to,
            float n,
            int reportFrom,
            LossSums sums) {
        trace.share(1f / n);
        int rows = trace.activeRows();
        for (int step = from; step < to; step++) {
            if (scored(batch, firstRow, rows, step)) {
                int at = (step - from) * rows * config.outputs();
                loss.step(batch, step, firstRow, rows, trace.y, at, trace.dOutputs(), at, n, step >= reportFrom, sums);
            }
        }
    }

    /**
     * Adds the loss's gradients to {@code gradients}, after {@link #forward} over a whole sequence and {@link #loss}.
     *
     * @return how many steps were replayed
     */
    public int backward(Trace trace, int steps, float[] gradients) {
        return replay.backward(trace, steps, gradients);
    }
}
