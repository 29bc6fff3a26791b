package org.sab4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;

/**
 * The bytes that a step of a sequence takes while it waits for the backward pass: the difference between sequences of two lengths.
 *
 * @param hidden H
 * @param kTrunc k_trunc
 * @param kAtt k_att
 * @param kept with all activations
 * @param recomputed with the states at the blocks' starts only
 * @param peers what the peers' processes take
 */
public record MemoryCase(
        int hidden, int kTrunc, int kAtt, double kept, double recomputed, SequencedMap<String, Double> peers) {

    private static final int PEER_SHORT = 200;
    private static final int PEER_LONG = 600;
    private static final int PEER_ROWS = 64;
    private static final int SHORT = 20_000;
    private static final int LONG = 40_000;

    /** For a sequence of symbols, scored at every step, as in the copy task; k_top 5. Memories are counted in. */
    static MemoryCase measure(Kernels kernels, List<Peer> peers, int hidden, int kTrunc, int kAtt) {
        SequenceModel model =
                new SequenceModel(Setting.Kind.MLP.model(hidden, 5, kAtt, kTrunc, Sparsifier.SOFTMAX), kernels);
        double kept = perStep(model, false);
        double recomputed = perStep(model, true);
        SequencedMap<String, Double> others = new LinkedHashMap<>();
        for (Peer peer : peers) {
            if (peer.computes(model.config())) {
                others.put(peer.name(), perStep(peer, model));
            }
        }
        return new MemoryCase(hidden, kTrunc, kAtt, kept, recomputed, others);
    }

    /** By the most memory that the process had while the peer went forward and backward; NaN where the system does not tell. */
    private static double perStep(Peer peer, SequenceModel model) {
        try {
            most(peer, model, PEER_SHORT);
            double few = most(peer, model, PEER_SHORT);
            double many = most(peer, model, PEER_LONG);
            return (many - few) / (PEER_LONG - PEER_SHORT) / PEER_ROWS;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double most(Peer peer, SequenceModel model, int length) throws IOException {
        Batch batch = new CopyTask(length).batch(PEER_ROWS, RandomStream.of(1, "data"));
        Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak is counted anew
        double before = status("VmRSS");
        peer.gradients(model, batch);
        return status("VmHWM") - before;
    }

    private static double status(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(key + ":")) {
                return 1024 * Double.parseDouble(line.replaceAll("[^0-9]", ""));
            }
        }
        return Double.NaN;
    }

    private static double perStep(SequenceModel model, boolean recompute) {
        return (double) (bytes(model, LONG, recompute) - bytes(model, SHORT, recompute)) / (LONG - SHORT);
    }

    /** What a trace for one sequence allocates. */
    private static long bytes(SequenceModel model, int steps, boolean recompute) {
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = bean.getCurrentThreadAllocatedBytes();
        Object trace = recompute ? model.recomputing(1, steps, false) : model.trace(1, steps, steps, false, true);
        try {
            return bean.getCurrentThreadAllocatedBytes() - before;
        } finally {
            Reference.reachabilityFence(trace); // so that it is not optimised away
        }
    }
}
