package org.sab4j.data.image;

import java.util.Arrays;
import java.util.SequencedMap;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.random.RandomStream;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Measure;
import org.sab4j.task.Part;

/**
 * Images read pixel by pixel (paper §4): a step for each pixel, row by row or in one fixed random order, and at the last step the
 * class is to be said. An input is a pixel's channels, each (value − mean) / deviation with the mean and the deviation of all pixels
 * of that channel in the training part.
 */
public final class PixelTask implements FiniteTask {

    private final String name;
    private final Images training;
    private final Images test;
    private final int validation;
    private final int[] order;
    private final float[] scaled; // (channels, 256) a value as an input

    /**
     * The task.
     *
     * @param training images for training and validation
     * @param validation how many of them, the last ones, are for validation
     * @param permutation the seed of the order of the pixels; 0 for none, row by row
     */
    public PixelTask(String name, Images training, Images test, int validation, long permutation) {
        if (validation < 0 || validation >= training.count()) {
            throw new IllegalArgumentException("The validation part must leave some of " + training.count()
                    + " images for training: " + validation);
        }
        if (test.width() != training.width()
                || test.height() != training.height()
                || test.channels() != training.channels()) {
            throw new IllegalArgumentException("The images of the test part must be as large as the others: "
                    + size(test) + " and " + size(training));
        }
        this.name = name;
        this.training = training;
        this.test = test;
        this.validation = validation;
        order = order(training.width() * training.height(), permutation);
        scaled = scale(training, training.count() - validation);
    }

    private static String size(Images images) {
        return images.width() + " × " + images.height() + (images.channels() > 1 ? " × " + images.channels() : "");
    }

    private static int[] order(int pixels, long permutation) {
        int[] order = new int[pixels];
        Arrays.setAll(order, i -> i);
        if (permutation != 0) {
            RandomStream random = RandomStream.of(permutation, "permutation");
            for (int i = pixels - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int other = order[j];
                order[j] = order[i];
                order[i] = other;
            }
        }
        return order;
    }

    private static float[] scale(Images images, int count) {
        int channels = images.channels();
        long pixels = (long) count * images.width() * images.height();
        float[] scaled = new float[channels * 256];
        for (int channel = 0; channel < channels; channel++) {
            long[] counts = new long[256];
            for (int i = 0; i < pixels; i++) {
                counts[images.pixels()[i * channels + channel] & 0xff]++;
            }
            double mean = 0;
            double square = 0;
            for (int value = 0; value < 256; value++) {
                mean += (double) value * counts[value] / pixels;
                square += (double) value * value * counts[value] / pixels;
            }
            double deviation = Math.sqrt(square - mean * mean);
            for (int value = 0; value < 256; value++) {
                scaled[channel * 256 + value] = (float) ((value - mean) / (deviation > 0 ? deviation : 1));
            }
        }
        return scaled;
    }

    /** How many pixels a row has. */
    public int width() {
        return training.width();
    }

    /** How many rows there are. */
    public int height() {
        return training.height();
    }

    /** The pixel that a step reads, row by row from 0. */
    public int pixel(int step) {
        return order[step];
    }

    /** A pixel's value, 0 … 255, as the input of a channel. */
    public float input(int channel, int value) {
        return scaled[channel * 256 + value];
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int inputs() {
        return training.channels();
    }

    @Override
    public boolean vectors() {
        return true;
    }

    @Override
    public int outputs() {
        return Images.CLASSES;
    }

    @Override
    public int steps() {
        return order.length;
    }

    @Override
    public int sequences(Part part) {
        return switch (part) {
            case TRAINING -> training.count() - validation;
            case VALIDATION -> validation;
            case TEST -> test.count();
        };
    }

    @Override
    public Batch batch(Part part, int[] indices) {
        Images images = part == Part.TEST ? test : training;
        int first = part == Part.VALIDATION ? training.count() - validation : 0;
        int channels = images.channels();
        int steps = order.length;
        float[] x = new float[Math.multiplyExact(indices.length, steps * channels)];
        int[] targets = new int[indices.length * steps];
        Arrays.fill(targets, Targets.NONE);
        for (int b = 0; b < indices.length; b++) {
            int image = first + indices[b];
            for (int t = 0; t < steps; t++) {
                int pixel = (image * steps + order[t]) * channels;
                for (int channel = 0; channel < channels; channel++) {
                    x[(b * steps + t) * channels + channel] =
                            scaled[channel * 256 + (images.pixels()[pixel + channel] & 0xff)];
                }
            }
            targets[(b + 1) * steps - 1] = images.labels()[image];
        }
        return new Batch(indices.length, steps, new Inputs.Vectors(x, channels), new Targets.Classes(targets));
    }

    /** {@code accuracy} and {@code crossEntropy}. */
    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        return Measure.all(sums, Measure.ACCURACY, Measure.CROSS_ENTROPY);
    }

    /** The share of images that are told right; of two models with the same share, the one with the smaller loss. */
    @Override
    public double merit(LossSums sums) {
        return sums.accuracy() - 1e-9 * sums.reportedLoss();
    }
}
