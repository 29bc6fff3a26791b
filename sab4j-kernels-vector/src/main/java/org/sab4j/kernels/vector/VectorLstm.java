package org.sab4j.kernels.vector;

import static org.sab4j.kernels.vector.Lanes.L;
import static org.sab4j.kernels.vector.Lanes.all;
import static org.sab4j.kernels.vector.Lanes.tail;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The pointwise part of the LSTM. Every vector is loaded and stored under a mask, which is full but at a row's end. */
final class VectorLstm {

    private VectorLstm() {}

    static void forward(
            int rows, int h, float[] gates, int gOff, float[] cPrevious, int cpOff, float[] c, int cOff, float[] output, int oOff) {
        for (int r = 0; r < rows; r++) {
            int g0 = gOff + r * 4 * h;
            int at = r * h;
            for (int j = 0; j < h; j += L) {
                VectorMask<Float> mask = tail(j, h);
                FloatVector i = VectorMath.sigmoid(get(gates, g0 + j, mask));
                FloatVector f = VectorMath.sigmoid(get(gates, g0 + h + j, mask));
                FloatVector g = VectorMath.tanh(get(gates, g0 + 2 * h + j, mask));
                FloatVector o = VectorMath.sigmoid(get(gates, g0 + 3 * h + j, mask));
                FloatVector cell = f.mul(get(cPrevious, cpOff + at + j, mask)).add(i.mul(g));
                i.intoArray(gates, g0 + j, mask);
                f.intoArray(gates, g0 + h + j, mask);
                g.intoArray(gates, g0 + 2 * h + j, mask);
                o.intoArray(gates, g0 + 3 * h + j, mask);
                cell.intoArray(c, cOff + at + j, mask);
                o.mul(VectorMath.tanh(cell)).intoArray(output, oOff + at + j, mask);
            }
        }
    }

    static void backward(
            int rows, int h, float[] gates, int gOff, float[] cPrevious, int cpOff, float[] c, int cOff, float[] dOutput, int oOff, float[] dc, int dcOff) {
        FloatVector one = all(1f);
        for (int r = 0; r < rows; r++) {
            int g0 = gOff + r * 4 * h;
            int at = r * h;
            for (int j = 0; j < h; j += L) {
                VectorMask<Float> mask = tail(j, h);
                FloatVector i = get(gates, g0 + j, mask);
                FloatVector f = get(gates, g0 + h + j, mask);
                FloatVector g = get(gates, g0 + 2 * h + j, mask);
                FloatVector o = get(gates, g0 + 3 * h + j, mask);
                FloatVector tanhC = VectorMath.tanh(get(c, cOff + at + j, mask));
                FloatVector dh = get(dOutput, oOff + at + j, mask);
                FloatVector dCell = dh.mul(o).mul(one.sub(tanhC.mul(tanhC))).add(get(dc, dcOff + at + j, mask));
                dCell.mul(g).mul(i).mul(one.sub(i)).intoArray(gates, g0 + j, mask);
                dCell.mul(get(cPrevious, cpOff + at + j, mask)).mul(f).mul(one.sub(f)).intoArray(gates, g0 + h + j, mask);
                dCell.mul(i).mul(one.sub(g.mul(g))).intoArray(gates, g0 + 2 * h + j, mask);
                dh.mul(tanhC).mul(o).mul(one.sub(o)).intoArray(gates, g0 + 3 * h + j, mask);
                dCell.mul(f).intoArray(dc, dcOff + at + j, mask);
            }
        }
    }

    private static FloatVector get(float[] x, int at, VectorMask<Float> mask) {
        return FloatVector.fromArray(Lanes.SPECIES, x, at, mask);
    }
}
