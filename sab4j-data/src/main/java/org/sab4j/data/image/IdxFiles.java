package org.sab4j.data.image;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;

/**
 * The idx format in which MNIST comes: two zero bytes, the type of an element (8 for unsigned bytes), the number of dimensions, each
 * dimension's size in four bytes, the most significant first, and the elements.
 */
public final class IdxFiles {

    private static final int UNSIGNED_BYTES = 0x08;
    private static final int MOST_BYTES = 1 << 30;

    private IdxFiles() {}

    /**
     * A file of images and one of labels, either packed with gzip or not.
     *
     * @param folder where the files are
     * @param images the images' file, without {@code .gz}
     * @param labels the labels' file, likewise
     */
    public static Images read(Path folder, String images, String labels, MessageDigest digest) throws DataException {
        Path imageFile = find(folder, images);
        Path labelFile = find(folder, labels);
        Elements pixels = read(imageFile, 3, digest);
        Elements classes = read(labelFile, 1, digest);
        if (pixels.sizes[0] != classes.sizes[0]) {
            throw new DataException(imageFile + " has " + pixels.sizes[0] + " images and " + labelFile + " "
                    + classes.sizes[0] + " labels: they don't belong together, or one is damaged");
        }
        for (int i = 0; i < classes.values.length; i++) {
            if (classes.values[i] < 0 || classes.values[i] >= Images.CLASSES) {
                throw new DataException(labelFile + ": label " + (i + 1) + " is " + (classes.values[i] & 0xff)
                        + ", and 0 … " + (Images.CLASSES - 1) + " are wanted");
            }
        }
        return new Images(pixels.sizes[2], pixels.sizes[1], 1, pixels.values, classes.values);
    }

    private static Path find(Path folder, String name) throws DataException {
        Path packed = folder.resolve(name + ".gz");
        Path file = Files.exists(packed) ? packed : folder.resolve(name);
        if (!Files.exists(file)) {
            throw new DataException(folder + " has neither " + name + " nor " + name + ".gz");
        }
        return file;
    }

    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Elements(int[] sizes, byte[] values) {}

    private static Elements read(Path file, int dimensions, MessageDigest digest) throws DataException {
        try (Source source = Source.open(file, digest)) {
            int magic = header(file, source, 4).getInt();
            int wanted = UNSIGNED_BYTES << 8 | dimensions;
            if (magic != wanted) {
                throw new DataException(String.format(
                        "%s is no idx file of %s: it begins with 0x%08X, and 0x%08X is wanted",
                        file, dimensions == 1 ? "labels" : "images", magic, wanted));
            }
            ByteBuffer header = header(file, source, 4 * dimensions);
            int[] sizes = new int[dimensions];
            long count = 1;
            for (int d = 0; d < dimensions; d++) {
                sizes[d] = header.getInt();
                boolean usable = sizes[d] > 0 && count <= MOST_BYTES / sizes[d];
                if (!usable) {
                    throw new DataException(file + " says that its size is " + Integer.toUnsignedString(sizes[d])
                            + ", which can't be: it is damaged");
                }
                count *= sizes[d];
            }
            byte[] values = source.read((int) count);
            if (values.length < count) {
                throw new DataException(file + " is truncated: " + values.length + " of " + count + " bytes are there");
            }
            if (source.read(new byte[1]) > 0) {
                throw new DataException(file + " is longer than its header says: it is damaged");
            }
            return new Elements(sizes, values);
        }
    }

    private static ByteBuffer header(Path file, Source source, int bytes) throws DataException {
        byte[] header = new byte[bytes];
        if (source.read(header) < bytes) {
            throw new DataException(file + " is truncated: it ends within its header");
        }
        return ByteBuffer.wrap(header);
    }
}
