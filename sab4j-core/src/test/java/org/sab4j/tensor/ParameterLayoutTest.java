package org.sab4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sab4j.tensor.ParameterLayout.View;

/** Shapes, and names that stand for places in one array. */
class ParameterLayoutTest {

    @Test
    void shapes() {
        assertThat(Shape.of(4, 3).count()).isEqualTo(12);
        assertThat(Shape.of(4, 3))
                .hasToString("(4, 3)")
                .isEqualTo(Shape.of(4, 3))
                .isNotEqualTo(Shape.of(3, 4));
        assertThat(Shape.of().count()).isEqualTo(1);
        assertThat(Shape.of()).hasToString("()");
        assertThat(Shape.of(4, 0, 3).count()).isZero();
        List<Integer> sizes = new ArrayList<>(List.of(2, 5));
        Shape shape = new Shape(sizes);
        sizes.set(0, 7);
        assertThat(shape.sizes()).containsExactly(2, 5);
        assertThatThrownBy(() -> Shape.of(3, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[3, -1]");
        assertThatThrownBy(() -> Shape.of(1 << 16, 1 << 16).count()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void viewsFollowOneAnother() {
        ParameterLayout layout = new ParameterLayout();
        assertThat(layout.size()).isZero();
        View a = layout.add("a", Shape.of(2, 3));
        View b = layout.add("b", Shape.of(4));
        View c = layout.add("c", Shape.of(1, 1));
        assertThat(List.of(a.offset(), b.offset(), c.offset())).containsExactly(0, 6, 10);
        assertThat(layout.size()).isEqualTo(11);
        assertThat(layout.views().keySet()).containsExactly("a", "b", "c");
        assertThat(layout.view("b")).isEqualTo(b);
        assertThat(b.count()).isEqualTo(4);
    }

    @Test
    void splits() {
        ParameterLayout layout = new ParameterLayout();
        layout.add("a", Shape.of(2));
        layout.add("b", Shape.of(1, 3));
        float[] values = {1, 2, 3, 4, 5};
        Map<String, float[]> parts = layout.split(values);
        assertThat(parts).containsExactly(Map.entry("a", new float[] {1, 2}), Map.entry("b", new float[] {3, 4, 5}));
        parts.values().forEach(part -> part[0] = 9);
        assertThat(values).as("copies").containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void refuses() {
        ParameterLayout layout = new ParameterLayout();
        layout.add("a", Shape.of(2));
        assertThatThrownBy(() -> layout.add("a", Shape.of(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a already");
        assertThat(layout.size()).isEqualTo(2);
        assertThatThrownBy(() -> layout.view("b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No parameter b")
                .hasMessageContaining("[a]");
        assertThatThrownBy(() -> layout.views().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> layout.add("large", Shape.of(Integer.MAX_VALUE)))
                .isInstanceOf(ArithmeticException.class);
        layout.seal();
        assertThatThrownBy(() -> layout.add("late", Shape.of(2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("late can't be added");
    }
}
