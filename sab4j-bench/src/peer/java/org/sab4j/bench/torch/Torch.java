package org.sab4j.bench.torch;

import static org.bytedeco.pytorch.global.torch.one_hot;
import static org.bytedeco.pytorch.global.torch.show_config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.tensor.ParameterLayout.View;

/** Loading libtorch, and the way from arrays to tensors and back. */
final class Torch {

    private static boolean loaded;

    private Torch() {}

    /**
     * Loads libtorch, at the first call. JavaCPP is told not to watch the process's memory and not to register each pointer with
     * the garbage collector: both cost time at every operation, and scopes free everything.
     */
    static synchronized void load() {
        if (!loaded) {
            setIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
            setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
            setIfAbsent("org.bytedeco.javacpp.noPointerGC", "true");
            Loader.load(torch.class);
            Loader.load(org.bytedeco.openblas.global.openblas_nolapack.class);
            loaded = true;
        }
    }

    /**
     * libtorch's own threads, and those of its matrix products, which are OpenBLAS's: one, save where the property
     * {@code sab4j.bench.blasThreads} says otherwise. Both sets of threads spin while they wait, and where they are more than the
     * cores an update takes ten times as long.
     */
    static void threads(int threads) {
        load();
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(Integer.getInteger("sab4j.bench.blasThreads", 1));
    }

    private static void setIfAbsent(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    /** Version and build in a line. */
    static String description() {
        load();
        try (var _ = new PointerScope()) {
            StringBuilder line = new StringBuilder("libtorch " + version("pytorch"));
            for (String part : show_config().getString().split("\n", -1)) {
                if (part.contains("MKL-DNN v") || part.contains("MKLDNN v") || part.contains("CPU capability")) {
                    line.append(", ")
                            .append(part.replaceAll("^[ -]*|\\(Git.*", "").strip());
                }
            }
            String core = System.getenv("OPENBLAS_CORETYPE");
            return line.append(core == null ? "" : ", OPENBLAS_CORETYPE=" + core)
                    .toString();
        }
    }

    /** Of a presets' jar: the library's, then JavaCPP's. */
    static String version(String library) {
        Properties properties = new Properties();
        try (InputStream in =
                torch.class.getResourceAsStream("/META-INF/maven/org.bytedeco/" + library + "/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "of unknown version");
    }

    /** A parameter, to be learned. */
    static Tensor parameter(View view, float[] values) {
        long[] shape =
                view.shape().sizes().stream().mapToLong(Integer::longValue).toArray();
        float[] own = java.util.Arrays.copyOfRange(values, view.offset(), view.offset() + view.count());
        return Tensor.create(own, shape).set_requires_grad(true);
    }

    /** The values of a tensor. */
    static float[] floats(Tensor tensor) {
        FloatBuffer buffer = tensor.contiguous().createBuffer();
        float[] values = new float[(int) tensor.numel()];
        buffer.get(values);
        return values;
    }

    /** (T, B, I), one-hot where the inputs are symbols. */
    static Tensor inputs(Batch batch) {
        int sequences = batch.sequences();
        int steps = batch.steps();
        return switch (batch.inputs()) {
            case Inputs.Symbols symbols ->
                one_hot(Tensor.create(byStep(symbols.values(), sequences, steps), steps, sequences), symbols.size())
                        .to(torch.ScalarType.Float);
            case Inputs.Vectors vectors ->
                Tensor.create(vectors.values(), sequences, steps, vectors.size())
                        .transpose(0, 1)
                        .contiguous();
        };
    }

    /** (T · B) classes, −100 where nothing is scored. */
    static Tensor targets(Batch batch) {
        if (batch.targets() instanceof Targets.Classes classes) {
            long[] byStep = byStep(classes.values(), batch.sequences(), batch.steps());
            return Tensor.create(byStep, byStep.length);
        }
        throw new IllegalArgumentException("The peers know classes as targets only");
    }

    /** (B, T) as (T, B). */
    private static long[] byStep(int[] values, int sequences, int steps) {
        long[] result = new long[values.length];
        for (int b = 0; b < sequences; b++) {
            for (int t = 0; t < steps; t++) {
                result[t * sequences + b] = values[b * steps + t];
            }
        }
        return result;
    }
}
