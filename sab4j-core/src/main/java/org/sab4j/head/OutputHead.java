package org.sab4j.head;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.tensor.Shape;

/**
 * y = V1 h + V2 s + b (Algorithm 1, line 10).
 *
 * <p>Parameters: {@code output.v1} (O, H), {@code output.v2} (O, H), {@code output.bias} (O). A model without attention has
 * no V2.
 */
public final class OutputHead {

    private final Kernels kernels;
    private final Products products;
    private final int hidden;
    private final int outputs;
    private final View v1;
    private final @Nullable View v2;
    private final View bias;
    private final float[] packed1;
    private final float[] packed2;
    private final float[] packed1Back;
    private final float[] packed2Back;
    private float[] biasValues = new float[0];

    /**
     * Adds the head's parameters to a layout.
     *
     * @param products what multiplies with the weights: the kernels themselves, or several threads
     */
    public OutputHead(
            Kernels kernels, Products products, int hidden, int outputs, boolean attention, ParameterLayout layout) {
        this.kernels = kernels;
        this.products = products;
        this.hidden = hidden;
        this.outputs = outputs;
        v1 = layout.add("output.v1", Shape.of(outputs, hidden));
        v2 = attention ? layout.add("output.v2", Shape.of(outputs, hidden)) : null;
        bias = layout.add("output.bias", Shape.of(outputs));
        packed1 = new float[products.packedSize(hidden, outputs)];
        packed2 = new float[attention ? packed1.length : 0];
        packed1Back = new float[products.packedSize(outputs, hidden)];
        packed2Back = new float[attention ? packed1Back.length : 0];
    }

    /** Takes the weights over. To be called whenever {@code parameters} have changed. */
    public void prepare(float[] parameters) {
        pack(parameters, v1, packed1, packed1Back);
        if (v2 != null) {
            pack(parameters, v2, packed2, packed2Back);
        }
        biasValues = Arrays.copyOfRange(parameters, bias.offset(), bias.offset() + outputs);
    }

    private void pack(float[] parameters, View v, float[] forward, float[] back) {
        products.pack(hidden, outputs, parameters, v.offset(), 1, hidden, forward, 0);
        products.pack(outputs, hidden, parameters, v.offset(), hidden, 1, back, 0);
    }

    /**
     * The outputs of a step.
     *
     * @param h (R, H) from {@code hOff}
     * @param s (R, H) from {@code sOff}
     * @param y (R, O) written from {@code yOff}
     */
    public void forward(int rows, float[] h, int hOff, float[] s, int sOff, float[] y, int yOff) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(biasValues, 0, y, yOff + r * outputs, outputs);
        }
        products.gemm(rows, outputs, hidden, h, hOff, hidden, packed1, 0, y, yOff, outputs, true);
        if (v2 != null) {
            products.gemm(rows, outputs, hidden, s, sOff, hidden, packed2, 0, y, yOff, outputs, true);
        }
    }

    /**
     * One step back.
     *
     * @param dy (R, O) from {@code dyOff}
     * @param dh (R, H) added to
     * @param ds (R, H) added to
     */
    public void backward(int rows, float[] dy, int dyOff, float[] dh, float[] ds) {
        products.gemm(rows, hidden, outputs, dy, dyOff, outputs, packed1Back, 0, dh, 0, hidden, true);
        if (v2 != null) {
            products.gemm(rows, hidden, outputs, dy, dyOff, outputs, packed2Back, 0, ds, 0, hidden, true);
        }
    }

    /**
     * The weights' gradients of {@code count} rows of successive steps.
     *
     * @param dy (count, O) from {@code dyOff}
     * @param h (count, H) from {@code hOff}
     * @param s (count, H) from {@code sOff}
     */
    public void gradients(
            int count,
            float[] dy,
            int dyOff,
            float[] h,
            int hOff,
            float[] s,
            int sOff,
            float[] gradients,
            float[] scratch) {
        products.gemmTransposedA(
                outputs, hidden, count, dy, dyOff, outputs, h, hOff, hidden, gradients, v1.offset(), hidden, scratch);
        if (v2 != null) {
            products.gemmTransposedA(
                    outputs,
                    hidden,
                    count,
                    dy,
                    dyOff,
                    outputs,
                    s,
                    sOff,
                    hidden,
                    gradients,
                    v2.offset(),
                    hidden,
                    scratch);
        }
        for (int p = 0; p < count; p++) {
            kernels.axpy(outputs, 1f, dy, dyOff + p * outputs, gradients, bias.offset());
        }
    }
}
