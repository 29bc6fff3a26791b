package org.sab4j.data.image;

import java.util.Arrays;

/**
 * Images of one size with their classes.
 *
 * @param width pixels of a row
 * @param height rows
 * @param channels 1 for grey, 3 for red, green, blue
 * @param pixels (n, height, width, channels), each 0 … 255
 * @param labels (n), each 0 … 9
 */
@SuppressWarnings("ArrayRecordComponent") // large arrays, held and never compared
public record Images(int width, int height, int channels, byte[] pixels, byte[] labels) {

    /** How many classes there are. */
    public static final int CLASSES = 10;

    /** Checks sizes and classes. */
    public Images {
        if (width < 1 || height < 1 || channels < 1) {
            throw new IllegalArgumentException(
                    "Images have pixels: width " + width + ", height " + height + ", channels " + channels);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= CLASSES) {
                throw new IllegalArgumentException(
                        "The class of image " + i + ", from 0, is not one of 0 … 9: " + labels[i]);
            }
        }
        if ((long) labels.length * width * height * channels != pixels.length) {
            throw new IllegalArgumentException(labels.length + " images of " + width + " x " + height + " x " + channels
                    + " are not " + pixels.length + " pixels");
        }
    }

    /** How many images there are. */
    public int count() {
        return labels.length;
    }

    /** These and those of another file behind them. */
    Images and(Images other) {
        byte[] morePixels = Arrays.copyOf(pixels, Math.addExact(pixels.length, other.pixels.length));
        System.arraycopy(other.pixels, 0, morePixels, pixels.length, other.pixels.length);
        byte[] moreLabels = Arrays.copyOf(labels, labels.length + other.labels.length);
        System.arraycopy(other.labels, 0, moreLabels, labels.length, other.labels.length);
        return new Images(width, height, channels, morePixels, moreLabels);
    }
}
