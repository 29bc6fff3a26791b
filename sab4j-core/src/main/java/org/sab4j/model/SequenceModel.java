package org.sab4j.model;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.cell.LstmCell;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.head.OutputHead;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;
import org.sab4j.memory.Keep;
import org.sab4j.memory.WritePolicy;
import org.sab4j.replay.Replay;
import org.sab4j.replay.Replayed;
import org.sab4j.replay.Trace;
import org.sab4j.replay.Truncation;
import org.sab4j.replay.Window;
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
 * passes work on shards: some rows of a batch, one thread but for what {@code products} share, one {@link Trace}.
 */
public final class SequenceModel {

    private final ModelConfig config;
    private final Kernels kernels;
    private final Products products;
    private final ParameterLayout layout = new ParameterLayout();
    private final LstmCell cell;
    private final @Nullable Retrieval retrieval;
    private final OutputHead head;
    private final Buffers buffers;
    private final Recurrence recurrence;
    private final Replay replay;
    /** Sequences that are gone through step by step. */
    final Online online;

    private int prepared; // how often
    private final float[] parameters;

    /**
     * A model whose parameters are all zero.
     *
     * @throws ArithmeticException if it has more than 2<sup>31</sup> − 1 parameters, or these take more in the kernels' order
     */
    public SequenceModel(ModelConfig config, Kernels kernels) {
        this(config, kernels, kernels);
    }

    /**
     * A model whose parameters are all zero.
     *
     * @param products what multiplies with the weights: the kernels themselves, or the threads of a team that divide a product, see {@code
     *     ThreadTeam.products}
     * @throws ArithmeticException as above
     */
    public SequenceModel(ModelConfig config, Kernels kernels, Products products) {
        this.config = config;
        this.kernels = kernels;
        this.products = products;
        int size = parameters(config);
        cell = new LstmCell(kernels, products, config.inputs(), config.hidden(), layout);
        retrieval = config.attends() ? retrieval() : null;
        head = new OutputHead(kernels, products, config.hidden(), config.outputs(), config.attends(), layout);
        buffers = new Buffers(config, cell, retrieval);
        recurrence = new Recurrence(kernels, cell, retrieval, head, config.hidden(), config.outputs());
        replay = new Replay(
                cell,
                retrieval,
                head,
                new Truncation(config.kTrunc()),
                config.mentalUpdates() == MentalUpdates.DIRECT,
                config.mostHops(),
                config.hidden(),
                config.outputs());
        online = new Online(this, cell, retrieval, buffers, recurrence);
        layout.seal();
        parameters = new float[size];
        prepare();
    }

    /**
     * How many parameters a model has, without making it.
     *
     * @throws ArithmeticException if they are more than one array holds
     */
    static int parameters(ModelConfig config) {
        double hidden = config.hidden(); // a double: products of three ints
        double cell = 4 * hidden * (hidden + config.inputs() + 1);
        double head = config.outputs() * ((config.attends() ? 2 : 1) * hidden + 1);
        double scores = config.score() == ScoreKind.MLP ? config.attentionHidden() * (2 * hidden + 1) : hidden;
        double all = cell + head + (config.attends() ? scores : 0);
        if (all > Integer.MAX_VALUE) {
            throw new ArithmeticException("A model of " + config.hidden() + " hidden units, " + config.inputs()
                    + " inputs and " + config.outputs()
                    + " outputs has more parameters than one array holds, 2,147,483,647");
        }
        return (int) all;
    }

    /** Another model like this one, whose parameters are all zero. */
    public SequenceModel another() {
        return new SequenceModel(config, kernels, products);
    }

    /**
     * A model of the same parameters, copied, that computes otherwise.
     *
     * @throws IllegalArgumentException if it has other parameters
     */
    public SequenceModel with(ModelConfig other) {
        SequenceModel model = new SequenceModel(other, kernels, products);
        if (!model.layout.views().equals(layout.views())) {
            throw new IllegalArgumentException("The other model has other parameters: " + other);
        }
        System.arraycopy(parameters, 0, model.parameters, 0, parameters.length);
        model.prepare();
        return model;
    }

