package org.sab4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.sab4j.batch.Batch;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Initialization;
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

    private static final int PEER_SHORT = 80;
    private static final int PEER_LONG = 180;
    private static final int PEER_ROWS = 32;
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
                others.put(peer.name(), perStep(peer, kTrunc, kAtt, hidden));
            }
        }
        return new MemoryCase(hidden, kTrunc, kAtt, kept, recomputed, others);
    }

    /** By the most memory that a process had in which the peer went forward and backward; NaN where that can't be told. */
    private static double perStep(Peer peer, int kTrunc, int kAtt, int hidden) {
        double few = most(peer, hidden, kTrunc, kAtt, PEER_SHORT);
        double many = most(peer, hidden, kTrunc, kAtt, PEER_LONG);
        return (many - few) / (PEER_LONG - PEER_SHORT) / PEER_ROWS;
    }

    /** In a process of its own, as what is freed in one is not given back. */
    private static double most(Peer peer, int hidden, int kTrunc, int kAtt, int length) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemoryCase.class.getName(), peer.name()));
        for (int number : new int[] {hidden, kTrunc, kAtt, length}) {
            command.add(String.valueOf(number));
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Double.parseDouble(
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** That process: a peer's name, H, k_trunc, k_att, T; prints the bytes. */
    public static void main(String[] args) throws IOException {
        int[] n = Stream.of(args).skip(1).mapToInt(Integer::parseInt).toArray();
        SequenceModel model = new SequenceModel(
                Setting.Kind.MLP.model(n[0], 5, n[2], n[1], Sparsifier.SOFTMAX), KernelProviders.kernels());
        Initialization.PLAIN.apply(model, RandomStream.of(1, "init"));
        Batch batch = new CopyTask(n[3]).batch(PEER_ROWS, RandomStream.of(1, "data"));
        for (Peer peer : Comparisons.peers()) {
            if (peer.name().equals(args[0])) {
                peer.gradients(model, batch);
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println(1024 * Long.parseLong(line.replaceAll("[^0-9]", "")));
            }
        }
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
