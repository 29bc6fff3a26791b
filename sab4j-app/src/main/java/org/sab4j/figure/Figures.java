package org.sab4j.figure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sab4j.report.AttentionHistory.Snapshot;
import org.sab4j.report.RunView;
import org.sab4j.report.Thinned;
import org.sab4j.run.RunException;

/** The charts of a report as figures: each measure and the gradient norm over updates, and the attention of the first run. */
public final class Figures {

    private Figures() {}

    /** Writes them in a folder, which is made, and returns their names without {@code .svg} and {@code .png}. */
    public static List<String> write(Path folder, List<RunView> runs) throws RunException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw RunException.notMade(folder, e);
        }
        List<String> written = new ArrayList<>();
        line(
                folder,
                "training-loss",
                "loss of training batches",
                true,
                curves(runs, run -> run.history().loss()),
                written);
        line(
                folder,
                "gradient-norm",
                "gradient norm",
                true,
                curves(runs, run -> run.history().gradientNorm()),
                written);
        Set<String> measures = new LinkedHashSet<>();
        runs.forEach(run -> measures.addAll(run.history().evaluations().keySet()));
        for (String measure : measures) {
            boolean logarithmic = measure.equals("loss") || measure.equals("mse");
            String axis = measure.equals("accuracy") ? "accuracy, %" : measure + ", evaluation";
            line(
                    folder,
                    name(measure),
                    axis,
                    logarithmic,
                    curves(runs, run -> run.history().evaluations().get(measure)),
                    written);
        }
        attention(folder, runs.getFirst(), written);
        return written;
    }

    /** A measure's name comes from a file, and becomes a file's. */
    private static String name(String measure) {
        return measure.replaceAll("[^A-Za-z0-9]", "_");
    }

    private static void line(
            Path folder, String name, String y, boolean logarithmic, List<Curve> curves, List<String> written)
            throws RunException {
        boolean percent = y.endsWith("%");
        List<Curve> shown = curves.stream()
                .filter(curve -> curve.y().stream().anyMatch(v -> !logarithmic || v > 0))
                .map(curve -> percent ? scaled(curve) : curve)
                .toList();
        if (!shown.isEmpty()) {
            new LineChart("updates", y, logarithmic, shown).write(folder, name);
            written.add(name);
        }
    }

    private static Curve scaled(Curve curve) {
        return new Curve(
                curve.name(), curve.x(), curve.y().stream().map(v -> 100 * v).toList());
    }

    private static List<Curve> curves(List<RunView> runs, Function<RunView, @Nullable Thinned> series) {
        List<Curve> curves = new ArrayList<>();
        for (RunView run : runs) {
            Thinned thinned = series.apply(run);
            if (thinned != null && thinned.count() > 0) {
                Thinned.Columns columns = thinned.columns();
                int n = columns.values().length;
                curves.add(new Curve(
                        run.name(),
                        IntStream.range(0, n)
                                .mapToObj(i -> (double) columns.updates()[i])
                                .toList(),
                        IntStream.range(0, n)
                                .mapToObj(i -> (double) columns.values()[i])
                                .toList()));
            }
        }
        return curves;
    }

    /** Early, in the middle, late; fewer where there are fewer. */
    private static void attention(Path folder, RunView run, List<String> written) throws RunException {
        List<Snapshot> all = run.attention().snapshots();
        if (all.isEmpty()) {
            return;
        }
        heat(folder, "attention-early", all.getFirst(), written);
        if (all.size() > 2) {
            heat(folder, "attention-middle", all.get(all.size() / 2), written);
        }
        if (all.size() > 1) {
            heat(folder, "attention-late", all.getLast(), written);
        }
    }

    private static void heat(Path folder, String name, Snapshot snapshot, List<String> written) throws RunException {
        heat(snapshot).write(folder, name);
        written.add(name);
    }

    private static HeatChart heat(Snapshot snapshot) {
        int rows = snapshot.weights().size();
        int columns = snapshot.weights().getFirst().size();
        return new HeatChart(
                "step that was retrieved",
                "step, update " + snapshot.update(),
                steps(columns, snapshot.steps(), 1),
                steps(rows, snapshot.steps() - snapshot.from() + 1, snapshot.from()),
                snapshot.weights());
    }

    /** The last step of each bin. */
    private static List<String> steps(int bins, long count, long first) {
        return IntStream.range(0, bins)
                .mapToObj(bin -> String.valueOf(Math.ceilDiv((bin + 1L) * count, bins) - 1 + first))
                .toList();
    }
}