    private Retrieval retrieval() {
        boolean dense = config.attention() == Attention.DENSE;
        int hidden = config.hidden();
        var scores = switch (config.score()) {
            case MLP -> new MlpScores(kernels, products, hidden, config.attentionHidden(), config.beam(), layout);
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

    /** What it computes with. */
    public Kernels kernels() {
        return kernels;
    }

    /** What it computes. */
    public ModelConfig config() {
        return config;
    }

    /** Where each parameter stands; takes no more. */
    public ParameterLayout layout() {
        return layout;
    }

    /** All parameters; may be written, followed by {@link #prepare()}. */
    public float[] parameters() {
        return parameters;
    }

    /**
     * Takes the parameters over into the forms that the kernels read. Not while a pass is under way. An {@link OnlineState} from before is
     * refused then, as the keys of its memories are of the parameters before: begin again with {@link #start}.
     */
    public void prepare() {
        cell.prepare(parameters);
        if (retrieval != null) {
            retrieval.prepare(parameters);
        }
        head.prepare(parameters);
        prepared++;
    }

    /** How often that was done. */
    int prepared() {
        return prepared;
    }

    /**
     * The buffers for a shard.
     *
     * @param rows the most sequences
     * @param slots the steps kept at a time: all of a sequence for training
     * @param steps the longest sequence, by which the memory is sized
     * @param vectors whether inputs are vectors, not symbols
     * @param training whether a backward pass will follow
     * @throws ArithmeticException if an array of them would have more than 2<sup>31</sup> − 1 numbers; the message says of what
     */
    public Trace trace(int rows, int slots, int steps, boolean vectors, boolean training) {
        return buffers.trace(rows, slots, steps, vectors, training);
    }

    /**
     * The buffers for training on a shard that keep, of the activations, the states at the starts of blocks only: a block's others are
     * computed again when it is replayed. For {@link #pass}.
     *
     * @throws IllegalStateException if the model has no blocks, as credit is never cut
     * @throws ArithmeticException as {@link #trace} does
     */
    public Trace recomputing(int rows, int steps, boolean vectors) {
        return buffers.recomputing(rows, steps, vectors);
    }

    /** A loss for shards of at most that many rows. */
    public Loss loss(int rows) {
        return new Loss(kernels, rows, config.outputs());
    }

    /** Empties state and memory before the first step of {@code rows} sequences. */
    public void begin(Trace trace, int rows) {
        trace.activate(rows);
        Arrays.fill(trace.window.h, 0, rows * config.hidden(), 0f);
        cell.begin(trace.window.cell, rows);
        if (retrieval != null && trace.retrieval != null) {
            retrieval.begin(trace.retrieval);
        }
    }

    /**
     * The room for sequences of T steps to carry over to the next: as many memories as one of them writes. A trace of such sequences
     * must be sized for 2 T steps.
     *
     * @throws IllegalStateException if memories may leave: {@link ModelConfig#keep} is not {@link Keep#ALL}
     */
    public Carried carried(int rows, int steps) {
        if (config.keep() != Keep.ALL) {
            throw new IllegalStateException("Memories are carried over only where all of a sequence's are kept");
        }
        return new Carried(
                rows,
                config.hidden(),
                retrieval == null ? 0 : config.writePolicy().capacity(steps));
    }

    /**
     * Begins where earlier sequences have ended, those of the rows from {@code first} on.
     *
     * @throws IllegalArgumentException if there are no such rows, or they are of another number of units
     */
    public void begin(Trace trace, int rows, Carried carried, int first) {
        carried.check(first, rows, config.hidden());
        begin(trace, rows);
        carried.states(trace, trace.window.cell, first);
        if (retrieval != null && trace.retrieval != null) {
            int count = carried.count();
            for (int i = 0; i < count; i++) {
                // Written before the first step, so that no replay looks for the step that wrote it.
                int step = -1 - (count - 1 - i) * config.kAtt();
                int at = carried.memory(i, first);
                retrieval.write(trace.retrieval, step, rows, carried.memories, at, carried.memories, at);
            }
        }
    }

    /**
     * Leaves what sequences have come to after {@code slots} steps in the window to the next ones.
     *
     * @throws IllegalArgumentException as {@link #begin(Trace, int, Carried, int)}
     */
    public void leave(Trace trace, int slots, Carried carried, int first) {
        carried.check(first, trace.activeRows(), config.hidden());
        carried.take(trace, slots, first);
    }

    /** Moves the state after {@code slots} steps to where the next ones begin. The memory stays. */
    public void carry(Trace trace, int slots) {
        int rows = trace.activeRows();
        float[] h = trace.window.h;
        System.arraycopy(h, slots * rows * config.hidden(), h, 0, rows * config.hidden());
        cell.carry(trace.window.cell, rows, slots);
    }

    /**
     * Steps {@code from} … {@code to} − 1 of some sequences of a batch, in the window's slots from 0.
     *
     * @param firstRow the shard's first sequence in the batch
     * @param everyOutput whether to compute the outputs of steps that are not scored, too
     */
    public void forward(Trace trace, Batch batch, int firstRow, int from, int to, boolean everyOutput) {
        recurrence.forward(trace, batch, firstRow, from, to, everyOutput, SequenceModel::untold);
    }

    private static void untold(int steps) {}

    /** A sequence to be gone through step by step, with the model's own write policy: empty state and memory. */
    public OnlineState start() {
        return start(config.writePolicy());
    }

    /**
     * The same with another policy, such as {@link WritePolicy.Latest} to bound the memory of an endless sequence.
     *
     * @param policy with the model's k_att
     * @throws IllegalArgumentException if it has another
     */
    public OnlineState start(WritePolicy policy) {
        return online.start(policy, 0);
    }

    /** Refuses a policy with another k_att than the model's. */
    public void check(WritePolicy policy) {
        online.check(policy);
    }

    /**
     * One step with a symbol as input. The outputs are those of the batch's forward pass, to float accuracy.
     *
     * @param symbol 0 … I − 1
     * @param state is moved on and returned
     * @throws IllegalArgumentException if there is no such symbol, or the state is another model's, or this one's before {@link
     *     #prepare()}; the state is left as it was
     * @throws ArithmeticException if ĥ is no number, as the weights are too large; the state is left as it was
     * @throws IllegalStateException after 2<sup>31</sup> − 1 steps, or where the memories are more than one array holds
     */
    public OnlineState step(int symbol, OnlineState state) {
        return online.step(symbol, state);
    }

    /**
     * One step with a vector as input.
     *
     * @param vector (I), all of them finite
     * @param state is moved on and returned
     * @throws IllegalArgumentException if there are not I finite numbers, or the state is another model's, or this one's before
     *     {@link #prepare()}; the state is left as it was
     * @throws ArithmeticException if ĥ is no number, as the numbers, or the weights, are too large; the state is left as it was
     * @throws IllegalStateException after 2<sup>31</sup> − 1 steps, or where the memories are more than one array holds
     */
    public OnlineState step(float[] vector, OnlineState state) {
        return online.step(vector, state);
    }

    /**
     * The losses of the steps that {@link #forward} has just gone over, and the gradients of their outputs.
     *
     * @param n the scored steps of the whole batch, {@link Batch#weight}
     * @param reportFrom the first step, from 0, that the task reports on
     */
    public void loss(Loss loss, Trace trace, Batch batch, int from, int to, float n, int reportFrom, LossSums sums) {
        trace.share(1f / n);
        loss(loss, trace.window, batch, from, to, n, reportFrom, sums);
    }

    private void loss(Loss loss, Window window, Batch batch, int from, int to, float n, int reportFrom, LossSums sums) {
        int rows = window.activeRows();
        for (int step = from; step < to; step++) {
            if (window.isScored(window.slot(step))) {
                int at = window.slot(step) * rows * config.outputs();
                loss.step(
                        batch, step, window.sequences, rows, window.y, at, window.dy, at, n, step >= reportFrom, sums);
            }
        }
    }

    /**
     * Adds the loss's gradients to {@code gradients}, after {@link #forward} over a whole sequence and {@link #loss}.
     *
     * @param trace not one that recomputes
     */
    public Replayed backward(Trace trace, int steps, float[] gradients) {
        return replay.backward(
                trace,
                steps,
                gradients,
                (block, first, last) -> {
                    throw new IllegalStateException("Only pass() recomputes");
                },
                SequenceModel::untold);
    }

    /** {@link #pass(Trace, Loss, Batch, int, int, float, int, LossSums, float[], Carried, IntConsumer)}, with nothing carried over. */
    public Replayed pass(
            Trace trace,
            Loss loss,
            Batch batch,
            int firstRow,
            int rows,
            float scored,
            int reportFrom,
            LossSums sums,
            float[] gradients,
            IntConsumer progress) {
        return pass(trace, loss, batch, firstRow, rows, scored, reportFrom, sums, gradients, null, progress);
    }

    /**
     * What training does with a shard: {@link #forward}, {@link #loss} and {@link #backward}, with a trace that recomputes or one that
     * does not, to the same bits.
     *
     * @param scored the scored steps of the whole batch, {@link Batch#weight}
     * @param reportFrom the first step, from 0, that the task reports on
     * @param sums the losses are added to
     * @param gradients added to
     * @param carried where the sequences begin and what they leave; null if each begins with an empty state and memory
     * @param progress is told now and then how many steps have been gone over, of twice those of a sequence
     */
    public Replayed pass(
            Trace trace,
            Loss loss,
            Batch batch,
            int firstRow,
            int rows,
            float scored,
            int reportFrom,
            LossSums sums,
            float[] gradients,
            @Nullable Carried carried,
            IntConsumer progress) {
        int steps = batch.steps();
        if (carried == null) {
            begin(trace, rows);
        } else {
            begin(trace, rows, carried, firstRow);
        }
        for (int from = 0; from < steps; from += trace.slots) {
            int to = Math.min(steps, from + trace.slots);
            recurrence.forward(trace, batch, firstRow, from, to, false, progress);
            trace.keepStart();
            loss(loss, trace, batch, from, to, scored, reportFrom, sums);
            if (to < steps) {
                carry(trace, to - from);
            } else if (carried != null) {
                leave(trace, to - from, carried, firstRow);
            }
        }
        LossSums again = new LossSums();
        return replay.backward(
                trace,
                steps,
                gradients,
                (block, first, last) -> {
                    block.place(first, firstRow);
                    recurrence.again(trace, block, batch, first, last);
                    loss(loss, block, batch, first, last + 1, scored, reportFrom, again);
                },
                first -> progress.accept(2 * steps - first));
    }
}
