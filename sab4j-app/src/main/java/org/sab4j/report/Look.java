package org.sab4j.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.text.Alphabet;
import org.sab4j.table.TableEncoding;

/**
 * How a task's steps look to a person.
 *
 * @param symbols the names of input symbols; empty where inputs are vectors
 * @param features a vector's entries; empty where inputs are symbols
 * @param classes the names of output classes; empty where outputs are numbers
 * @param number what an output is; null where outputs are classes, or numbers as they are
 * @param picture where a step stands in an image; null where there is none
 */
public record Look(
        List<String> symbols,
        List<Quantity> features,
        List<String> classes,
        @Nullable Quantity number,
        @Nullable Picture picture) {

    /**
     * A number of the model's, and what people call it: mean + deviation · number.
     *
     * @param mark whether it says by 1 that something is the case, and by 0 that it is not
     */
    public record Quantity(String name, double mean, double deviation, boolean mark) {

        /** A number as it is. */
        static Quantity plain(String name) {
            return new Quantity(name, 0, 1, false);
        }

        /** Something that is the case or not. */
        static Quantity mark(String name) {
            return new Quantity(name, 0, 1, true);
        }

        /** The number in its own unit. */
        public double value(float number) {
            return mean + deviation * number;
        }
    }

    /**
     * An image that is read pixel by pixel.
     *
     * @param pixels the pixel of each step, row by row from 0
     * @param least the input of the darkest pixel, by channel
     * @param largest that of the brightest
     */
    public record Picture(int width, int height, List<Integer> pixels, List<Float> least, List<Float> largest) {}

    /** How the steps of a table look. */
    public static Look of(TableEncoding encoding) {
        return Looks.table(encoding);
    }

    /** How the steps of a text look. */
    public static Look of(Alphabet alphabet) {
        return Looks.characters(alphabet);
    }

    /** A symbol's name. */
    public String symbol(int value) {
        return value < symbols.size() ? symbols.get(value) : String.valueOf(value);
    }

    /** A class's name. */
    public String nameOfClass(int value) {
        return value < classes.size() ? classes.get(value) : String.valueOf(value);
    }
}
