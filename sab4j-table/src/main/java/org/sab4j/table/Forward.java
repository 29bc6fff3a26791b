package org.sab4j.table;

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
import org.sab4j.train.ThreadTeam;

/** Takes pieces of sequences through a model, some at a time, a few steps at a time. */
final class Forward {

    private static final int ROWS = 16; // sequences that a thread takes at a time
    private static final int SLOTS = 32; // steps of a trace
    private static final long MOST_FLOATS = 1L << 26; // of a thread's memories and inputs

    private final SequenceModel model;
    private final TableEncoding encoding;
    private final ThreadTeam team;
    private final @Nullable Trace[] traces;
    private int longest; // for which the traces have room
    private int rows;

    Forward(SequenceModel model, TableEncoding encoding, ThreadTeam team) {
        this.model = model;
        this.encoding = encoding;
        this.team = team;
        traces = new Trace[team.threads()];
    }

    /** The outputs of all steps of each piece, (steps, O). */
    List<float[]> outputs(List<Piece> pieces) {
        float[][] found = new float[pieces.size()][];
        makeRoom(pieces.stream().mapToInt(Piece::steps).max().orElse(0));
        // Those of about the same length go together, so that little is padded.
        List<Integer> byLength = IntStream.range(0, pieces.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> pieces.get(i).steps()))
                .toList();
        team.run(Math.ceilDiv(byLength.size(), rows), (worker, shard) -> {
            int first = shard * rows;
            List<Integer> some = byLength.subList(first, Math.min(byLength.size(), first + rows));
            List<float[]> outputs = shard(some.stream().map(pieces::get).toList(), trace(worker));
            for (int r = 0; r < some.size(); r++) {
                found[some.get(r)] = outputs.get(r);
            }
        });
        return List.of(found);
    }

    private void makeRoom(int steps) {
        if (steps > longest) {
            longest = Math.max(steps, (int) Math.min(Integer.MAX_VALUE, 2L * longest));
            long perRow = model.config().memoryFloats(longest) + (long) longest * encoding.inputs();
            rows = (int) Math.clamp(MOST_FLOATS / perRow, 1L, ROWS);
            Arrays.fill(traces, null);
        }
    }

    private Trace trace(int worker) {
        Trace trace = traces[worker];
        if (trace == null) {
            trace = model.trace(rows, Math.min(SLOTS, longest), longest, true, false);
            traces[worker] = trace;
        }
        return trace;
    }

    private List<float[]> shard(List<Piece> pieces, Trace trace) {
        int outputs = model.config().outputs();
        int steps = pieces.stream().mapToInt(Piece::steps).max().orElse(0);
        List<float[]> found = pieces.stream()
                .map(piece -> new float[Math.multiplyExact(piece.steps(), outputs)])
                .toList();
        Batch batch = batch(pieces, steps);
        model.begin(trace, pieces.size());
        for (int from = 0; from < steps; from += trace.slots) {
            int to = Math.min(steps, from + trace.slots);
            model.forward(trace, batch, 0, from, to, true);
            for (int r = 0; r < pieces.size(); r++) {
                for (int step = from; step < Math.min(to, pieces.get(r).steps()); step++) {
                    int at = ((step - from) * pieces.size() + r) * outputs;
                    System.arraycopy(trace.window.y, at, found.get(r), step * outputs, outputs);
                }
            }
            model.carry(trace, to - from);
        }
        return found;
    }

    /** The pieces, with zeros where one has ended. */
    private Batch batch(List<Piece> pieces, int steps) {
        int width = encoding.inputs();
        int cells = Math.multiplyExact(pieces.size(), steps);
        float[] inputs = new float[Math.multiplyExact(cells, width)];
        for (int r = 0; r < pieces.size(); r++) {
            float[] own = pieces.get(r).inputs();
            System.arraycopy(own, 0, inputs, r * steps * width, own.length);
        }
        Targets none = new Targets.Values(new float[cells], new boolean[cells]);
        return new Batch(pieces.size(), steps, new Inputs.Vectors(inputs, width), none);
    }
}
