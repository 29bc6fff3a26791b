package org.sab4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;
import org.sab4j.data.image.CifarFiles;
import org.sab4j.data.image.IdxFiles;
import org.sab4j.data.image.Images;
import org.sab4j.data.image.PixelTask;
import org.sab4j.task.Part;

/**
 * The options of tasks on images.
 *
 * @param task mnist or cifar10
 */
// spotless:off
public record PixelOptions(
        TaskKind task,
        @Setting(group = Setting.Group.TASK, label = "DIR", movable = true, says = "The folder of known data sets, see sab data.")
        Path data,
        @Setting(group = Setting.Group.TASK, label = "SEED", says = "The seed of one random order in which all images' pixels are read; 0 for row by row.")
        long permute,
        @Setting(group = Setting.Group.TASK, least = 1, most = 1_000_000, says = "Training images that are for validation, the last ones.")
        int validation) implements TaskOptions {
    // spotless:on

    private static final String MNIST_TRAINING = "train-images-idx3-ubyte";
    private static final String MNIST_TEST = "t10k-images-idx3-ubyte";
    private static final String CIFAR_TEST = "test_batch.bin";
    private static final List<String> CIFAR_TRAINING =
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin");

    @Override
    public OpenTask open() throws RunException {
        String name = Settings.text(task);
        String get = Shell.sab("data", "get", name, "--data", data);
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            throw new RunException(
                    folder + " does not exist: " + get + " fetches it, and --data DIR says where data sets are");
        }
        MessageDigest digest = Source.digest();
        Images training;
        Images test;
        try {
            training = training(folder, digest);
            test = test(folder, digest);
            checkSizes(folder, training, test);
        } catch (DataException e) {
            throw new RunException(e.getMessage() + "; " + get + " fetches what is missing or damaged");
        }
        if (validation >= training.count()) {
            throw new RunException(
                    "--validation must leave some of " + training.count() + " images for training: " + validation);
        }
        PixelTask pixels = new PixelTask(name, training, test, validation, permute);
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put(OpenTask.FINGERPRINT, Source.hex(digest));
        String summary = String.format(
                Locale.ROOT,
                "%s, %,d / %,d / %,d images for training, validation and test; %,d steps%s",
                name,
                pixels.sequences(Part.TRAINING),
                pixels.sequences(Part.VALIDATION),
                pixels.sequences(Part.TEST),
                pixels.steps(),
                permute == 0 ? "" : " in an order drawn from seed " + permute);
        return new OpenTask(pixels, summary, facts);
    }

    private boolean isMnist() {
        return task == TaskKind.MNIST;
    }

    private Path folder() {
        return isMnist() ? data.resolve("mnist") : data.resolve("cifar10").resolve("cifar-10-batches-bin");
    }

    private Images training(Path folder, MessageDigest digest) throws DataException {
        return isMnist()
                ? IdxFiles.read(folder, MNIST_TRAINING, "train-labels-idx1-ubyte", digest)
                : CifarFiles.read(folder, CIFAR_TRAINING, CIFAR_TEST, digest);
    }

    private Images test(Path folder, MessageDigest digest) throws DataException {
        return isMnist()
                ? IdxFiles.read(folder, MNIST_TEST, "t10k-labels-idx1-ubyte", digest)
                : CifarFiles.read(folder, List.of(CIFAR_TEST), CIFAR_TRAINING.getFirst(), digest);
    }

    /** Of CIFAR-10 they are all of one size. */
    private static void checkSizes(Path folder, Images training, Images test) throws DataException {
        if (test.width() != training.width() || test.height() != training.height()) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s has images of %d × %d pixels in %s and of %d × %d in %s: they don't belong together",
                    folder,
                    training.width(),
                    training.height(),
                    MNIST_TRAINING,
                    test.width(),
                    test.height(),
                    MNIST_TEST));
        }
    }

    @Override
    public OpenTask reopen(Map<String, String> facts, @Nullable Path other) throws RunException {
        Path folder = other == null ? data : other;
        return new PixelOptions(task, folder.toAbsolutePath(), permute, validation)
                .open()
                .sameAs(facts, folder);
    }

    @Override
    public boolean otherDataHaveParts() {
        return true;
    }
}
