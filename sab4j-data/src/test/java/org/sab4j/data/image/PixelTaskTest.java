package org.sab4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.task.Part;

/** Images as sequences: order, scale, parts. */
class PixelTaskTest {

    private static Images images(int count, int channels, long seed) {
        byte[] pixels = new byte[count * 4 * 3 * channels];
        new Random(seed).nextBytes(pixels);
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 10);
        }
        return new Images(4, 3, channels, pixels, labels);
    }

    private static float[] inputs(Batch batch) {
        return ((Inputs.Vectors) batch.inputs()).values();
    }

    private static int[] targets(Batch batch) {
        return ((Targets.Classes) batch.targets()).values();
    }

    @Test
    void refusesWhatAreNoImages() {
        assertThatThrownBy(() -> new Images(1, 1, 1, new byte[2], new byte[] {3, -100}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The class of image 1, from 0, is not one of 0 … 9: -100");
        assertThatThrownBy(() -> new Images(-2, -2, 1, new byte[4], new byte[1]))
                .hasMessageContaining("width -2");
        assertThatThrownBy(() -> new Images(0, 5, 1, new byte[0], new byte[1])).hasMessageContaining("width 0");
    }

    @Test
    void theLastImagesAreForValidation() {
        PixelTask task = new PixelTask("mnist", images(13, 1, 1), images(5, 1, 2), 4, 0);
        assertThat(task.sequences(Part.TRAINING)).isEqualTo(9);
        assertThat(task.sequences(Part.VALIDATION)).isEqualTo(4);
        assertThat(task.sequences(Part.TEST)).isEqualTo(5);
        assertThat(targets(task.batch(Part.VALIDATION, new int[] {1}))[11]).isEqualTo(0); // image 10
        assertThat(targets(task.batch(Part.TRAINING, new int[] {8}))[11]).isEqualTo(8);
        int[] targets = targets(task.batch(Part.TEST, new int[] {3, 0}));
        assertThat(targets[11]).isEqualTo(3);
        assertThat(targets[23]).isZero();
        assertThat(Arrays.stream(targets).filter(t -> t == Targets.NONE)).hasSize(22);
        assertThatThrownBy(() -> new PixelTask("mnist", images(4, 1, 1), images(1, 1, 1), 4, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PixelTask("mnist", images(4, 1, 1), images(1, 3, 1), 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("as large as the others: 4 × 3 × 3 and 4 × 3");
    }

    @Test
    void theTrainingPartHasMeanZeroAndDeviationOne() {
        PixelTask task = new PixelTask("cifar10", images(60, 3, 1), images(5, 3, 2), 20, 0);
        float[] x = inputs(task.batch(
                Part.TRAINING, java.util.stream.IntStream.range(0, 40).toArray()));
        for (int channel = 0; channel < 3; channel++) {
            double mean = 0;
            double square = 0;
            for (int i = channel; i < x.length; i += 3) {
                mean += x[i] / (x.length / 3.0);
                square += x[i] * x[i] / (x.length / 3.0);
            }
            assertThat(mean).isCloseTo(0, within(1e-5));
            assertThat(square).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void onePermutationForAllImages() {
        Images training = images(6, 3, 3);
        PixelTask plain = new PixelTask("cifar10", training, images(2, 3, 4), 1, 0);
        PixelTask mixed = new PixelTask("cifar10", training, images(2, 3, 4), 1, 9);
        PixelTask again = new PixelTask("cifar10", training, images(2, 3, 4), 1, 9);
        PixelTask other = new PixelTask("cifar10", training, images(2, 3, 4), 1, 10);
        int[] all = {0, 1, 2};
        float[] x = inputs(plain.batch(Part.TRAINING, all));
        float[] y = inputs(mixed.batch(Part.TRAINING, all));
        assertThat(inputs(again.batch(Part.TRAINING, all))).isEqualTo(y);
        assertThat(inputs(other.batch(Part.TRAINING, all))).isNotEqualTo(y);
        HashSet<Integer> used = new HashSet<>();
        for (int t = 0; t < 12; t++) {
            int from = find(x, y, t);
            used.add(from);
            for (int b = 0; b < 3; b++) { // a pixel's channels stay together, in every image alike
                assertThat(Arrays.copyOfRange(y, (b * 12 + t) * 3, (b * 12 + t) * 3 + 3))
                        .isEqualTo(Arrays.copyOfRange(x, (b * 12 + from) * 3, (b * 12 + from) * 3 + 3));
            }
        }
        assertThat(used).hasSize(12);
    }

    private static int find(float[] x, float[] y, int t) {
        for (int from = 0; from < 12; from++) {
            if (Arrays.equals(x, from * 3, from * 3 + 3, y, t * 3, t * 3 + 3)) {
                return from;
            }
        }
        throw new AssertionError("no such pixel");
    }

    @Test
    void oneGreyIsNoDivisionByZero() {
        Images grey = new Images(4, 3, 1, new byte[5 * 12], new byte[5]);
        PixelTask task = new PixelTask("mnist", grey, grey, 1, 0);
        assertThat(inputs(task.batch(Part.TEST, new int[] {0}))).containsOnly(0);
    }
}
