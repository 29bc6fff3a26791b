package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.replay.Trace;
import org.sab4j.tensor.ParameterLayout.View;

/**
 * Every output and every gradient against gold tensors, of the method and of its options, with each kernel provider and with the batch
 * in one shard or several.
 *
 * <p>{@code -Dsab4j.gold=DIR} adds the files of a further folder, from the module's or from the project's.
 */
class SequenceModelGoldTest {

    private static final double OUTPUT_TOLERANCE = 1e-4;
    private static final double GRADIENT_TOLERANCE = 1e-3; // of the gradient's largest entry
    private static final double LEAST_TOLERANCE = 1e-6;

    static Stream<Arguments> cases() throws IOException, URISyntaxException {
        Path own = Path.of(Objects.requireNonNull(SequenceModelGoldTest.class.getResource("/gold"))
                .toURI());
        List<Path> files = new ArrayList<>(files(own));
        files.addAll(files(own.resolve("options")));
        String further = System.getProperty("sab4j.gold");
        if (further != null) {
            Path folder = Path.of(further);
            files.addAll(files(Files.exists(folder) ? folder : Path.of("..").resolve(folder)));
        }
        List<Arguments> cases = new ArrayList<>();
        for (Path file : files) {
            GoldCase gold = GoldCase.read(file);
            cases.add(Arguments.of(gold, "scalar", gold.batch().sequences()));
            cases.add(Arguments.of(
                    gold, KernelProviders.kernels().name(), gold.batch().sequences()));
            cases.add(Arguments.of(gold, KernelProviders.kernels().name(), 2));
        }
        return cases.stream();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(f -> f.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            assertThat(files).as("gold files in %s", folder).isNotEmpty();
            return files;
        }
    }

    @ParameterizedTest(name = "{0}, {1} kernels, shards of {2}")
    @MethodSource("cases")
    void matchesGold(GoldCase gold, String provider, int shard) throws FormatException {
        Kernels kernels = provider.equals("scalar") ? new ScalarKernels() : KernelProviders.kernels();
        SequenceModel model = gold.model(kernels);
        Differences differences = new Differences(gold + " " + provider + " " + shard);
        float[] gradients = new float[model.layout().size()];
        LossSums sums = new LossSums();
        for (int first = 0; first < gold.batch().sequences(); first += shard) {
            int rows = Math.min(shard, gold.batch().sequences() - first);
            shard(gold, model, first, rows, gradients, sums, differences);
        }
        differences.add("loss", gold.tensors().floats("loss", 1), new float[] {(float) sums.loss()}, OUTPUT_TOLERANCE);
        for (String name : gold.tensors().tensors().keySet()) {
            if (name.startsWith("grad.")) {
                gradient(gold, model, name, gradients, differences);
            }
        }
        differences.check();
    }

    /** The gradients alone, as training computes them: sparse or a full sweep, kept or recomputed. */
    @ParameterizedTest(name = "{0}, {1} kernels, shards of {2}")
    @MethodSource("cases")
    void everyReplayMatchesGold(GoldCase gold, String provider, int shard) throws FormatException {
        Kernels kernels = provider.equals("scalar") ? new ScalarKernels() : KernelProviders.kernels();
        for (boolean sweepAll : new boolean[] {false, true}) {
            for (boolean recompute : new boolean[] {false, true}) {
                SequenceModel model = gold.model(kernels);
                if (recompute && model.config().kTrunc() == 0) {
                    continue;
                }
                Differences differences = new Differences(gold + " " + provider + " " + shard);
                float[] gradients = new float[model.layout().size()];
                LossSums sums = new LossSums();
                int steps = gold.batch().steps();
                float n = gold.batch().weight();
                Trace trace = recompute
                        ? model.recomputing(shard, steps, true)
                        : model.trace(shard, steps, steps, true, true);
                trace.sweepAll(sweepAll);
                for (int first = 0; first < gold.batch().sequences(); first += shard) {
                    int rows = Math.min(shard, gold.batch().sequences() - first);
                    model.pass(trace, model.loss(shard), gold.batch(), first, rows, n, 0, sums, gradients, done -> {});
                }
                for (String name : gold.tensors().tensors().keySet()) {
                    if (name.startsWith("grad.")) {
                        gradient(gold, model, name, gradients, differences);
                    }
                }
                differences.check();
            }
        }
    }

