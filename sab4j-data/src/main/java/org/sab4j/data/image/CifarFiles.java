package org.sab4j.data.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;

/**
 * The binary version of CIFAR-10: records of 3,073 bytes, a label and 1,024 red, 1,024 green and 1,024 blue values of 32 rows of 32
 * pixels.
 */
public final class CifarFiles {

    private static final int SIDE = 32;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CHANNELS = 3;
    private static final int RECORD = 1 + CHANNELS * PIXELS;
    private static final long MOST_RECORDS = 200_000;

    private CifarFiles() {}

    /**
     * The images of some files, in that order.
     *
     * @param like a file with as many images as each of them
     */
    public static Images read(Path folder, List<String> names, String like, MessageDigest digest) throws DataException {
        Images images = new Images(SIDE, SIDE, CHANNELS, new byte[0], new byte[0]);
        int wanted = records(folder.resolve(like));
        for (String name : names) {
            int count = records(folder.resolve(name));
            if (count != wanted) {
                Path fewer = folder.resolve(count < wanted ? name : like);
                Path more = folder.resolve(count < wanted ? like : name);
                throw new DataException(String.format(
                        Locale.ROOT,
                        "%s is truncated: images %,d, and %,d in %s",
                        fewer,
                        Math.min(count, wanted),
                        Math.max(count, wanted),
                        more.getFileName()));
            }
            images = images.and(read(folder.resolve(name), count, digest));
        }
        return images;
    }

    private static Images read(Path file, int count, MessageDigest digest) throws DataException {
        byte[] pixels = new byte[count * CHANNELS * PIXELS];
        byte[] labels = new byte[count];
        byte[] bytes = new byte[RECORD];
        try (Source source = Source.open(file, digest)) {
            for (int i = 0; i < count; i++) {
                if (source.read(bytes) < RECORD) {
                    throw new DataException(file + " is truncated: it ends within image " + (i + 1));
                }
                labels[i] = bytes[0];
                if (labels[i] < 0 || labels[i] >= Images.CLASSES) {
                    throw new DataException(file + ": the label of image " + (i + 1) + " is " + (labels[i] & 0xff)
                            + ", and 0 … " + (Images.CLASSES - 1) + " are wanted");
                }
                for (int channel = 0; channel < CHANNELS; channel++) {
                    for (int pixel = 0; pixel < PIXELS; pixel++) {
                        pixels[(i * PIXELS + pixel) * CHANNELS + channel] = bytes[1 + channel * PIXELS + pixel];
                    }
                }
            }
        }
        return new Images(SIDE, SIDE, CHANNELS, pixels, labels);
    }

    private static int records(Path file) throws DataException {
        Source.check(file);
        long bytes;
        try {
            bytes = Files.size(file);
        } catch (java.io.IOException e) {
            throw DataException.unreadable(file, e);
        }
        if (bytes == 0 || bytes % RECORD != 0 || bytes / RECORD > MOST_RECORDS) {
            throw new DataException(file + " is truncated, or no file of CIFAR-10 images: its " + bytes
                    + " bytes are no whole records of " + RECORD + " bytes, or too many");
        }
        return (int) (bytes / RECORD);
    }
}
