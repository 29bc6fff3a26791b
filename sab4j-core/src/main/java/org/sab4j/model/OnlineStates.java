package org.sab4j.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.zip.CRC32C;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.memory.Memory;
import org.sab4j.memory.WritePolicy;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;

/**
 * Where sequences stand that are gone through step by step, as tensors: to be kept in a file, and gone on with in another process.
 *
 * <p>{@code model.sum} (1), a check sum of the model's parameters; for S states with M memories in all {@code state.h} and {@code
 * state.c} (S, H), {@code state.y} (S, O), the last outputs, {@code state.steps} (S), and with attention {@code state.previous} (S, H),
 * the last ĥ, or (S, 0) where its change is not watched, {@code memory.counts} (S), {@code memory.values} (M, H), {@code memory.steps} (M), the steps that wrote them, and {@code memory.worth} (M), by
 * which the write policy chooses what leaves. Values that are more than one array holds go on in {@code memory.values.1}, {@code
 * memory.values.2} ….
 */
public final class OnlineStates {

    private static final String SUM = "model.sum";
    /** Parameters that are summed up at a time. */
    private static final int PIECE = 1 << 12;
    /** The most numbers of an array. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    private static final String VALUES = "memory.values";

    private OnlineStates() {}

    /**
     * Copies of all that the next steps depend on.
     *
     * @param states of one model, and of one kind of write policy
     * @throws IllegalArgumentException if they are of several models, or of the model before it was prepared again, or of several kinds
     *     of write policy, or they or their memories are too many for an array
     */
    public static SequencedMap<String, TensorData> tensors(SequenceModel model, List<OnlineState> states) {
        SequencedMap<String, TensorData> tensors = copied(model, states);
        tensors.put(SUM, TensorData.of(new int[] {sum(model)}, 1));
        return tensors;
    }

    /** A check sum of the parameters, by which a model is known again. */
    private static int sum(SequenceModel model) {
        CRC32C sum = new CRC32C();
        float[] parameters = model.parameters();
        ByteBuffer bytes = ByteBuffer.allocate(PIECE * Float.BYTES);
        for (int from = 0; from < parameters.length; from += PIECE) {
            int count = Math.min(PIECE, parameters.length - from);
            bytes.clear().asFloatBuffer().put(parameters, from, count);
            sum.update(bytes.limit(count * Float.BYTES));
        }
        return (int) sum.getValue();
    }

    /** What {@link #tensors} makes, without the model's sum. */
    static SequencedMap<String, TensorData> copied(SequenceModel model, List<OnlineState> states) {
        return copied(model, states, MOST);
    }

    /** The same with the most numbers of a tensor of memories, at least H. */
    static SequencedMap<String, TensorData> copied(SequenceModel model, List<OnlineState> states, int most) {
        int n = states.size();
        int hidden = model.config().hidden();
        int outputs = model.config().outputs();
        float[] h = new float[product(n, hidden)];
        float[] c = new float[h.length];
        float[] y = new float[product(n, outputs)];
        int[] steps = new int[n];
        for (int i = 0; i < n; i++) {
            OnlineState state = states.get(i);
            model.online.checkOwn(state);
            System.arraycopy(state.trace.window.h, 0, h, i * hidden, hidden);
            System.arraycopy(state.trace.window.cell.c, 0, c, i * hidden, hidden);
            System.arraycopy(state.trace.window.y, 0, y, i * outputs, outputs);
            steps[i] = state.steps;
        }
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("state.h", TensorData.of(h, n, hidden));
        tensors.put("state.c", TensorData.of(c, n, hidden));
        tensors.put("state.y", TensorData.of(y, n, outputs));
        tensors.put("state.steps", TensorData.of(steps, n));
        if (model.config().attends()) {
            putMemories(states, hidden, most / hidden, tensors);
        }
        return tensors;
    }

