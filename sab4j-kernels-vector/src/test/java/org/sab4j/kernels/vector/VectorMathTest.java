package org.sab4j.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorMathTest {

    /** All numbers from 6.5 to beyond where it saturates, and as many below 0. */
    @Test
    void tanhIsNeverBeyondOne() {
        float[] x = new float[Lanes.L];
        float[] tanh = new float[Lanes.L];
        for (float sign : new float[] {1, -1}) {
            float most = 0;
            double error = 0;
            int end = Float.floatToRawIntBits(8.5f);
            for (int bits = Float.floatToRawIntBits(6.5f); bits < end; bits += Lanes.L) {
                for (int lane = 0; lane < Lanes.L; lane++) {
                    x[lane] = sign * Float.intBitsToFloat(bits + lane);
                }
                VectorMath.tanh(Lanes.load(x, 0)).intoArray(tanh, 0);
                for (int lane = 0; lane < Lanes.L; lane++) {
                    most = Math.max(most, Math.abs(tanh[lane]));
                    error = Math.max(error, Math.abs(tanh[lane] - Math.tanh(x[lane])));
                }
            }
            assertThat(most).isEqualTo(1);
            assertThat(error).isLessThan(4e-7);
        }
    }

    @Test
    void tanhOfWhatIsNoOrdinaryNumber() {
        float[] x = new float[Lanes.L];
        float[] given = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f};
        System.arraycopy(given, 0, x, 0, given.length);
        VectorMath.tanh(Lanes.load(x, 0)).intoArray(x, 0);
        assertThat(x).startsWith(Float.NaN, 1, -1, -0f);
    }
}
