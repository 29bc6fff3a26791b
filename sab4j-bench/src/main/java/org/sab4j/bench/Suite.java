package org.sab4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;
import org.sab4j.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compare all}: every comparison there is, one after the other. */
@Command(
        name = "all",
        description =
                "Measures everything: kernels, parts of an update, updates over T, H, k_top, k_att and threads beside"
                        + " the peers', scoring, replay, memory. Takes about half an hour; --quick gives an idea in two minutes.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false)
final class Suite implements Callable<Integer> {

    /** Beyond, a peer's update takes many seconds. */
    private static final int MOST_WITH_PEERS = 512;

    @Option(names = "--json", paramLabel = "FILE", description = "write everything there; compare page shows it")
    private @Nullable Path json;

    @Option(names = "--rounds", paramLabel = "N", description = "turns of each contender")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "of a turn; it has at least one update")
    private double seconds = 0.5;

    @Option(names = "--warm-up", paramLabel = "S", description = "seconds for each contender before the first round")
    private double warmUp = 4;

    @Option(names = "--threads", paramLabel = "N", description = "the most threads; 1 is measured, too")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--no-peers", description = "measure ours alone")
    private boolean noPeers;

    @Option(names = "--quick", description = "small settings, short turns")
    private boolean quick;

    @Option(names = "--no-large", description = "leave out long sequences and large models")
    private boolean noLarge;

    @Option(names = "--code", paramLabel = "COMMIT", description = "the commit that is measured, for the record")
    private String code = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final PrintStream out = System.out;

    Suite() {}

    @Override
    public Integer call() throws IOException {
        Kernels kernels = KernelProviders.kernels();
        List<Peer> peers = noPeers ? List.of() : Comparisons.peers();
        Yardstick yardstick = noPeers ? null : Comparisons.yardstick();
        Machine machine = Machine.here(kernels);
        Table table = new Table(out);
        table.head(machine, peers);
        List<KernelRate> rates = KernelRate.all(kernels, threadCounts(), kernel -> true, quick ? 0.01 : 0.3);
        table.kernels(rates);
        List<Profile.Slice> slices = slices(kernels, rates);
        table.comparisonHead();
        List<SpeedReport.SettingText> texts = new ArrayList<>();
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (Setting setting : settings()) {
            Report.Comparison comparison = Comparisons.of(
                    setting,
                    setting.model().hidden() > MOST_WITH_PEERS ? List.of() : peers,
                    yardstick,
                    kernels,
                    rates,
                    new Comparisons.Rounds(turns(), turn(), quick ? 0.2 : warmUp));
            texts.add(SpeedReport.SettingText.of(setting));
            comparisons.add(comparison);
            out.println(texts.getLast());
            table.comparison(comparison);
        }
        double gflops = Comparisons.rate(rates, Comparisons.LIMIT_GEMM, 1);
        List<ScoringCase> scoring = IntStream.of(50, 1_000, 2_500, quick ? 3_000 : 10_000, quick ? 4_000 : 100_000)
                .mapToObj(n -> ScoringCase.measure(kernels, n, gflops, turns(), turn()))
                .toList();
        scoring.forEach(out::println);
        List<ReplayCase> replays = List.of(
                ReplayCase.measure(kernels, true, quick ? 256 : 4096, turns()),
                ReplayCase.measure(kernels, false, quick ? 256 : 4096, turns()));
        replays.forEach(out::println);
        List<MemoryCase> memory = List.of(
                MemoryCase.measure(kernels, peers, 128, 5, 2), MemoryCase.measure(kernels, peers, 128, 100, 100));
        memory.forEach(out::println);
        SpeedReport report = new SpeedReport(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                code,
                "compare "
                        + String.join(
                                " ",
                                spec.commandLine().getParent().getParseResult().originalArgs()),
                machine,
                Comparisons.names(peers),
                rates,
                slices,
                texts,
                comparisons,
                scoring,
                replays,
                memory);
        Compare.write(json, report);
        return 0;
    }

    private int turns() {
        return quick ? 2 : rounds;
    }

    private double turn() {
        return quick ? 0.02 : seconds;
    }

    private List<Integer> threadCounts() {
        return threads == 1 ? List.of(1) : List.of(1, threads);
    }

    private List<Profile.Slice> slices(Kernels kernels, List<KernelRate> rates) throws IOException {
        Setting setting = setting(Setting.Kind.MLP, 100, 128, 5, 2, 64, 1);
        try (Update update = new OurUpdate(setting, kernels)) {
            List<Contest.Outcome> outcomes =
                    Contest.run(List.of(new Contest.Contender("sab4j", update)), turns(), turn(), quick ? 0.2 : warmUp);
            double milliseconds = outcomes.getFirst().milliseconds().median();
            double gflops = Comparisons.rate(rates, Comparisons.LIMIT_GEMM, 1);
            List<Profile.Slice> slices = Profile.of(setting, update, quick ? 1 : 20, milliseconds, gflops);
            slices.forEach(out::println);
            return slices;
        }
    }

    /** The main job first, then what differs from it in one number. */
    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        int length = quick ? 20 : 100;
        int batch = quick ? 16 : 64;
        for (int n : threadCounts()) {
            for (Setting.Kind kind : Setting.Kind.values()) {
                settings.add(setting(kind, length, 128, 5, 2, batch, n));
            }
        }
        if (!quick) {
            settings.add(setting(Setting.Kind.MLP, 100, 128, 20, 2, 64, 1));
            settings.add(setting(Setting.Kind.MLP, 100, 128, 5, 10, 64, 1));
        }
        if (!quick && !noLarge) {
            settings.add(setting(Setting.Kind.MLP, 400, 128, 5, 2, 64, 1));
            settings.add(setting(Setting.Kind.MLP, 100, 512, 5, 2, 32, 1));
            for (int n : threadCounts()) {
                settings.add(setting(Setting.Kind.MLP, 100, 1000, 5, 10, 32, n));
            }
        }
        return settings;
    }

    private static Setting setting(Setting.Kind kind, int length, int hidden, int kTop, int kAtt, int batch, int n) {
        return new Setting(
                kind.toString(),
                new CopyTask(length),
                batch,
                kind.model(hidden, kTop, kAtt, 5, Sparsifier.SOFTMAX),
                TrainConfig.shardRows(hidden, batch, n),
                n,
                1);
    }
}