    /** What a memory is worth, and what is watched to tell, are another policy's own. */
    private static void checkPolicy(WritePolicy first, WritePolicy other, int i) {
        if (!other.getClass().equals(first.getClass())) {
            throw new IllegalArgumentException("The states have different write policies, the first " + first
                    + " and number " + (i + 1) + " " + other + ": keep those of each policy in a file of their own");
        }
    }

    private static int product(long a, long b) {
        if (a * b > MOST) {
            throw new IllegalArgumentException("The states are too many to be kept at once: " + a * b + " numbers");
        }
        return (int) (a * b);
    }

    /** Of a piece of the memories' values. */
    private static String name(int piece) {
        return piece == 0 ? VALUES : VALUES + "." + piece;
    }

    /** With {@code room} memories to a tensor. */
    private static void putMemories(
            List<OnlineState> states, int hidden, int room, SequencedMap<String, TensorData> tensors) {
        int n = states.size();
        int[] counts = states.stream().mapToInt(OnlineState::memories).toArray();
        long all = Arrays.stream(counts).asLongStream().sum();
        int[] steps = new int[product(all, 1)];
        float[][] values = new float[Math.max(1, Math.ceilDiv(steps.length, room))][];
        Arrays.setAll(values, piece -> new float[Math.min(room, steps.length - piece * room) * hidden]);
        float[] worth = new float[steps.length];
        int previousSize = n == 0 ? 0 : retrieval(states.getFirst().trace).previous.length;
        float[] previous = new float[product(n, previousSize)];
        int at = 0;
        for (int i = 0; i < n; i++) {
            checkPolicy(states.getFirst().policy, states.get(i).policy, i);
            Trace trace = states.get(i).trace;
            Memory memory = memory(trace);
            for (int slot = 0; slot < counts[i]; slot++) {
                System.arraycopy(memory.values[0], slot * hidden, values[at / room], at % room * hidden, hidden);
                steps[at] = memory.step(0, slot);
                worth[at++] = memory.worth(0, slot);
            }
            System.arraycopy(retrieval(trace).previous, 0, previous, i * previousSize, previousSize);
        }
        tensors.put("state.previous", TensorData.of(previous, n, previousSize));
        tensors.put("memory.counts", TensorData.of(counts, n));
        for (int piece = 0; piece < values.length; piece++) {
            tensors.put(name(piece), TensorData.of(values[piece], values[piece].length / hidden, hidden));
        }
        tensors.put("memory.steps", TensorData.of(steps, at));
        tensors.put("memory.worth", TensorData.of(worth, at));
    }

    /**
     * The states that {@link #tensors} has made of others, with the same bits: their next steps are those that the others would have
     * made.
     *
     * @param policy that of the others, or one with room for as many memories; from one that goes by use or age to one by surprise there
     *     is no way
     * @throws FormatException if the file has no states of such a policy, or those of a model with other parameters; with which settings
     *     of the method these were used is not looked at
     */
    public static List<OnlineState> read(SequenceModel model, WritePolicy policy, Safetensors file)
            throws FormatException {
        if (!file.tensors().containsKey(SUM)) {
            throw new FormatException(
                    file.file(),
                    "does not say which model left it, as earlier versions did not: begin with another file");
        } else if (file.ints(SUM, 1)[0] != sum(model)) {
            throw new FormatException(
                    file.file(),
                    "was left by another model, or by this one before it was trained on: give it that, or another file");
        }
        return restored(model, policy, file);
    }

    /** What {@link #copied} has copied. */
    static List<OnlineState> restored(SequenceModel model, WritePolicy policy, Safetensors file)
            throws FormatException {
        return restored(model, policy, file, MOST);
    }

