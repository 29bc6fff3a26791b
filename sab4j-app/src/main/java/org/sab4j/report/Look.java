package org.sab4j.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a task's steps look to a person.
 *
 * @param symbols the names of input symbols; empty where inputs are vectors
 * @param features the names of a vector's entries; empty where inputs are symbols
 * @param classes the names of output classes; empty where outputs are numbers
 * @param picture where a step stands in an image; null where there is none
 */
public record Look(
        List<String> symbols,
        List<String> features,
        List<String> classes,
        @Nullable Picture picture) {

    /**
     * An image that is read pixel by pixel.
     *
     * @param pixels the pixel of each step, row by row from 0
     * @param least the input of the darkest pixel, by channel
     * @param largest that of the brightest
     */
    public record Picture(int width, int height, List<Integer> pixels, List<Float> least, List<Float> largest) {}

    /** A symbol's name. */
    public String symbol(int value) {
        return value < symbols.size() ? symbols.get(value) : String.valueOf(value);
    }

    /** A class's name. */
    public String nameOfClass(int value) {
        return value < classes.size() ? classes.get(value) : String.valueOf(value);
    }
}
