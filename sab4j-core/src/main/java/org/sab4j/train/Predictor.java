package org.sab4j.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Trace;

/**
 * A model's outputs for whole sequences, many at a time on all threads of a team.
 *
 * <p>It takes the model's parameters as they are; of a model that is being trained, those of {@link Trainer#evaluated}. For sequences
 * that go on for ever there is {@link SequenceModel#step(float[], org.sab4j.model.OnlineState)}. One call at a time.
 */
public final class Predictor {

    private static final int ROWS = 16; // sequences that a thread takes at a time
    private static final int SLOTS = 32; // steps of a trace
    private static final long MOST_FLOATS = 1L << 26; // of a thread's memories and inputs

    private final SequenceModel model;
    private final ThreadTeam team;
    private final @Nullable Trace[] traces;
    private int longest; // for which the traces have room
    private boolean vectors; // whether they have room for these, too
    private int rows = ROWS;

    /** Outputs of a model. */
    public Predictor(SequenceModel model, ThreadTeam team) {
        this.model = model;
        this.team = team;
        traces = new Trace[team.threads()];
    }

    /**
     * The outputs of all steps of each sequence, before any {@linkplain org.sab4j.head.Softmax softmax}. The same to the bit for any number
     * of threads, and to float accuracy for any company.
     *
     * @param sequences each of its own length, symbols or vectors of the model's inputs; all of one kind
     * @return for each (T, O), with T its length
     * @throws IllegalArgumentException if an input is none of the model's, or no number
     */
    public List<float[]> outputs(List<? extends Inputs> sequences) {
        int[] steps = new int[sequences.size()];
        Arrays.setAll(steps, i -> steps(sequences, i));
        makeRoom(
                Arrays.stream(steps).max().orElse(0),
                !sequences.isEmpty() && sequences.getFirst() instanceof Inputs.Vectors);
        // Those of about the same length go together, so that little is padded.
        int[] byLength = IntStream.range(0, steps.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> steps[i]))
                .mapToInt(i -> i)
                .toArray();
        float[][] found = new float[steps.length][];
        try {
            team.run(Math.ceilDiv(steps.length, rows), (worker, shard) -> {
                int first = shard * rows;
                int[] some = Arrays.copyOfRange(byLength, first, Math.min(steps.length, first + rows));
                shard(sequences, steps, some, trace(worker), found);
            });
        } catch (RuntimeException | Error e) {
            // Perhaps there was no room for sequences so long; for others there may be.
            longest = 0;
            Arrays.fill(traces, null);
            throw e;
        }
        return List.of(found);
    }

    /** The length of a sequence, all of whose inputs are the model's. */
    private int steps(List<? extends Inputs> sequences, int i) {
        int inputs = model.config().inputs();
        Inputs sequence = sequences.get(i);
        if (sequence.getClass() != sequences.getFirst().getClass()) {
            throw new IllegalArgumentException(
                    "Sequence " + i + " is of another kind than sequence 0: symbols or vectors");
        }
        return switch (sequence) {
            case Inputs.Symbols in -> {
                if (in.size() != inputs) {
                    throw new IllegalArgumentException(
                            "Sequence " + i + ": one of " + in.size() + " symbols, and the model knows " + inputs);
                }
                for (int t = 0; t < in.values().length; t++) {
                    int symbol = in.values()[t];
                    if (symbol < 0 || symbol >= inputs) {
                        throw new IllegalArgumentException("Sequence " + i + ", step " + t + ": symbol " + symbol
                                + " is not one of 0 … " + (inputs - 1));
                    }
                }
                yield in.values().length;
            }
            case Inputs.Vectors in -> {
                int numbers = in.values().length;
                if (in.size() != inputs || numbers % inputs != 0) {
                    throw new IllegalArgumentException("Sequence " + i + ": " + numbers + " numbers in vectors of "
                            + in.size() + ", and the model takes whole vectors of " + inputs);
                }
                for (int j = 0; j < numbers; j++) {
                    if (!Float.isFinite(in.values()[j])) {
                        throw new IllegalArgumentException("Sequence " + i + ", step " + j / inputs + ": input "
                                + j % inputs + " is " + in.values()[j]);
                    }
                }
                yield numbers / inputs;
            }
        };
    }

    private void makeRoom(int steps, boolean needsVectors) {
        if (steps > longest) {
            long twice = 2L * longest; // so that room is seldom made, as long as it is little
            longest = model.config().memoryFloats(steps) > MOST_FLOATS
                    ? steps
                    : Math.max(steps, (int) Math.min(Integer.MAX_VALUE, twice));
        } else if (vectors || !needsVectors) { // where vectors go, symbols do, too
            return;
        }
        vectors |= needsVectors;
        long inputs = vectors ? model.config().inputs() : 1;
        long perRow = model.config().memoryFloats(longest) + longest * inputs;
        rows = (int) Math.clamp(MOST_FLOATS / perRow, 1L, ROWS);
        Arrays.fill(traces, null);
    }

    private Trace trace(int worker) {
        Trace trace = traces[worker];
        if (trace == null) {
            trace = model.trace(rows, Math.clamp(longest, 1, SLOTS), longest, vectors, false);
            traces[worker] = trace;
        }
        return trace;
    }

    /** Some sequences, of which the last is the longest. */
    private void shard(List<? extends Inputs> sequences, int[] steps, int[] some, Trace trace, float[][] found) {
        int outputs = model.config().outputs();
        int most = steps[some[some.length - 1]];
        for (int i : some) {
            found[i] = new float[Math.multiplyExact(steps[i], outputs)];
        }
        Batch batch = batch(sequences, some, most);
        model.begin(trace, some.length);
        for (int from = 0; from < most; from += trace.slots) {
            int to = Math.min(most, from + trace.slots);
            model.forward(trace, batch, 0, from, to, true);
            for (int r = 0; r < some.length; r++) {
                for (int step = from; step < Math.min(to, steps[some[r]]); step++) {
                    int at = ((step - from) * some.length + r) * outputs;
                    System.arraycopy(trace.window.y, at, found[some[r]], step * outputs, outputs);
                }
            }
            model.carry(trace, to - from);
        }
    }

    /** The sequences, with zeros where one has ended. */
    private static Batch batch(List<? extends Inputs> sequences, int[] some, int steps) {
        int cells = Math.multiplyExact(some.length, steps);
        Targets none = new Targets.Values(new float[cells], new boolean[cells]);
        Inputs inputs = switch (sequences.get(some[0])) {
            case Inputs.Symbols in -> {
                int[] symbols = new int[cells];
                for (int r = 0; r < some.length; r++) {
                    int[] own = ((Inputs.Symbols) sequences.get(some[r])).values();
                    System.arraycopy(own, 0, symbols, r * steps, own.length);
                }
                yield new Inputs.Symbols(symbols, in.size());
            }
            case Inputs.Vectors in -> {
                float[] vectors = new float[Math.multiplyExact(cells, in.size())];
                for (int r = 0; r < some.length; r++) {
                    float[] own = ((Inputs.Vectors) sequences.get(some[r])).values();
                    System.arraycopy(own, 0, vectors, r * steps * in.size(), own.length);
                }
                yield new Inputs.Vectors(vectors, in.size());
            }
        };
        return new Batch(some.length, steps, inputs, none);
    }
}
