package org.sab4j.kernels.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;

/**
 * The same call gives the same bits for ever: on the way from the interpreter through the quick compiler to the thorough one, and
 * where the call is compiled anew.
 */
class RepeatabilityTest {

    private static final int CALLS = 20_000;
    private static final int H = 37; // whole vectors and a rest, on every machine
    private static final int ROWS = 5;

    /** A call on arrays; the first ones are written and are as before at each call. */
    record Case(String name, int written, List<float[]> arrays, Call call) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Call {
        void run(float[][] x);
    }

    static Stream<Case> cases() {
        return Stream.of(new ScalarKernels(), new VectorKernelProvider().kernels())
                .flatMap(RepeatabilityTest::cases);
    }

    private static Stream<Case> cases(Kernels k) {
        int[] indices = {3, 0, 2};
        float[] scratch = new float[Kernels.SCRATCH];
        int block = k.keyBlock();
        int keys = (7 + block - 1) / block * block * H;
        float[] packed = new float[k.packedSize(H, 85)];
        k.pack(H, 85, numbers(1, H * 85, 1), 0, 85, 1, packed, 0);
        List<Case> cases = new ArrayList<>();
        cases.add(of(k, "pack", 1, x -> k.pack(H, 19, x[1], 0, 1, H, x[0], 0), k.packedSize(H, 19), H * 19));
        cases.add(of(
                k, "gemm", 1, x -> k.gemm(ROWS, 85, H, x[1], 0, H, packed, 0, x[0], 0, 85, true), ROWS * 85, ROWS * H));
        cases.add(of(
                k,
                "gemmTransposedA",
                1,
                x -> k.gemmTransposedA(6, H, 9, x[1], 0, 6, x[2], 0, H, x[0], 0, H, scratch),
                6 * H,
                9 * 6,
                9 * H));
        cases.add(of(
                k,
                "lstmForward",
                3,
                x -> k.lstmForward(2, H, x[0], 0, x[3], 0, x[1], 0, x[2], 0),
                8 * H,
                2 * H,
                2 * H,
                2 * H));
        cases.add(of(
                k,
                "lstmBackward",
                2,
                x -> k.lstmBackward(2, H, x[0], 0, x[2], 0, x[3], 0, x[4], 0, x[1], 0),
                8 * H,
                2 * H,
                2 * H,
                2 * H,
                2 * H));
        cases.add(of(k, "exp2x", 1, x -> k.exp2x(H, x[1], 0, x[0], 0), H, H));
        cases.add(of(
                k,
                "mlpScores",
                1,
                x -> {
                    k.mlpScores(7, H, x[1], 0, x[2], 0, x[3], 0, x[0], 0);
                    Arrays.fill(x[0], 7, x[0].length, 0f); // arbitrary
                },
                7 + block,
                H,
                keys,
                H));
        cases.add(of(
                k,
                "mlpScoresBackward",
                3,
                x -> k.mlpScoresBackward(
                        3, indices, 0, x[3], 0, H, x[4], 0, x[5], 0, x[6], 0, x[0], 0, x[1], 0, x[2], 0),
                H,
                4 * H,
                H,
                3,
                H,
                4 * H,
                H));
        cases.add(of(k, "tanhDot", 1, x -> x[0][0] = k.tanhDot(H, x[1], 0, x[2], 0), 1, H, H));
        cases.add(of(
                k,
                "tanhDotBackward",
                2,
                x -> k.tanhDotBackward(H, 0.3f, x[2], 0, x[3], 0, x[0], 0, x[1], 0),
                H,
                H,
                H,
                H));
        cases.add(of(
                k,
                "topK",
                1,
                x -> {
                    int[] found = new int[6];
                    k.topK(H, x[1], 0, 6, found, 0, x[0], 0);
                    x[0][6] = Arrays.hashCode(found);
                },
                7,
                H));
        cases.add(
                of(k, "weightedSum", 1, x -> k.weightedSum(3, indices, 0, x[1], 0, H, x[2], 0, x[0], 0), H, 3, 4 * H));
        cases.add(of(
                k,
                "weightedSumBackward",
                2,
                x -> k.weightedSumBackward(3, indices, 0, x[2], 0, H, x[3], 0, x[4], 0, x[0], 0, x[1], 0),
                4 * H,
                3,
                3,
                4 * H,
                H));
        cases.add(of(k, "add", 1, x -> k.add(H, x[1], 0, x[2], 0, x[0], 0), H, H, H));
        cases.add(of(k, "axpy", 1, x -> k.axpy(H, 0.3f, x[1], 0, x[0], 0), H, H));
        cases.add(of(k, "scale", 1, x -> k.scale(H, 0.3f, x[0], 0), H));
        cases.add(of(
                k,
                "sumOfSquares",
                1,
                x -> {
                    long bits = Double.doubleToRawLongBits(k.sumOfSquares(H, x[1], 0));
                    x[0][0] = (int) (bits >>> 40);
                    x[0][1] = (int) (bits >>> 20) & 0xFFFFF;
                    x[0][2] = (int) bits & 0xFFFFF;
                },
                3,
                H));
        cases.add(of(k, "softmaxRows", 1, x -> k.softmaxRows(2, H, x[0], 0), 2 * H));
        cases.add(of(
                k,
                "adam",
                3,
                x -> {
                    for (int i = 0; i < H; i++) {
                        x[2][i] *= x[2][i];
                    }
                    k.adam(H, 0, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.5f, x[0], x[3], x[1], x[2]);
                },
                H,
                H,
                H,
                H));
        cases.add(of(
                k,
                "adEmaMix",
                4,
                x -> {
                    for (int i = 0; i < H; i++) {
                        x[2][i] *= x[2][i];
                    }
                    k.adEmaMix(H, 0, 1e-3f, 4e-3f, 0.9f, 0.999f, 0.99f, 1e-8f, 0.5f, x[0], x[4], x[1], x[3], x[2]);
                },
                H,
                H,
                H,
                H,
                H));
        return cases.stream();
    }

    private static Case of(Kernels kernels, String name, int written, Call call, int... sizes) {
        List<float[]> arrays = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            // Positive: e^{2x} of something, or a probability, or just a number.
            arrays.add(numbers(i + 1, sizes[i], name.startsWith("mlp") ? 0 : -1));
        }
        return new Case(kernels.name() + " " + name, written, arrays, call);
    }

    /** Uniform on least … 1. */
    private static float[] numbers(long seed, int n, float least) {
        Random random = new Random(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = least + (1 - least) * random.nextFloat();
        }
        return x;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void givesTheSameBits(Case c) {
        float[][] first = call(c, copies(c));
        float[][] x = copies(c);
        for (int call = 2; call <= CALLS; call++) {
            for (int i = 0; i < c.written(); i++) {
                System.arraycopy(c.arrays().get(i), 0, x[i], 0, x[i].length);
            }
            call(c, x);
            for (int i = 0; i < x.length; i++) {
                // The interface's own comparison, which is quick; what differs is looked for where anything does.
                if (Arrays.mismatch(first[i], x[i]) >= 0) {
                    Floats.identical(c + ", call " + call + ", array " + i, first[i], x[i]);
                }
            }
        }
    }

    private static float[][] call(Case c, float[][] x) {
        c.call().run(x);
        return x;
    }

    private static float[][] copies(Case c) {
        return c.arrays().stream().map(float[]::clone).toArray(float[][]::new);
    }
}
