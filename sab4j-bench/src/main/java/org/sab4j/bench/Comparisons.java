package org.sab4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
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

    /** The large products of other libraries that are there. */
    static List<Yardstick> yardsticks() {
        return ServiceLoader.load(Yardstick.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** Measures a setting. */
    static Report.Comparison of(
            Setting setting,
            List<Peer> peers,
            List<Yardstick> yardsticks,
            Kernels kernels,
            List<KernelRate> rates,
            Rounds rounds) {
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
            int n = setting.threads();
            yardsticks.forEach(
                    yardstick -> contenders.add(new Contest.Contender(yardstick.title(), yardstick.start(n))));
            outcomes = Contest.run(contenders, rounds.rounds(), rounds.seconds(), rounds.warmUp());
        } finally {
            contenders.forEach(contender -> contender.update().close());
        }
        int steps = setting.task().steps();
        int n = setting.threads();
        Arithmetic arithmetic = Arithmetic.of(setting.model(), steps, setting.batch());
        double limit = arithmetic.milliseconds(rate(rates, LIMIT_GEMM, n), rate(rates, KernelCase.MLP_SCORES, n), n);
        double share = limit / outcomes.getFirst().milliseconds().median();
        int updates = outcomes.size() - yardsticks.size();
        Report.Large large =
                yardsticks.isEmpty() ? null : large(yardsticks.getFirst(), arithmetic, outcomes.get(updates));
        return new Report.Comparison(
                setting.name(), n, steps, arithmetic, limit, share, outcomes.subList(0, updates), large);
    }

    private static Report.Large large(Yardstick yardstick, Arithmetic arithmetic, Contest.Outcome outcome) {
        double[] gflops = outcome.rounds().stream()
                .mapToDouble(milliseconds -> yardstick.flops() / milliseconds / 1e6)
                .toArray();
        double work = arithmetic.gemmFlops() / yardstick.flops();
        Spread ratio = outcome.ratio();
        return new Report.Large(
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
