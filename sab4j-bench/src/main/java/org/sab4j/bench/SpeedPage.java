package org.sab4j.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code compare page}: what {@link Suite} has written, as a page of the documentation. */
@Command(
        name = "page",
        description = "Makes a page of what `compare all --json FILE` has written.",
        mixinStandardHelpOptions = true)
final class SpeedPage implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "the JSON file")
    private Path json = Path.of("");

    @Option(names = "--out", paramLabel = "PAGE", description = "where to; otherwise to standard output")
    private @Nullable Path page;

    SpeedPage() {}

    @Override
    public Integer call() throws IOException {
        String text = text(JsonMapper.shared().readValue(Files.readString(json), SpeedReport.class));
        if (page == null) {
            System.out.print(text);
        } else {
            Files.writeString(page, text);
        }
        return 0;
    }

    /** The page. */
    static String text(SpeedReport report) throws IOException {
        Lines lines = new Lines();
        head(report, lines);
        updates(report, lines);
        slices(report, lines);
        kernels(report, lines);
        scoring(report, lines);
        replays(report, lines);
        memory(report, lines);
        try (InputStream in = Objects.requireNonNull(SpeedPage.class.getResourceAsStream("speed-notes.md"))) {
            lines.add("").add(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
        return lines.text();
    }

    /** Lines of a page. */
    private static final class Lines {
        private final StringBuilder text = new StringBuilder();

        @SuppressWarnings("AnnotateFormatMethod") // for the sake of one more dependency
        Lines add(String format, Object... values) {
            text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                    .append('\n');
            return this;
        }

        String text() {
            return text.toString();
        }
    }

    private static void head(SpeedReport report, Lines lines) {
        Machine m = report.machine();
        lines.add("# How fast it is").add("");
        lines.add(
                        "This page is made by a command from what another has measured, whose first build downloads libtorch, 110 MB:")
                .add("");
        lines.add("    sab4j-bench/compare all --json docs/speed.json");
        lines.add("    sab4j-bench/compare page docs/speed.json --out docs/speed.md")
                .add("");
        lines.add(
                "Measured %s%s with `%s` on %s, %d cores, %s, kernels: %s; load %.1f when it began.",
                report.when().substring(0, 10),
                report.version().isEmpty() ? "" : " at commit `" + report.version() + "`",
                report.command(),
                m.cpu(),
                m.cores(),
                m.java(),
                m.kernels(),
                m.load());
        lines.add(
                "Where the load is above 0, other work ran beside: ratios, which are of turns A B A B, then mean more than times.");
        lines.add("");
        report.peers().forEach((name, what) -> lines.add("- `%s`: %s", name, what));
        if (!report.peers().isEmpty()) {
            lines.add("")
                    .add(
                            "`eager` is the method written tensor by tensor with autograd, memories in lists that are stacked at each");
            lines.add(
                    "step; `appended` the same with tensors that grow; `fused` libtorch's own LSTM, for the model without attention.");
            lines.add(
                    "`compare --check` holds each peer's loss and gradients against the gold tensors of the test suite, but those of `options/`.");
        }
    }

    private static void updates(SpeedReport report, Lines lines) {
        lines.add("").add("## Whole updates").add("");
        lines.add(
                "An update is a batch of the copy task, forward, backward, clipping, Adam; a softmax over the k_top largest scores with credit through them, k_trunc 5,");
        lines.add("shards of 8 rows, above H = 128 of 16, at H = 1,000 of 32. Milliseconds,");
        lines.add(
                "medians, and how many times as long the peers take. `limit`: the update's matrix products at the rate that the same");
        lines.add(
                "machine reaches in one that fits a core's cache, 64×512×128, and the scores at that of their kernel. `of OpenBLAS`: the rate");
        lines.add(
                "at which the update does the operations of its products, in its whole time, as a share of that of a large product of another");
        lines.add("library, by turns on as many threads%s.", references(report)).add("");
        lines.add("| model | T | B | H | k_top | k_att | threads | sab4j | limit | reached | of OpenBLAS | peers |");
        lines.add("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int i = 0; i < report.comparisons().size(); i++) {
            SpeedReport.SettingText s = report.settings().get(i);
            Report.Comparison c = report.comparisons().get(i);
            StringBuilder peers = new StringBuilder();
            for (Contest.Outcome o : c.outcomes().subList(1, c.outcomes().size())) {
                peers.append(peers.isEmpty() ? "" : ", ")
                        .append(String.format(
                                Locale.ROOT,
                                "`%s` %.0f (%.1f×)",
                                o.name(),
                                o.milliseconds().median(),
                                o.ratio().median()));
            }
            lines.add(
                    "| `%s` | %d | %d | %d | %d | %d | %d | %.1f | %.1f | %.0f %% | %s | %s |",
                    s.model(),
                    s.length(),
                    s.batch(),
                    s.hidden(),
                    s.kTop(),
                    s.kAtt(),
                    s.threads(),
                    c.outcomes().getFirst().milliseconds().median(),
                    c.limit(),
                    100 * c.share(),
                    c.reference() == null
                            ? "–"
                            : String.format(
                                    Locale.ROOT,
                                    "%.0f %%",
                                    100 * c.reference().share().median()),
                    peers);
        }
    }

    /** Which product that is, and how fast it was on how many threads. */
    private static String references(SpeedReport report) {
        SequencedMap<Integer, List<Report.Reference>> all = new LinkedHashMap<>();
        for (Report.Comparison c : report.comparisons()) {
            if (c.reference() != null) {
                all.computeIfAbsent(c.threads(), _ -> new ArrayList<>()).add(c.reference());
            }
        }
        if (all.isEmpty()) {
            return "";
        }
        List<String> rates = new ArrayList<>();
        all.forEach((threads, references) -> {
            DoubleSummaryStatistics gflops = references.stream()
                    .mapToDouble(reference -> reference.gflops().median())
                    .summaryStatistics();
            rates.add(String.format(
                    Locale.ROOT, "%.0f to %.0f GFLOP/s on %d", gflops.getMin(), gflops.getMax(), threads));
        });
        String title = all.firstEntry().getValue().getFirst().title();
        return " (" + title + ": " + String.join(", ", rates) + ")";
    }

    private static void slices(SpeedReport report, Lines lines) {
        lines.add("").add("## Where the time of an update goes").add("");
        lines.add(
                        "The first setting, one thread, by samples of the stack: shares of the time in the first table. `limit` as above; parts without matrix products have none.")
                .add("");
        lines.add("| part | share | ms | limit | reached |").add("|---|---|---|---|---|");
        double update = sampled(report);
        for (Profile.Slice s : report.slices()) {
            double milliseconds = s.share() * update;
            String limit = s.gflop() == 0
                    ? " | "
                    : String.format(Locale.ROOT, "%.1f | %.0f %%", s.limit(), 100 * s.limit() / milliseconds);
            lines.add("| %s | %.1f %% | %.1f | %s |", s.part(), 100 * s.share(), milliseconds, limit);
        }
    }

    /** An update's time in the first table, since the sampled ones are of another moment and load; theirs where that has another setting. */
    private static double sampled(SpeedReport report) {
        SpeedReport.SettingText first = report.settings().getFirst();
        return first.length() == 100 && first.batch() == 64
                ? report.comparisons()
                        .getFirst()
                        .outcomes()
                        .getFirst()
                        .milliseconds()
                        .median()
                : report.slices().stream()
                        .mapToDouble(Profile.Slice::milliseconds)
                        .sum();
    }

    private static void kernels(SpeedReport report, Lines lines) {
        lines.add("").add("## Kernels").add("");
        lines.add("| kernel | threads | median | least | most |").add("|---|---|---|---|---|");
        for (KernelRate k : report.kernels()) {
            Spread r = k.rate();
            lines.add(
                    "| %s | %d | %s %s | %s | %s |",
                    k.title(), k.threads(), number(r.median()), k.unit(), number(r.least()), number(r.most()));
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.0f", value);
    }

    private static void scoring(SpeedReport report, Lines lines) {
        lines.add("").add("## Scoring many memories").add("");
        lines.add(
                "One query against N memories of 128 units: the part of the forward pass that grows with the square of the length; at T = 5,000");
        lines.add(
                "and k_att 2 the last steps score 2,500. `reading` is what it takes to read the keys and do next to nothing with them,");
        lines.add(
                "`operations` what an element's 5.75 vector operations (four elements have 22 and one division) take at the rate at which the");
        lines.add("product 64×512×128 does its multiply-adds. The larger of the two is the limit.")
                .add("");
        lines.add("| N | scores, ns an element | reading | operations | of the limit | choosing five, ns a memory |")
                .add("|---|---|---|---|---|---|");
        for (ScoringCase s : report.scoring()) {
            double median = s.nanoseconds().median();
            lines.add(
                    "| %,d | %.3f | %.3f | %.3f | %.0f %% | %.2f |",
                    s.memories(), median, s.memory(), s.arithmetic(), 100 * s.limit() / median, s.selection());
        }
    }

    private static void replays(SpeedReport report, Lines lines) {
        lines.add("").add("## What a replay costs").add("");
        lines.add(
                "16 sequences of the adding task, loss at the last step; H 128, k_trunc 16, k_att 16, k_top 2. `concentrated`: all steps");
        lines.add(
                        "are reminded of the same memories; `scattered`: of ever others. `full`: the same replay, made to sweep over everything.")
                .add("");
        lines.add(
                "| retrieval | T | blocks | rows | forward, ms | replay, ms | of forward | full, ms | recomputing, ms |");
        lines.add("|---|---|---|---|---|---|---|---|---|");
        for (ReplayCase r : report.replays()) {
            lines.add(
                    "| %s | %,d | %d of %d | %d of %d | %.1f | %.1f | %.1f %% | %.1f | %.1f |",
                    r.retrieval(),
                    r.steps(),
                    r.replayed().blocks(),
                    r.replayed().allBlocks(),
                    r.replayed().rows(),
                    r.replayed().allRows(),
                    r.forward().median(),
                    r.sparse().median(),
                    100 * r.sparse().median() / r.forward().median(),
                    r.full().median(),
                    r.recomputed().median());
        }
    }

    private static void memory(SpeedReport report, Lines lines) {
        lines.add("").add("## Bytes a step").add("");
        lines.add(
                        "What a step of one sequence takes while it waits for the backward pass; copy task, k_top 5. Memories are counted in. Peers: by their process's peak at T = 80 and 180.")
                .add("");
        lines.add("| H | k_trunc | k_att | kept | `--recompute` | peers |").add("|---|---|---|---|---|---|");
        for (MemoryCase m : report.memory()) {
            StringBuilder peers = new StringBuilder();
            m.peers()
                    .forEach((name, bytes) -> peers.append(peers.isEmpty() ? "" : ", ")
                            .append(String.format(Locale.ROOT, "`%s` %,.0f", name, bytes)));
            lines.add(
                    "| %d | %d | %d | %,.0f | %,.0f | %s |",
                    m.hidden(), m.kTrunc(), m.kAtt(), m.kept(), m.recomputed(), peers);
        }
    }
}
