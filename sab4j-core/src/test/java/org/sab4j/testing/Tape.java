package org.sab4j.testing;

import java.util.ArrayList;
import java.util.List;

/** Scalars in double precision that remember what they were made of, for gradients without any of the product's code. */
final class Tape {

    private final List<Value> values = new ArrayList<>();

    /** One of them. */
    final class Value {
        final double value;
        double gradient;
        private final Value[] of;
        private final double[] partial;
        private Value[] vector = {}; // of which this is an element, if its gradient is bounded
        private double most;

        private Value(double value, Value[] of, double... partial) {
            this.value = value;
            this.of = of;
            this.partial = partial;
            values.add(this);
        }

        Value plus(Value other) {
            return new Value(value + other.value, new Value[] {this, other}, 1, 1);
        }

        Value minus(Value other) {
            return new Value(value - other.value, new Value[] {this, other}, 1, -1);
        }

        Value times(Value other) {
            return new Value(value * other.value, new Value[] {this, other}, other.value, value);
        }

        Value times(double factor) {
            return new Value(factor * value, new Value[] {this}, factor);
        }

        Value over(Value other) {
            double quotient = value / other.value;
            return new Value(quotient, new Value[] {this, other}, 1 / other.value, -quotient / other.value);
        }

        Value tanh() {
            double t = Math.tanh(value);
            return new Value(t, new Value[] {this}, 1 - t * t);
        }

        Value sigmoid() {
            double s = 1 / (1 + Math.exp(-value));
            return new Value(s, new Value[] {this}, s * (1 - s));
        }

        Value exp() {
            double e = Math.exp(value);
            return new Value(e, new Value[] {this}, e);
        }

        Value log() {
            return new Value(Math.log(value), new Value[] {this}, 1 / value);
        }

        /** What the gradient is multiplied by on its way. */
        private double factor() {
            double square = 0;
            for (Value element : vector) {
                square += element.gradient * element.gradient;
            }
            return square > most * most ? most / Math.sqrt(square) : 1;
        }

        /** The same number, through which no gradient passes. */
        Value constant() {
            return number(value);
        }
    }

    Value number(double value) {
        return new Value(value, new Value[0]);
    }

    Value[] numbers(int n, double value) {
        Value[] all = new Value[n];
        java.util.Arrays.setAll(all, i -> number(value));
        return all;
    }

    Value sum(List<Value> terms) {
        double[] ones = new double[terms.size()];
        java.util.Arrays.fill(ones, 1);
        return new Value(terms.stream().mapToDouble(term -> term.value).sum(), terms.toArray(Value[]::new), ones);
    }

    /** ⟨weights from {@code at}, x⟩. */
    Value dot(Value[] weights, int at, Value[] x) {
        List<Value> terms = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            terms.add(weights[at + i].times(x[i]));
        }
        return sum(terms);
    }

    static Value[] constants(Value[] x) {
        Value[] all = new Value[x.length];
        java.util.Arrays.setAll(all, i -> x[i].constant());
        return all;
    }

    /** The same numbers, whose gradient as a vector passes shortened to at most {@code most}. */
    Value[] bounded(Value[] x, double most) {
        Value[] all = new Value[x.length];
        java.util.Arrays.setAll(all, i -> new Value(x[i].value, new Value[] {x[i]}, 1));
        for (Value one : all) {
            one.vector =
                    all; // made before all that uses them, so their gradients are whole when the first is gone over
            one.most = most;
        }
        return all;
    }

    /** The gradients of a value, which is what was made last of all that matter. */
    void backward(Value root) {
        root.gradient = 1;
        for (int i = values.size() - 1; i >= 0; i--) {
            Value v = values.get(i);
            double gradient = v.gradient * v.factor();
            for (int k = 0; k < v.of.length; k++) {
                v.of[k].gradient += gradient * v.partial[k];
            }
        }
    }
}