    private static void shard(
            GoldCase gold,
            SequenceModel model,
            int first,
            int rows,
            float[] gradients,
            LossSums sums,
            Differences differences)
            throws FormatException {
        int steps = gold.batch().steps();
        float n = gold.batch().weight();
        Trace trace = model.trace(rows, steps, steps, true, true);
        model.begin(trace, rows);
        model.forward(trace, gold.batch(), first, 0, steps, true);
        model.loss(model.loss(rows), trace, gold.batch(), 0, steps, n, 0, sums);
        int hidden = model.config().hidden();
        int outputs = model.config().outputs();
        differences.add(
                "h",
                rows(gold, "h", hidden, first, rows),
                byRow(trace.window.h, rows, rows, steps, hidden),
                OUTPUT_TOLERANCE);
        differences.add(
                "y",
                rows(gold, "y", outputs, first, rows),
                byRow(trace.window.y, 0, rows, steps, outputs),
                OUTPUT_TOLERANCE);
        float[] s = trace.retrieval == null
                ? new float[rows * steps * hidden]
                : byRow(trace.window.s, 0, rows, steps, hidden);
        differences.add("s", rows(gold, "s", hidden, first, rows), s, OUTPUT_TOLERANCE);
        int memories = steps / model.config().kAtt();
        differences.add(
                "attention.weight",
                rows(gold, "attention.weight", memories, first, rows),
                weights(trace, rows, steps, model.config().kAtt()),
                OUTPUT_TOLERANCE);
        model.backward(trace, steps, gradients);
    }

    /** (C, R, n), from row {@code skip} on, as (R, C, n). */
    private static float[] byRow(float[] x, int skip, int rows, int steps, int n) {
        float[] result = new float[rows * steps * n];
        for (int r = 0; r < rows; r++) {
            for (int t = 0; t < steps; t++) {
                System.arraycopy(x, (skip + t * rows + r) * n, result, (r * steps + t) * n, n);
            }
        }
        return result;
    }

    private static float[] rows(GoldCase gold, String name, int n, int first, int rows) throws FormatException {
        int steps = gold.batch().steps();
        float[] all = gold.tensors().floats(name, gold.batch().sequences(), steps, n);
        return java.util.Arrays.copyOfRange(all, first * steps * n, (first + rows) * steps * n);
    }

    /** (R, T, ⌊T/k_att⌋): a memory's place is that of the step that wrote it, among those whose states were offered. */
    private static float[] weights(Trace trace, int rows, int steps, int kAtt) {
        int memories = steps / kAtt;
        float[] result = new float[rows * steps * memories];
        if (trace.retrieval == null || trace.memory == null) {
            return result;
        }
        for (int t = 0; t < steps; t++) {
            for (int r = 0; r < rows; r++) {
                int at = (t * rows + r) * trace.retrieval.width;
                for (int j = 0; j < trace.retrieval.counts[t * rows + r]; j++) {
                    int place = trace.memory.step(r, trace.retrieval.indices[at + j]) / kAtt;
                    result[(r * steps + t) * memories + place] = trace.retrieval.weights[at + j];
                }
            }
        }
        return result;
    }

    private static void gradient(
            GoldCase gold, SequenceModel model, String name, float[] gradients, Differences differences)
            throws FormatException {
        View view = model.layout().views().get(name.substring("grad.".length()));
        int[] shape = gold.tensors().tensor(name).shape().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        float[] expected = gold.tensors().floats(name, shape);
        // A case that does not use a parameter has a zero gradient for it, and the model lacks it.
        float[] found = view == null
                ? new float[expected.length]
                : java.util.Arrays.copyOfRange(gradients, view.offset(), view.offset() + view.count());
        float largest = 0;
        for (float x : expected) {
            largest = Math.max(largest, Math.abs(x));
        }
        differences.add(name, expected, found, Math.max(LEAST_TOLERANCE, GRADIENT_TOLERANCE * largest));
    }

    /** The largest difference of each tensor: printed for all, then checked for all. */
    private static final class Differences {
        private final String title;
        private final StringBuilder table = new StringBuilder();
        private final List<Executable> checks = new ArrayList<>();

        Differences(String title) {
            this.title = title;
        }

        void add(String name, float[] expected, float[] found, double tolerance) {
            assertThat(found).as(name).hasSameSizeAs(expected);
            double largest = 0;
            for (int i = 0; i < expected.length; i++) {
                double difference = Math.abs((double) expected[i] - found[i]);
                largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
            }
            double difference = largest;
            table.append(String.format(Locale.ROOT, "  %-22s %.2e of at most %.2e%n", name, difference, tolerance));
            checks.add(() ->
                    assertThat(difference).as("largest difference of %s", name).isLessThanOrEqualTo(tolerance));
        }

        void check() {
            System.out.print(title + "\n" + table);
            assertAll(checks);
        }
    }
}
