package org.sab4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.data.DataException;
import org.sab4j.data.RealData;
import org.sab4j.data.Source;

/** The files in which MNIST and CIFAR-10 come, whole and damaged. */
class ImageFilesTest {

    @TempDir
    private Path folder;

    private static byte[] idx(int magic, int... sizes) {
        int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + count).putInt(magic);
        for (int size : sizes) {
            bytes.putInt(size);
        }
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (i % 10));
        }
        return bytes.array();
    }

    private Images idx(byte[] images, byte[] labels) throws Exception {
        Files.write(folder.resolve("images"), images);
        Files.write(folder.resolve("labels"), labels);
        return IdxFiles.read(folder, "images", "labels", Source.digest());
    }

    private AbstractThrowableAssert<?, ?> complaint(byte[] images, byte[] labels) {
        return assertThatThrownBy(() -> idx(images, labels)).isInstanceOf(DataException.class);
    }

    private static final byte[] IMAGES = idx(0x803, 3, 4, 5);
    private static final byte[] LABELS = idx(0x801, 3);

    @Test
    void idxFiles() throws Exception {
        Images images = idx(IMAGES, LABELS);
        assertThat(images.count()).isEqualTo(3);
        assertThat(images.height()).isEqualTo(4);
        assertThat(images.width()).isEqualTo(5);
        assertThat(images.labels()).containsExactly(0, 1, 2);
        assertThat(images.pixels()[23]).isEqualTo((byte) 3);
    }

    @Test
    void damagedIdxFiles() {
        complaint(Arrays.copyOf(IMAGES, 9), LABELS)
                .hasMessageContaining("images is truncated: it ends within its header");
        complaint(Arrays.copyOf(IMAGES, 40), LABELS).hasMessageContaining("images is truncated: 24 of 60 bytes");
        complaint(Arrays.copyOf(IMAGES, 100), LABELS).hasMessageContaining("longer than its header says");
        complaint(LABELS, LABELS).hasMessageContaining("images is no idx file of images: it begins with 0x00000801");
        complaint(IMAGES, IMAGES).hasMessageContaining("labels is no idx file of labels");
        complaint(IMAGES, idx(0x801, 4)).hasMessageContaining("has 3 images").hasMessageContaining("4 labels");
        byte[] empty = ByteBuffer.allocate(16)
                .putInt(0x803)
                .putInt(1024)
                .putInt(1024)
                .putInt(1024)
                .array();
        complaint(empty, LABELS).hasMessageContaining("images is truncated: 0 of 1073741824 bytes");
        byte[] huge = IMAGES.clone();
        huge[4] = 0x7f;
        complaint(huge, LABELS).hasMessageContaining("which can't be");
        byte[] negative = IMAGES.clone();
        negative[4] = -1;
        complaint(negative, LABELS).hasMessageContaining("says that its size is 4278190083");
        byte[] wrong = LABELS.clone();
        wrong[wrong.length - 1] = (byte) 200;
        complaint(IMAGES, wrong).hasMessageContaining("labels: label 3 is 200");
        assertThatThrownBy(() -> IdxFiles.read(folder, "none", "labels", Source.digest()))
                .hasMessage(folder + " has neither none nor none.gz");
    }

    @Test
    void cifarFiles() throws Exception {
        byte[] records = new byte[2 * 3073];
        records[0] = 7;
        records[1 + 33] = 11; // red of row 1, column 1
        records[1 + 1024 + 33] = 12;
        records[1 + 2048 + 33] = 13;
        records[3073] = 2;
        Files.write(folder.resolve("a.bin"), records);
        Files.write(folder.resolve("b.bin"), new byte[2 * 3073]);
        Images images = CifarFiles.read(folder, List.of("a.bin", "b.bin"), "a.bin", Source.digest());
        assertThat(images.count()).isEqualTo(4);
        assertThat(images.labels()).containsExactly(7, 2, 0, 0);
        assertThat(Arrays.copyOfRange(images.pixels(), 33 * 3, 33 * 3 + 3)).containsExactly(11, 12, 13);
    }

    @Test
    void damagedCifarFiles() throws Exception {
        Files.write(folder.resolve("short.bin"), new byte[3072]);
        assertThatThrownBy(() -> CifarFiles.read(folder, List.of("short.bin"), "short.bin", Source.digest()))
                .hasMessageContaining("short.bin is truncated, or no file of CIFAR-10 images: its 3072 bytes");
        byte[] record = new byte[2 * 3073];
        record[3073] = 10;
        Files.write(folder.resolve("label.bin"), record);
        assertThatThrownBy(() -> CifarFiles.read(folder, List.of("label.bin"), "label.bin", Source.digest()))
                .hasMessageContaining("label.bin: the label of image 2 is 10");
        Files.write(folder.resolve("cut.bin"), new byte[3073]);
        assertThatThrownBy(() -> CifarFiles.read(folder, List.of("cut.bin"), "label.bin", Source.digest()))
                .hasMessageContaining("cut.bin is truncated: images 1, and 2 in label.bin");
        assertThatThrownBy(() -> CifarFiles.read(folder, List.of("label.bin"), "cut.bin", Source.digest()))
                .hasMessageContaining("cut.bin is truncated: images 1, and 2 in label.bin");
        assertThatThrownBy(() -> CifarFiles.read(folder, List.of("none.bin"), "none.bin", Source.digest()))
                .hasMessageContaining("none.bin does not exist");
        assertThatThrownBy(() -> CifarFiles.read(folder, List.of("."), ".", Source.digest()))
                .hasMessageContaining("is a folder");
    }

    @Test
    void mnistItself() throws Exception {
        Path mnist = RealData.of("mnist");
        Images training = IdxFiles.read(mnist, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", Source.digest());
        assertThat(training.count()).isEqualTo(60_000);
        assertThat(training.width() * training.height()).isEqualTo(784);
        assertThat(Arrays.copyOf(training.labels(), 5)).containsExactly(5, 0, 4, 1, 9);
        assertThat(IdxFiles.read(mnist, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", Source.digest())
                        .count())
                .isEqualTo(10_000);
    }

    @Test
    void cifar10Itself() throws Exception {
        Images images = CifarFiles.read(
                RealData.of("cifar10/cifar-10-batches-bin"),
                List.of("test_batch.bin"),
                "test_batch.bin",
                Source.digest());
        assertThat(images.count()).isEqualTo(10_000);
        for (int label = 0; label < 10; label++) {
            int wanted = label;
            long count = java.util.stream.IntStream.range(0, 10_000)
                    .filter(i -> images.labels()[i] == wanted)
                    .count();
            assertThat(count).isEqualTo(1000);
        }
    }
}
