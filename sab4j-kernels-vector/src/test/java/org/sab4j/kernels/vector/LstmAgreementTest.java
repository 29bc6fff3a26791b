package org.sab4j.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;

/** The LSTM's pointwise part, vector against scalar. */
class LstmAgreementTest {

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels VECTOR = new VectorKernelProvider().kernels();

    /** What a forward and a backward pass work on. */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Buffers(
            int rows, int h, float[] gates, float[] states, float[] output, float[] dOutput, float[] dc) {

        static Buffers random(Random random, int rows, int h, float size) {
            // As in a trace, c' and c lie one behind the other in one array.
            float[] states = Floats.guards(2 + 2 * rows * h + 40);
            for (int i = 0; i < rows * h; i++) {
                states[2 + i] = 2 * random.nextFloat() - 1;
            }
            return new Buffers(
                    rows,
                    h,
                    Floats.random(random, 3, rows * 4 * h, 40, size),
                    states,
                    Floats.guards(5 + rows * h + 40),
                    Floats.random(random, 6, rows * h, 40, 1),
                    Floats.random(random, 7, rows * h, 40, 1));
        }

        Buffers copy() {
            return new Buffers(rows, h, gates.clone(), states.clone(), output.clone(), dOutput.clone(), dc.clone());
        }

        void forward(Kernels kernels) {
            kernels.lstmForward(rows, h, gates, 3, states, 2, states, 2 + rows * h, output, 5);
        }

        void backward(Kernels kernels) {
            kernels.lstmBackward(rows, h, gates, 3, states, 2, states, 2 + rows * h, dOutput, 6, dc, 7);
        }

        void same(String what, Buffers found, double tolerance) {
            Floats.same(what + ", gates", gates, found.gates, tolerance);
            Floats.same(what + ", c", states, found.states, tolerance);
            Floats.same(what + ", output", output, found.output, tolerance);
            Floats.same(what + ", dOutput", dOutput, found.dOutput, 0);
            Floats.same(what + ", dc", dc, found.dc, tolerance);
        }
    }

    static IntStream sizes() {
        return IntStream.of(Floats.SIZES);
    }

    @ParameterizedTest(name = "h {0}")
    @MethodSource("sizes")
    void forwardAndBackward(int h) {
        Random random = new Random(h);
        for (int rows : new int[] {0, 1, 2, 5}) {
            for (float size : new float[] {0.1f, 3, 20}) {
                String what = "h " + h + ", rows " + rows + ", sums of ±" + size;
                Buffers expected = Buffers.random(random, rows, h, size);
                Buffers found = expected.copy();
                expected.forward(SCALAR);
                found.forward(VECTOR);
                expected.same(what + ", forward", found, 1e-6);
                // Both go back from the same activations.
                found = expected.copy();
                expected.backward(SCALAR);
                found.backward(VECTOR);
                expected.same(what + ", backward", found, 2e-6);
            }
        }
    }

    /** Sums at which gates saturate, or that are no numbers. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            floats = {
                7.87f,
                -7.87f,
                7.88f,
                -7.88f,
                9,
                -9,
                9.5f,
                -9.5f,
                15.74f,
                -15.74f,
                15.76f,
                -15.76f,
                18,
                -18,
                43,
                -43,
                86,
                -88,
                89,
                -104,
                1e30f,
                -1e30f,
                Float.MAX_VALUE,
                -Float.MAX_VALUE,
                Float.MIN_VALUE,
                -0f,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                Float.NaN
            })
    void extremeSums(float sum) {
        for (int h : new int[] {1, 16, 21}) {
            for (int gate = 0; gate < 4; gate++) {
                Buffers expected = Buffers.random(new Random(gate), 2, h, 1);
                expected.gates()[3 + gate * h] = sum;
                expected.gates()[3 + 4 * h + gate * h + h - 1] = sum;
                Buffers found = expected.copy();
                expected.forward(SCALAR);
                found.forward(VECTOR);
                String what = sum + " at gate " + gate + ", h " + h;
                expected.same(what + ", forward", found, 1e-6);
                found = expected.copy();
                expected.backward(SCALAR);
                found.backward(VECTOR);
                expected.same(what + ", backward", found, 2e-6);
            }
        }
    }

    /** Outputs never leave ±1, nor gates 0 … 1: what saturates must not gain. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void staysInBounds(long seed) {
        Random random = new Random(seed);
        int h = 333;
        for (float size : new float[] {5, 12, 30, 1000}) {
            Buffers buffers = Buffers.random(random, 1, h, size);
            buffers.forward(VECTOR);
            for (int j = 0; j < h; j++) {
                assertThat(buffers.gates()[3 + j]).as("i").isBetween(0f, 1f);
                assertThat(buffers.gates()[3 + h + j]).as("f").isBetween(0f, 1f);
                assertThat(buffers.gates()[3 + 2 * h + j]).as("g").isBetween(-1f, 1f);
                assertThat(buffers.gates()[3 + 3 * h + j]).as("o").isBetween(0f, 1f);
                assertThat(buffers.output()[5 + j]).as("output").isBetween(-1f, 1f);
            }
        }
    }

    /** Gradients that have vanished are 0. */
    @ParameterizedTest(name = "h {0}")
    @MethodSource("sizes")
    void vanishingGradients(int h) {
        for (float size : new float[] {Kernels.LEAST, 1e-30f, 1e-40f}) {
            Buffers buffers = Buffers.random(new Random(h), 1, h, 1);
            buffers.forward(VECTOR);
            Arrays.fill(buffers.dOutput(), 6, 6 + h, size / 8);
            Arrays.fill(buffers.dc(), 7, 7 + h, size / 2);
            buffers.backward(VECTOR);
            assertThat(Arrays.copyOfRange(buffers.gates(), 3, 3 + 4 * h)).containsOnly(0);
            assertThat(Arrays.copyOfRange(buffers.dc(), 7, 7 + h)).containsOnly(0);
        }
    }

    /** NaN in c', in dOutput, in dc, and saturated cells. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(floats = {Float.NaN, 40, -40, 1e30f})
    void extremeCells(float cell) {
        for (int h : new int[] {1, 16, 21}) {
            Buffers expected = Buffers.random(new Random(h), 2, h, 1);
            expected.states()[2 + h - 1] = cell;
            Buffers found = expected.copy();
            expected.forward(SCALAR);
            found.forward(VECTOR);
            String what = "c' " + cell + ", h " + h;
            expected.same(what + ", forward", found, 1e-6);
            expected.dOutput()[6] = Float.NaN;
            expected.dc()[7 + 2 * h - 1] = Float.NaN;
            found = expected.copy();
            expected.backward(SCALAR);
            found.backward(VECTOR);
            expected.same(what + ", backward", found, 2e-6);
        }
    }
}
