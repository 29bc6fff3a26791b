package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.all;
import static org.sab4j.kernels.vector.Lanes.load;
import static org.sab4j.kernels.vector.Lanes.orZero;
import static org.sab4j.kernels.vector.Lanes.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.sab4j.kernels.Kernels;

/**
 * The pointwise part of the LSTM.
 *
 * <p>A row's gates lie in the nearest cache, so several short loops over them cost little, and each stays small enough for the
 * compiler to keep all its vectors in registers.
 */
final class VectorLstm {

    private VectorLstm() {}

    static void forward(
            int rows,
            int h,
            float[] gates,
            int gOff,
            float[] cPrevious,
            int cpOff,
            float[] c,
            int cOff,
            float[] output,
            int oOff) {
        for (int gate = 0; gate < 4; gate++) {
            activate(rows, h, gate == 2, gates, gOff + gate * h);
        }
        for (int r = 0; r < rows; r++) {
            int at = r * h;
            cell(h, gates, gOff + 4 * at, cPrevious, cpOff + at, c, cOff + at, output, oOff + at);
        }
    }

    /** One gate of all rows: tanh(x), or σ(x) = tanh(x / 2) / 2 + 1 / 2. */
    private static void activate(int rows, int h, boolean tanh, float[] gates, int off) {
        FloatVector in = all(tanh ? 1f : 0.5f);
        FloatVector shift = all(tanh ? 0f : 0.5f);
        for (int r = 0; r < rows; r++) {
            int at = off + r * 4 * h;
            int j = 0;
            for (; j <= h - L; j += L) {
                VectorMath.tanh(load(gates, at + j).mul(in)).fma(in, shift).intoArray(gates, at + j);
            }
            if (j < h) {
                VectorMask<Float> mask = tail(j, h);
                VectorMath.tanh(load(gates, at + j, mask).mul(in))
                        .fma(in, shift)
                        .intoArray(gates, at + j, mask);
            }
        }
    }

    /** c = f c' + i g and ĥ = o tanh(c), for one row. */
    private static void cell(
            int h, float[] gates, int i, float[] cPrevious, int cp, float[] c, int c0, float[] output, int o0) {
        int j = 0;
        for (; j <= h - L; j += L) {
            FloatVector input = load(gates, i + j).mul(load(gates, i + 2 * h + j));
            FloatVector cell = orZero(load(gates, i + h + j).fma(load(cPrevious, cp + j), input), Kernels.LEAST);
            cell.intoArray(c, c0 + j);
            VectorMath.tanh(cell).mul(load(gates, i + 3 * h + j)).intoArray(output, o0 + j);
        }
        if (j < h) {
            VectorMask<Float> mask = tail(j, h);
            FloatVector input = load(gates, i + j, mask).mul(load(gates, i + 2 * h + j, mask));
            FloatVector cell =
                    orZero(load(gates, i + h + j, mask).fma(load(cPrevious, cp + j, mask), input), Kernels.LEAST);
            cell.intoArray(c, c0 + j, mask);
            VectorMath.tanh(cell).mul(load(gates, i + 3 * h + j, mask)).intoArray(output, o0 + j, mask);
        }
    }

    static void backward(
            int rows,
            int h,
            float[] gates,
            int gOff,
            float[] cPrevious,
            int cpOff,
            float[] c,
            int cOff,
            float[] dOutput,
            int oOff,
            float[] dc,
            int dcOff) {
        for (int r = 0; r < rows; r++) {
            int g0 = gOff + r * 4 * h;
            int at = r * h;
            dOutputGate(h, gates, g0 + 3 * h, c, cOff + at, dOutput, oOff + at, dc, dcOff + at);
            dInputGates(h, gates, g0, dc, dcOff + at);
            dForgetGate(h, gates, g0 + h, cPrevious, cpOff + at, dc, dcOff + at);
        }
    }

    /** The output gate's sum's gradient, and dc += dĥ o (1 − tanh²(c)). */
    private static void dOutputGate(
            int h, float[] gates, int o0, float[] c, int c0, float[] dOutput, int d0, float[] dc, int dc0) {
        int j = 0;
        for (; j <= h - L; j += L) {
            FloatVector o = load(gates, o0 + j);
            FloatVector tanhC = VectorMath.tanh(load(c, c0 + j));
            FloatVector through = load(dOutput, d0 + j).mul(o);
            all(1).sub(tanhC.mul(tanhC)).fma(through, load(dc, dc0 + j)).intoArray(dc, dc0 + j);
            orZero(through.mul(tanhC).mul(all(1).sub(o)), Kernels.LEAST).intoArray(gates, o0 + j);
        }
        if (j < h) {
            VectorMask<Float> mask = tail(j, h);
            FloatVector o = load(gates, o0 + j, mask);
            FloatVector tanhC = VectorMath.tanh(load(c, c0 + j, mask));
            FloatVector through = load(dOutput, d0 + j, mask).mul(o);
            all(1).sub(tanhC.mul(tanhC)).fma(through, load(dc, dc0 + j, mask)).intoArray(dc, dc0 + j, mask);
            orZero(through.mul(tanhC).mul(all(1).sub(o)), Kernels.LEAST).intoArray(gates, o0 + j, mask);
        }
    }

    /** The gradients of the sums of the gates i and g. */
    private static void dInputGates(int h, float[] gates, int i0, float[] dc, int dc0) {
        int g0 = i0 + 2 * h;
        int j = 0;
        for (; j <= h - L; j += L) {
            FloatVector i = load(gates, i0 + j);
            FloatVector g = load(gates, g0 + j);
            FloatVector dByI = load(dc, dc0 + j).mul(i);
            orZero(dByI.mul(g).mul(all(1).sub(i)), Kernels.LEAST).intoArray(gates, i0 + j);
            orZero(dByI.mul(all(1).sub(g.mul(g))), Kernels.LEAST).intoArray(gates, g0 + j);
        }
        if (j < h) {
            VectorMask<Float> mask = tail(j, h);
            FloatVector i = load(gates, i0 + j, mask);
            FloatVector g = load(gates, g0 + j, mask);
            FloatVector dByI = load(dc, dc0 + j, mask).mul(i);
            orZero(dByI.mul(g).mul(all(1).sub(i)), Kernels.LEAST).intoArray(gates, i0 + j, mask);
            orZero(dByI.mul(all(1).sub(g.mul(g))), Kernels.LEAST).intoArray(gates, g0 + j, mask);
        }
    }

    /** The gradient of the forget gate's sum; dc becomes that of c'. */
    private static void dForgetGate(int h, float[] gates, int f0, float[] cPrevious, int cp, float[] dc, int dc0) {
        int j = 0;
        for (; j <= h - L; j += L) {
            FloatVector f = load(gates, f0 + j);
            FloatVector dPrevious = orZero(load(dc, dc0 + j).mul(f), Kernels.LEAST);
            orZero(dPrevious.mul(load(cPrevious, cp + j)).mul(all(1).sub(f)), Kernels.LEAST)
                    .intoArray(gates, f0 + j);
            dPrevious.intoArray(dc, dc0 + j);
        }
        if (j < h) {
            VectorMask<Float> mask = tail(j, h);
            FloatVector f = load(gates, f0 + j, mask);
            FloatVector dPrevious = orZero(load(dc, dc0 + j, mask).mul(f), Kernels.LEAST);
            orZero(dPrevious.mul(load(cPrevious, cp + j, mask)).mul(all(1).sub(f)), Kernels.LEAST)
                    .intoArray(gates, f0 + j, mask);
            dPrevious.intoArray(dc, dc0 + j, mask);
        }
    }
}
