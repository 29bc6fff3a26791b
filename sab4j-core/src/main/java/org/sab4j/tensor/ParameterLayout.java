package org.sab4j.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Where each named parameter stands in the one array of all parameters. Gradients and the optimiser's moments have the
 * same layout, so clipping, updating and saving are each one loop.
 */
public final class ParameterLayout {

    /** One parameter: {@code shape.count()} floats from {@code offset}, row-major. */
    public record View(String name, int offset, Shape shape) {

        /** The number of floats. */
        public int count() {
            return shape.count();
        }
    }

    private final SequencedMap<String, View> views = new LinkedHashMap<>();
    private int size;
    private boolean sealed;

    /** An empty layout. */
    public ParameterLayout() {}

    /**
     * Adds a parameter behind the others and returns its view.
     *
     * @throws IllegalArgumentException if there is one of that name
     * @throws IllegalStateException if the layout is {@linkplain #seal sealed}
     * @throws ArithmeticException if all are more than one array holds
     */
    public View add(String name, Shape shape) {
        if (sealed) {
            throw new IllegalStateException("The parameters have their array: " + name + " can't be added");
        }
        View view = new View(name, size, shape);
        if (views.putIfAbsent(name, view) != null) {
            throw new IllegalArgumentException("There is a parameter " + name + " already");
        }
        size = Math.addExact(size, shape.count());
        return view;
    }

    /** Takes no more parameters from now on. */
    public void seal() {
        sealed = true;
    }

    /** The number of floats of all parameters. */
    public int size() {
        return size;
    }

    /** All views by name, in the order of their offsets. */
    public SequencedMap<String, View> views() {
        return Collections.unmodifiableSequencedMap(views);
    }

    /** The view of that name. */
    public View view(String name) {
        View view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException(
                    "No parameter " + name + "; there are " + new ArrayList<>(views.keySet()));
        }
        return view;
    }

    /** A copy of each parameter in {@code values}, by name. */
    public Map<String, float[]> split(float[] values) {
        Map<String, float[]> parts = new LinkedHashMap<>();
        for (View view : views.values()) {
            float[] part = new float[view.count()];
            System.arraycopy(values, view.offset(), part, 0, part.length);
            parts.put(view.name(), part);
        }
        return parts;
    }
}
