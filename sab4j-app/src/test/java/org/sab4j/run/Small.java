package org.sab4j.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.train.TrainEvent;

/** Runs that take a moment. */
public final class Small {

    public static final Kernels KERNELS = KernelProviders.kernels();

    /** Options of such a run. */
    public static final List<String> OPTIONS = List.of(
            "--length=4",
            "--hidden=8",
            "--batch=6",
            "--shard-rows=4",
            "--threads=1",
            "--evaluate-every=10",
            "--evaluation-sequences=16",
            "--log-every=3",
            "--learning-rate=0.01",
            "--average=0.9");

    private Small() {}

    /** The same as a layer. */
    static Layer layer(String... more) {
        Layer layer = new Layer().option("task", "copy");
        for (String option : OPTIONS) {
            add(layer, option);
        }
        for (String option : more) {
            add(layer, option);
        }
        return layer;
    }

    /** A layer of options alone. */
    static Layer options(String... options) {
        Layer layer = new Layer();
        for (String option : options) {
            add(layer, option);
        }
        return layer;
    }

    private static void add(Layer layer, String option) {
        String[] parts = option.substring(2).split("=", 2);
        layer.option(parts[0], parts[1]);
    }

    /** A run of the copy task with more options than {@link #OPTIONS}, from its start to its end. */
    public static void train(Path path, Consumer<TrainEvent> listener, String... more)
            throws RunException, IOException {
        try (Run run = Run.start(List.of(layer(more)), path, path, KERNELS)) {
            run.train(listener, () -> false);
        }
    }

    /** The same of any task, with these options alone. */
    public static void trainOn(String task, Path path, String... more) throws RunException, IOException {
        Layer layer = options(more).option("task", task).option("threads", "1");
        try (Run run = Run.start(List.of(layer), path, path, KERNELS)) {
            run.train(event -> {}, () -> false);
        }
    }

    /**
     * Images of 4 by 4 pixels in the format of MNIST.
     *
     * @param part train or t10k
     */
    public static void images(Path folder, String part, int count) throws IOException {
        images(folder, part, count, 4);
    }

    /** The same of {@code width} by 4 pixels. */
    static void images(Path folder, String part, int count, int width) throws IOException {
        Random random = new Random(count);
        ByteBuffer pixels = ByteBuffer.allocate(16 + 4 * width * count)
                .putInt(0x803)
                .putInt(count)
                .putInt(4)
                .putInt(width);
        ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) {
            byte[] image = new byte[4 * width];
            random.nextBytes(image);
            pixels.put(image);
            labels.put((byte) (i % 10));
        }
        Files.write(folder.resolve(part + "-images-idx3-ubyte"), pixels.array());
        Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }

    /** Goes on with other options. */
    public static void goOn(Path path, String... options) throws RunException, IOException {
        resume(path, options(options));
    }

    /** A run from its start to its end. */
    static TrainEvent.Reason whole(Path path, Layer layer) throws RunException, IOException {
        try (Run run = Run.start(List.of(layer), path, path, KERNELS)) {
            return run.train(event -> {}, () -> false);
        }
    }

    /** A run from its start until an update is done. */
    static TrainEvent.Reason until(long update, Path path, Layer layer) throws RunException, IOException {
        try (Run run = Run.start(List.of(layer), path, path, KERNELS)) {
            return run.train(event -> {}, () -> run.experiment().state().update() >= update);
        }
    }

    /** Goes on to the end. */
    static TrainEvent.Reason resume(Path path, Layer... layers) throws RunException, IOException {
        try (Run run = Run.resume(List.of(layers), path, KERNELS)) {
            return run.train(event -> {}, () -> false);
        }
    }

    /** The lines of metrics.jsonl without what is a time. */
    public static List<String> metrics(Path path) throws IOException {
        return Files.readAllLines(path.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(",\"(ms(PerUpdate|Backward)|seconds)\":[0-9.E-]+", ""))
                .toList();
    }
}
