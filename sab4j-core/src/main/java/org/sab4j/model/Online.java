package org.sab4j.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.cell.LstmCell;
import org.sab4j.memory.Memory;
import org.sab4j.memory.WritePolicy;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;

/** Takes sequences on step by step, see {@link SequenceModel#start} and {@link SequenceModel#step}. */
final class Online {

    /** Memories that a sequence has room for before more is made. */
    private static final int FIRST_ROOM = 64;

    private final SequenceModel model;
    private final LstmCell cell;
    private final @Nullable Retrieval retrieval;
    private final Buffers buffers;
    private final Recurrence recurrence;

    Online(SequenceModel model, LstmCell cell, @Nullable Retrieval retrieval, Buffers buffers, Recurrence recurrence) {
        this.model = model;
        this.cell = cell;
        this.retrieval = retrieval;
        this.buffers = buffers;
        this.recurrence = recurrence;
    }

    /** Refuses a policy with another k_att than the model's. */
    void check(WritePolicy policy) {
        int kAtt = model.config().kAtt();
        if (policy.kAtt() != kAtt) {
            throw new IllegalArgumentException("The model was made for k_att = " + kAtt + ", not " + policy.kAtt());
        }
    }

    /** An empty state, with room for so many memories from the start. */
    OnlineState start(WritePolicy policy, int memories) {
        check(policy);
        int room = within(policy, Math.max(FIRST_ROOM, memories));
        OnlineState state = new OnlineState(model, policy, buffers.online(policy, room), model.prepared());
        model.begin(state.trace, 1);
        return state;
    }

    /** Of a bounded memory no more than one beyond the bound, with which it counts as one that memories leave. */
    private static int within(WritePolicy policy, int room) {
        return policy.most() == 0 ? room : Math.min(room - 1, policy.most()) + 1;
    }

    /** Refuses the state of another model, and one whose memories' keys were made with parameters that are gone. */
    void checkOwn(OnlineState state) {
        if (state.model != model) {
            throw new IllegalArgumentException("The state belongs to another model");
        } else if (state.prepared != model.prepared()) {
            throw new IllegalArgumentException(
                    "The model has been prepared again since the state began, as after training: start a new one");
        }
    }

    OnlineState step(int symbol, OnlineState state) {
        checkOwn(state);
        cell.checkSymbol(symbol); // before room is made
        state.symbol[0] = symbol;
        return step(state, state.symbols);
    }

    OnlineState step(float[] vector, OnlineState state) {
        checkOwn(state);
        int inputs = model.config().inputs();
        if (vector.length != inputs) {
            throw new IllegalArgumentException(
                    "The input has " + vector.length + " numbers, and the model takes " + inputs);
        }
        for (int i = 0; i < inputs; i++) {
            if (!Float.isFinite(vector[i])) {
                throw new IllegalArgumentException("Input " + i + " is " + vector[i]
                        + ": no step after it would be of any use, so the state stays where it is");
            }
        }
        System.arraycopy(vector, 0, state.vector, 0, inputs);
        return step(state, state.vectors);
    }

    private OnlineState step(OnlineState state, Batch input) {
        if (state.steps == Integer.MAX_VALUE) {
            throw new IllegalStateException("A sequence has at most " + Integer.MAX_VALUE + " steps: start a new one");
        }
        makeRoom(state);
        if (!recurrence.online(state.trace, input, state.steps)) {
            throw new ArithmeticException("The inputs, or the model's weights, are too large: the cell's output is no"
                    + " number, nor would that of any later step be, so the state stays where it is");
        }
        model.carry(state.trace, 1);
        state.steps++;
        return state;
    }

    /** Puts a memory that was kept once back into the next slot of a state's. */
    void remember(Trace trace, int step, float worth, float[] h, int at) {
        if (retrieval != null && trace.retrieval != null) {
            retrieval.put(trace.retrieval, step, worth, h, at);
        }
    }

    /** Twice the room where a memory from which none leaves yet is full. */
    private void makeRoom(OnlineState state) {
        Memory full = state.trace.memory;
        if (retrieval == null || full == null || full.leaves() || full.size(0) < full.capacity) {
            return;
        }
        Trace larger;
        try {
            int room = within(state.policy, Math.multiplyExact(2, full.capacity));
            larger = buffers.online(state.trace.window, state.policy, room);
        } catch (ArithmeticException e) { // sizes are multiplied exactly
            throw new IllegalStateException(
                    "The sequence has " + full.size(0) + " memories, and room for twice as many is more than one array"
                            + " holds: start with a write policy that keeps fewer, such as the latest",
                    e);
        }
        Retrieval.Trace retrieved = Objects.requireNonNull(larger.retrieval);
        retrieval.begin(retrieved);
        for (int i = 0; i < full.size(0); i++) {
            remember(larger, full.step(0, i), full.worth(0, i), full.values[0], i * full.hidden);
        }
        float[] previous = Objects.requireNonNull(state.trace.retrieval).previous;
        System.arraycopy(previous, 0, retrieved.previous, 0, previous.length);
        state.trace = larger;
    }
}
