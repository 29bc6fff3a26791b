package org.sab4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.SequenceModel;

/** Our updates beside the peers'. */
final class Comparisons {

    /** The product whose rate stands for all of an update's. */
    static final KernelCase LIMIT_GEMM = KernelCase.GEMM_64_512_128;

    private Comparisons() {}

    /**
     * How long is measured.
     *
     * @param rounds turns of each contender
     * @param seconds of a turn
     * @param warmUp seconds for each contender before
     */
    record Rounds(int rounds, double seconds, double warmUp) {}

    /** The peers that are there. */
    static List<Peer> peers() {
        return ServiceLoader.load(Peer.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** What the peers are, by their names. */
    static SequencedMap<String, String> names(List<Peer> peers) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        peers.forEach(peer -> names.put(peer.name(), peer.description()));
        return names;
    }

    /** The large product of another library, if there is one. */
    static @Nullable Yardstick yardstick() {
        return ServiceLoader.load(Yardstick.class).findFirst().orElse(null);
    }

    /** Measures a setting. */
    static Report.Comparison of(
            Setting setting,
            List<Peer> peers,
            @Nullable Yardstick yardstick,
            Kernels kernels,
            List<KernelRate> rates,
            Rounds rounds) {
        if (!peers.isEmpty() && peers.stream().noneMatch(peer -> peer.computes(setting.model()))) {
            throw new IllegalArgumentException(
                    "No peer computes such a model: compare with SOFTMAX or RELU, or --no-peers");
        }
        int n = setting.threads();
        SequenceModel initial = setting.initial(kernels);
        List<Contest.Contender> contenders = new ArrayList<>();
        List<Contest.Outcome> outcomes;
        try {
            contenders.add(new Contest.Contender("sab4j", new OurUpdate(setting, kernels)));
            for (Peer peer : peers) {
                if (peer.computes(setting.model())) {
                    contenders.add(new Contest.Contender(peer.name(), peer.start(setting, initial)));
                }
            }
            if (yardstick != null) {
                contenders.add(new Contest.Contender(yardstick.title(), yardstick.start(n)));
            }
            outcomes = Contest.run(contenders, rounds.rounds(), rounds.seconds(), rounds.warmUp());
        } finally {
            contenders.forEach(contender -> contender.update().close());
        }
        int steps = setting.task().steps();
        Arithmetic arithmetic = Arithmetic.of(setting.model(), steps, setting.batch());
        double limit = arithmetic.milliseconds(rate(rates, LIMIT_GEMM, n), rate(rates, KernelCase.MLP_SCORES, n), n);
        double share = limit / outcomes.getFirst().milliseconds().median();
        Report.Reference reference = null;
        if (yardstick != null) {
            reference = reference(yardstick, arithmetic, outcomes.getLast());
            outcomes = outcomes.subList(0, outcomes.size() - 1);
        }
        return new Report.Comparison(setting.name(), n, steps, arithmetic, limit, share, outcomes, reference);
    }

    private static Report.Reference reference(Yardstick yardstick, Arithmetic arithmetic, Contest.Outcome outcome) {
        double[] gflops = outcome.rounds().stream()
                .mapToDouble(milliseconds -> yardstick.flops() / milliseconds / 1e6)
                .toArray();
        double work = arithmetic.gemmFlops() / yardstick.flops();
        Spread ratio = outcome.ratio();
        return new Report.Reference(
                yardstick.title(),
                Spread.of(gflops),
                new Spread(work * ratio.median(), work * ratio.least(), work * ratio.most()));
    }

    /** A kernel's median rate. */
    static double rate(List<KernelRate> rates, KernelCase kernel, int threads) {
        return rates.stream()
                .filter(rate -> rate.title().equals(kernel.title()) && rate.threads() == threads)
                .mapToDouble(rate -> rate.rate().median())
                .findFirst()
                .orElseThrow();
    }
}
