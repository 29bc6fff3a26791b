package org.sab4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.image.CifarFiles;

/** The options of CIFAR-10. */
// spotless:off
public record CifarOptions(
        @Setting(group = Setting.Group.TASK, label = "DIR", movable = true, says = "The folder of known data sets, see sab data.")
        Path data,
        @Setting(group = Setting.Group.TASK, label = "SEED", says = "The seed of one random order in which all images' pixels are read; 0 for row by row.")
        long permute,
        @Setting(group = Setting.Group.TASK, least = 1, most = 1_000_000, says = "Training images that are for validation, the last ones.")
        int validation) implements TaskOptions {
    // spotless:on

    private static final String TEST = "test_batch.bin";
    private static final List<String> TRAINING =
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin");

    @Override
    public OpenTask open() throws RunException {
        Path folder = data.resolve("cifar10").resolve("cifar-10-batches-bin");
        return PixelTasks.open(
                "cifar10",
                data,
                folder,
                digest -> CifarFiles.read(folder, TRAINING, TEST, digest),
                digest -> CifarFiles.read(folder, List.of(TEST), TRAINING.getFirst(), digest),
                validation,
                permute);
    }

    @Override
    public OpenTask reopen(Map<String, String> facts, @Nullable Path other) throws RunException {
        Path folder = other == null ? data : other;
        return new CifarOptions(folder.toAbsolutePath(), permute, validation)
                .open()
                .sameAs(facts, folder);
    }

    @Override
    public boolean otherDataHaveParts() {
        return true;
    }
}
