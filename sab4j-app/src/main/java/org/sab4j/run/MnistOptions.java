package org.sab4j.run;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.image.IdxFiles;

/** The options of MNIST. */
// spotless:off
public record MnistOptions(
        @Setting(group = Setting.Group.TASK, label = "DIR", movable = true, says = "The folder of known data sets, see sab data.")
        Path data,
        @Setting(group = Setting.Group.TASK, label = "SEED", says = "The seed of one random order in which all images' pixels are read; 0 for row by row.")
        long permute,
        @Setting(group = Setting.Group.TASK, least = 1, most = 1_000_000, says = "Training images that are for validation, the last ones.")
        int validation) implements TaskOptions {
    // spotless:on

    @Override
    public OpenTask open() throws RunException {
        Path folder = data.resolve("mnist");
        return PixelTasks.open(
                "mnist",
                data,
                folder,
                digest -> IdxFiles.read(folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", digest),
                digest -> IdxFiles.read(folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", digest),
                validation,
                permute);
    }

    @Override
    public OpenTask reopen(Map<String, String> facts, @Nullable Path other) throws RunException {
        Path folder = other == null ? data : other;
        return new MnistOptions(folder.toAbsolutePath(), permute, validation)
                .open()
                .sameAs(facts, folder);
    }

    @Override
    public boolean otherDataHaveParts() {
        return true;
    }
}
