package org.sab4j.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The sizes of a tensor, outermost first; row-major. */
public record Shape(List<Integer> sizes) {

    /** Copies the sizes; none may be negative. */
    public Shape {
        sizes = List.copyOf(sizes);
        if (sizes.stream().anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException("A shape has no negative sizes: " + sizes);
        }
    }

    /** The shape of the given sizes. */
    public static Shape of(int... sizes) {
        return new Shape(Arrays.stream(sizes).boxed().toList());
    }

    /** The number of elements: the product of the sizes. */
    public int count() {
        return sizes.stream().reduce(1, Math::multiplyExact);
    }

    /** As {@code (4, 3)}. */
    @Override
    public String toString() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
