package org.sab4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;
import org.sab4j.train.TrainConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Measures our updates and the peers' by turns, prints a table and writes JSON. */
@Command(
        name = "compare",
        description = "Measures one update of the copy task: ours, the peers', and what the arithmetic allows.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        subcommands = {Suite.class, SpeedPage.class, SearchCommand.class},
        sortOptions = false)
public final class Compare implements Callable<Integer> {

    @Option(names = "--model", split = ",", paramLabel = "MODEL", description = "${COMPLETION-CANDIDATES}")
    private List<Setting.Kind> models = List.of(Setting.Kind.values());

    @Option(names = "--threads", split = ",", paramLabel = "N", description = "for all contenders alike")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--length", paramLabel = "T", description = "of the copy task, which has T + 20 steps")
    private int length = 100;

    @Option(names = "--batch", paramLabel = "B", description = "sequences an update")
    private int batch = 64;

    @Option(names = "--hidden", paramLabel = "H", description = "units of the LSTM, and of the scores")
    private int hidden = 128;

    @Option(names = "--k-top", paramLabel = "K", description = "the most memories that a step is reminded of")
    private int kTop = 5;

    @Option(names = "--k-att", paramLabel = "K", description = "every K-th state is kept as a memory")
    private int kAtt = 2;

    @Option(names = "--k-trunc", paramLabel = "K", description = "steps between cuts; LSTM has none")
    private int kTrunc = 5;

    @Option(names = "--sparsifier", paramLabel = "FORM", description = "${COMPLETION-CANDIDATES}")
    private Sparsifier sparsifier = Sparsifier.SOFTMAX;

    @Option(
            names = "--shard-rows",
            paramLabel = "R",
            description = "rows of a shard, ours; unless given, as many as training has on so many threads")
    private @Nullable Integer shardRows;

    @Option(names = "--rounds", paramLabel = "N", description = "turns of each contender")
    private int rounds = 7;

    @Option(names = "--seconds", paramLabel = "S", description = "of a turn; it has at least one update")
    private double seconds = 0.5;

    @Option(names = "--warm-up", paramLabel = "S", description = "seconds for each contender before the first round")
    private double warmUp = 4;

    @Option(names = "--seed", paramLabel = "N", description = "of parameters and data")
    private long seed = 1;

    @Option(names = "--no-kernels", description = "leave out the kernels that the limit doesn't need")
    private boolean fewKernels;

    @Option(names = "--no-peers", description = "measure ours alone")
    private boolean noPeers;

    @Option(names = "--json", paramLabel = "FILE", description = "write everything there, too")
    private @Nullable Path json;

    @Option(
            names = "--check",
            paramLabel = "DIR",
            description =
                    "measure nothing, but compare the peers' losses and gradients with the gold files of a folder")
    private @Nullable Path check;

    private final PrintStream out = System.out;

    private Compare() {}

    /** Runs it; ends the process with 0, or 1 where a peer computes something else than we do. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs it and returns what {@link #main} would end with. */
    static int run(String... args) {
        return new CommandLine(new Compare())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Compare::explain)
                .execute(args);
    }

    /** What the user can do something about is told in a sentence; the rest with its stack. */
    private static int explain(Exception thrown, CommandLine command, CommandLine.ParseResult result) throws Exception {
        String sentence = switch (thrown) {
            case NoSuchFileException e -> "There is no " + e.getMessage();
            case IOException e -> e.getMessage();
            case IllegalArgumentException e -> e.getMessage();
            default -> throw thrown;
        };
        command.getErr().println("compare: " + sentence);
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public Integer call() throws IOException {
        List<Peer> peers = noPeers ? List.of() : Comparisons.peers();
        Kernels kernels = KernelProviders.kernels();
        if (check != null) {
            boolean good = !peers.isEmpty();
            for (Peer peer : peers) {
                good &= new GoldCheck(out).check(peer, check, kernels);
            }
            return good ? 0 : 1;
        }
        return measure(peers, kernels);
    }

    private int measure(List<Peer> peers, Kernels kernels) {
        Machine machine = Machine.here(kernels);
        Table table = new Table(out);
        table.head(machine, peers);
        List<KernelRate> rates = KernelRate.all(
                kernels,
                threads,
                kernel -> !fewKernels || kernel == Comparisons.LIMIT_GEMM || kernel == KernelCase.MLP_SCORES,
                Math.min(0.3, seconds));
        table.kernels(rates);
        table.comparisonHead();
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (Setting.Kind kind : models) {
            for (int n : threads) {
                Report.Comparison comparison = comparison(kind, n, peers, kernels, rates);
                comparisons.add(comparison);
                table.comparison(comparison);
            }
        }
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        write(json, new Report(now, machine, Comparisons.names(peers), options(), rates, comparisons));
        return equal(comparisons) ? 0 : 1;
    }

    private Report.Comparison comparison(
            Setting.Kind kind, int n, List<Peer> peers, Kernels kernels, List<KernelRate> rates) {
        Setting setting = new Setting(
                kind.toString(),
                new CopyTask(length),
                batch,
                kind.model(hidden, kTop, kAtt, kTrunc, sparsifier),
                shardRows == null ? TrainConfig.shardRows(hidden, batch, n) : shardRows,
                n,
                seed);
        return Comparisons.of(
                setting,
                peers,
                noPeers ? null : Comparisons.yardstick(),
                kernels,
                rates,
                new Comparisons.Rounds(rounds, seconds, warmUp));
    }

    private static boolean equal(List<Report.Comparison> comparisons) {
        for (Report.Comparison comparison : comparisons) {
            for (Contest.Outcome outcome : comparison.outcomes()) {
                if (!(Table.difference(outcome, comparison.outcomes().getFirst()) < Table.EQUAL)) {
                    return false;
                }
            }
        }
        return true;
    }

    private SequencedMap<String, Object> options() {
        SequencedMap<String, Object> options = new LinkedHashMap<>();
        options.put("length", length);
        options.put("batch", batch);
        options.put("hidden", hidden);
        options.put("kTop", kTop);
        options.put("kAtt", kAtt);
        options.put("kTrunc", kTrunc);
        options.put("sparsifier", sparsifier);
        options.put("shardRows", shardRows == null ? "as in training" : shardRows);
        options.put("rounds", rounds);
        options.put("seconds", seconds);
        options.put("warmUp", warmUp);
        options.put("seed", seed);
        return options;
    }

    /** Writes results where they are wanted. */
    static void write(@Nullable Path json, Object results) {
        if (json != null) {
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValue(json, results);
        }
    }
}