    /** The same with the most numbers of a tensor of memories. */
    static List<OnlineState> restored(SequenceModel model, WritePolicy policy, Safetensors file, int most)
            throws FormatException {
        int n = file.tensor("state.steps").size();
        int hidden = model.config().hidden();
        int outputs = model.config().outputs();
        float[] h = file.finite("state.h", n, hidden);
        float[] c = file.finite("state.c", n, hidden);
        float[] y = file.finite("state.y", n, outputs);
        int[] steps = file.ints("state.steps", n);
        List<OnlineState> states = new ArrayList<>();
        int[] counts = counts(model, policy, file, n);
        for (int i = 0; i < n; i++) {
            if (steps[i] < 0) {
                throw new FormatException(file.file(), "holds a sequence of " + steps[i] + " steps");
            }
            OnlineState state = model.online.start(policy, counts[i]);
            System.arraycopy(h, i * hidden, state.trace.window.h, 0, hidden);
            System.arraycopy(c, i * hidden, state.trace.window.cell.c, 0, hidden);
            System.arraycopy(y, i * outputs, state.trace.window.y, 0, outputs);
            state.steps = steps[i];
            states.add(state);
        }
        if (model.config().attends()) {
            takeMemories(model, states, counts, file, most / hidden);
        }
        return states;
    }

    /** How many memories each of n states has; refused before there is room for them, if that many are not there. */
    private static int[] counts(SequenceModel model, WritePolicy policy, Safetensors file, int n)
            throws FormatException {
        if (!model.config().attends()) {
            return new int[n];
        }
        int[] counts = file.ints("memory.counts", n);
        long all = 0;
        for (int count : counts) {
            if (count < 0 || (policy.most() > 0 && count > policy.most())) {
                throw new FormatException(
                        file.file(),
                        "holds a sequence with " + count + " memories"
                                + (policy.most() > 0
                                        ? ", where at most " + policy.most() + " are kept: keep as many"
                                        : ""));
            }
            all += count;
        }
        if (all != file.tensor("memory.steps").size()) {
            throw new FormatException(
                    file.file(), "holds " + file.tensor("memory.steps").size() + " memories in place of " + all);
        }
        for (int count : counts) {
            if (count > Integer.MAX_VALUE / policy.kAtt()) { // no sequence has so many steps
                throw new FormatException(
                        file.file(),
                        "holds a sequence with " + count + " memories, one of every " + policy.kAtt()
                                + " states, of which no sequence has so many: begin with another file");
            }
        }
        return counts;
    }

    private static void takeMemories(
            SequenceModel model, List<OnlineState> states, int[] counts, Safetensors file, int room)
            throws FormatException {
        int hidden = model.config().hidden();
        int[] steps = file.ints("memory.steps", Arrays.stream(counts).sum());
        float[][] values = new float[Math.max(1, Math.ceilDiv(steps.length, room))][];
        for (int piece = 0; piece < values.length; piece++) {
            values[piece] = file.finite(name(piece), Math.min(room, steps.length - piece * room), hidden);
        }
        float[] worth = file.finite("memory.worth", steps.length);
        int previousSize = states.isEmpty() ? 0 : retrieval(states.getFirst().trace).previous.length;
        float[] previous = previous(file, states.size(), previousSize);
        int at = 0;
        for (int i = 0; i < states.size(); i++) {
            Trace trace = states.get(i).trace;
            for (int end = at + counts[i]; at < end; at++) {
                model.online.remember(trace, steps[at], worth[at], values[at / room], at % room * hidden);
            }
            System.arraycopy(previous, i * previousSize, retrieval(trace).previous, 0, previousSize);
        }
    }

    /** The last ĥ where its change is watched; of a policy that does not watch it there is none. */
    private static float[] previous(Safetensors file, int n, int size) throws FormatException {
        if (size == 0) {
            return new float[0];
        } else if (n > 0 && file.tensor("state.previous").size() == 0) {
            throw new FormatException(
                    file.file(),
                    "holds sequences that were kept by another write policy, without the change that this one goes by: go on with that policy");
        }
        return file.finite("state.previous", n, size);
    }

    private static Memory memory(Trace trace) {
        return Objects.requireNonNull(trace.memory);
    }

    private static Retrieval.Trace retrieval(Trace trace) {
        return Objects.requireNonNull(trace.retrieval);
    }
}
