package org.sab4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.tensor.ParameterLayout.View;

/** Whether a peer computes what the gold tensors say: so that equal things are compared. */
final class GoldCheck {

    private static final double LOSS_TOLERANCE = 1e-4;
    private static final double GRADIENT_TOLERANCE = 1e-3; // of the gradient's largest entry
    private static final double LEAST_TOLERANCE = 1e-6;

    private final PrintStream out;

    GoldCheck(PrintStream out) {
        this.out = out;
    }

    /** Prints each file's largest difference, as a share of what is allowed, and whether all are within it. */
    boolean check(Peer peer, Path folder, Kernels kernels) throws IOException {
        boolean good = true;
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(f -> f.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            for (Path file : files) {
                Safetensors gold = Safetensors.read(file);
                SequenceModel model = ModelTensors.model(gold, kernels);
                if (peer.computes(model.config())) {
                    good &= check(peer, gold, model);
                }
            }
        }
        return good;
    }

    private boolean check(Peer peer, Safetensors gold, SequenceModel model) throws FormatException {
        SequencedMap<String, float[]> found = peer.gradients(model, batch(gold, model));
        double worst = 0;
        String where = "";
        for (var entry : found.entrySet()) {
            String name = entry.getKey();
            boolean loss = name.equals("loss");
            int[] shape = loss ? new int[] {1} : shape(model, name);
            float[] expected = gold.floats(loss ? name : "grad." + name, shape);
            double tolerance =
                    loss ? LOSS_TOLERANCE : Math.max(LEAST_TOLERANCE, GRADIENT_TOLERANCE * largest(expected));
            double share = difference(expected, entry.getValue()) / tolerance;
            if (!(share <= worst)) {
                worst = share;
                where = name;
            }
        }
        boolean good = worst <= 1 && found.size() == model.layout().views().size() + 1;
        String outcome = String.format(
                Locale.ROOT,
                "%-6s %-10s %-32s %2d tensors, at most %5.1f %% of the allowed difference (%s)",
                good ? "equal" : "WRONG",
                peer.name(),
                gold.file().getFileName(),
                found.size(),
                100 * worst,
                where);
        out.println(outcome);
        return good;
    }

    private static int[] shape(SequenceModel model, String name) {
        View view = Objects.requireNonNull(model.layout().views().get(name), name);
        return view.shape().sizes().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The batch of a gold file. */
    private static Batch batch(Safetensors gold, SequenceModel model) throws FormatException {
        int sequences = Integer.parseInt(gold.text("batch"));
        int steps = Integer.parseInt(gold.text("steps"));
        int inputs = model.config().inputs();
        long[] target = gold.longs("target", sequences, steps);
        int[] classes = new int[target.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = Math.toIntExact(target[i]);
        }
        float[] x = gold.floats("x", sequences, steps, inputs);
        return new Batch(sequences, steps, new Inputs.Vectors(x, inputs), new Targets.Classes(classes));
    }

    private static double largest(float[] x) {
        double largest = 0;
        for (float value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double difference(float[] expected, float[] found) {
        double largest = expected.length == found.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(expected.length, found.length); i++) {
            double difference = Math.abs((double) expected[i] - found[i]);
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        return largest;
    }
}
