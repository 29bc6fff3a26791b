package org.sab4j.model;

import org.jspecify.annotations.Nullable;
import org.sab4j.cell.LstmCell;
import org.sab4j.kernels.Kernels;
import org.sab4j.memory.Memory;
import org.sab4j.memory.WritePolicy;
import org.sab4j.replay.Trace;
import org.sab4j.replay.Window;
import org.sab4j.retrieval.Retrieval;

/** Makes the buffers that a model's passes work on. */
final class Buffers {

    private final ModelConfig config;
    private final LstmCell cell;
    private final @Nullable Retrieval retrieval;
    private final WritePolicy writePolicy;

    Buffers(ModelConfig config, LstmCell cell, @Nullable Retrieval retrieval) {
        this.config = config;
        this.cell = cell;
        this.retrieval = retrieval;
        writePolicy = config.writePolicy();
    }

    /** See {@link SequenceModel#trace}. */
    Trace trace(int rows, int slots, int steps, boolean vectors, boolean training) {
        try {
            return made(rows, slots, steps, vectors, training);
        } catch (ArithmeticException | NegativeArraySizeException e) {
            throw tooLarge(
                    rows,
                    slots,
                    steps,
                    "fewer rows or shorter sequences" + (training ? ", or activations that are computed again," : "")
                            + " take less",
                    e);
        }
    }

    private Trace made(int rows, int slots, int steps, boolean vectors, boolean training) {
        Window window = window(rows, slots, cell.trace(rows, slots, vectors, training));
        Retrieval.Trace retrieved = retrieved(rows, writePolicy, steps, slots, training);
        if (!training) {
            return Trace.forward(window, retrieved, config.hidden());
        }
        Window block = null;
        if (rows > 1 && config.kTrunc() > 0 && config.kTrunc() < slots) {
            block = window(rows, config.kTrunc(), cell.beside(window.cell, rows, config.kTrunc()));
        }
        return Trace.whole(window, block, retrieved, config.hidden(), Kernels.SCRATCH);
    }

    /** See {@link SequenceModel#recomputing}. */
    Trace recomputing(int rows, int steps, boolean vectors) {
        if (config.kTrunc() == 0) {
            throw new IllegalStateException("Only blocks can be computed again, and with k_trunc = 0 there are none");
        }
        int slots = Math.min(config.kTrunc(), steps);
        try {
            Window block = window(rows, slots, cell.trace(rows, slots, vectors, true));
            Retrieval.Trace retrieved = retrieved(rows, writePolicy, steps, steps, true);
            return Trace.recomputing(block, retrieved, config.hidden(), steps, Kernels.SCRATCH);
        } catch (ArithmeticException | NegativeArraySizeException e) {
            throw tooLarge(rows, slots, steps, "fewer rows or shorter sequences take less", e);
        }
    }

    /** In place of what says of arrays only that one has too many numbers. */
    private ArithmeticException tooLarge(int rows, int slots, int steps, String remedy, RuntimeException e) {
        String units = config.attends() && config.score() == ScoreKind.MLP
                ? " and " + config.attentionHidden() + " of attention"
                : "";
        ArithmeticException failure =
                new ArithmeticException("A trace of " + rows + " rows and " + slots + " steps, in sequences of "
                        + steps + ", with " + config.hidden() + " hidden units" + units + ", " + config.inputs()
                        + " inputs and " + config.outputs()
                        + " outputs has an array of more than 2,147,483,647 numbers: " + remedy);
        failure.initCause(e);
        return failure;
    }

    /** For one sequence, step by step, with so many memories at the most. */
    Trace online(WritePolicy policy, int room) {
        return online(window(1, 1, cell.trace(1, 1, true, false)), policy, room);
    }

    /** The same with a window that is there. */
    Trace online(Window window, WritePolicy policy, int room) {
        int steps = (int) Math.min(Integer.MAX_VALUE, (long) room * config.kAtt()); // no sequence has more
        Trace trace = Trace.forward(window, retrieved(1, policy, steps, 1, false), config.hidden());
        trace.activate(1);
        return trace;
    }

    private Window window(int rows, int slots, LstmCell.Trace cellTrace) {
        int units = retrieval == null ? -1 : retrieval.units();
        return new Window(rows, slots, config.hidden(), units, config.outputs(), cellTrace);
    }

    /** Of the memories of {@code steps} steps, at {@code slots} of them. */
    private Retrieval.@Nullable Trace retrieved(int rows, WritePolicy policy, int steps, int slots, boolean training) {
        return retrieval == null
                ? null
                : retrieval.trace(new Memory(rows, config.hidden(), policy, steps, training), slots, training);
    }
}
