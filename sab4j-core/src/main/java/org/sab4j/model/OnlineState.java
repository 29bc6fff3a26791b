package org.sab4j.model;

import java.util.Arrays;
import java.util.List;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.head.Softmax;
import org.sab4j.memory.Memory;
import org.sab4j.memory.WritePolicy;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;

/**
 * Where one sequence stands that is gone through step by step: state, memories, the last step's outputs. Made by
 * {@link SequenceModel#start}, moved on by {@link SequenceModel#step}.
 *
 * <p>One thread at a time uses a state; a model serves any number of states in any number of threads. A step allocates nothing but
 * where room has to be made for more memories: it is doubled, up to the write policy's bound.
 */
public final class OnlineState {

    final SequenceModel model;
    final WritePolicy policy;
    final int prepared; // how often the model had been when the state began
    Trace trace;
    int steps;

    // A batch of one step, whose arrays take the inputs.
    final int[] symbol = new int[1];
    final float[] vector;
    final Batch symbols;
    final Batch vectors;

    OnlineState(SequenceModel model, WritePolicy policy, Trace trace, int prepared) {
        this.model = model;
        this.policy = policy;
        this.trace = trace;
        this.prepared = prepared;
        int inputs = model.config().inputs();
        vector = new float[inputs];
        Targets none = new Targets.Classes(new int[] {Targets.NONE});
        symbols = new Batch(1, 1, new Inputs.Symbols(symbol, inputs), none);
        vectors = new Batch(1, 1, new Inputs.Vectors(vector, inputs), none);
    }

    /**
     * Another state that stands where this one does, to try something out: each goes its own way from here.
     *
     * @throws IllegalArgumentException if the model has been prepared again since
     */
    public OnlineState copy() {
        try {
            Safetensors tensors = Safetensors.ofMemory(OnlineStates.copied(model, List.of(this)));
            return OnlineStates.restored(model, policy, tensors).getFirst();
        } catch (FormatException e) {
            throw new IllegalStateException(e); // it has just been made
        }
    }

    /** How many steps were made. */
    public int steps() {
        return steps;
    }

    /** How many memories are kept. */
    public int memories() {
        Memory memory = trace.memory;
        return memory == null ? 0 : memory.size(0);
    }

    /**
     * What the last step was reminded of, the largest weight first; at most {@link Reminder#MOST}. Nothing after {@link #copy} or {@link
     * OnlineStates#read} until the next step.
     */
    public List<Reminder> reminders() {
        Retrieval.Trace retrieved = trace.retrieval;
        return retrieved == null ? List.of() : Reminder.of(retrieved.counts[0], retrieved.steps, retrieved.weights, 0);
    }

    /** (O) the outputs of the last step, before any softmax: a copy. */
    public float[] outputs() {
        return Arrays.copyOf(trace.window.y, model.config().outputs());
    }

    /** (O) the outputs of the last step as probabilities: their softmax. */
    public double[] probabilities() {
        return probabilities(1);
    }

    /**
     * (O) the softmax of the outputs over a temperature.
     *
     * @param temperature above 0: below 1 what is likely gets likelier, above 1 less so
     */
    public double[] probabilities(double temperature) {
        return Softmax.of(trace.window.y, 0, model.config().outputs(), temperature);
    }
}
