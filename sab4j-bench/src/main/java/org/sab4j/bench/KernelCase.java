package org.sab4j.bench;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.sab4j.kernels.Kernels;
import org.sab4j.random.RandomStream;

/** The kernels at shapes like those of an update of the copy task (H = A = 128, T = 120), in products for 16 sequences at a time. */
public enum KernelCase {
    /** From a shard's states to its gates. */
    GEMM_16_512_128("gemm 16×512×128", Rate.GFLOPS, 2.0 * 16 * 512 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            return gemm(kernels, 16, 512, 128);
        }
    },
    /** From the gates' gradients to those of the states. */
    GEMM_16_128_512("gemm 16×128×512", Rate.GFLOPS, 2.0 * 16 * 128 * 512) {
        @Override
        Runnable body(Kernels kernels) {
            return gemm(kernels, 16, 128, 512);
        }
    },
    /** A whole batch's gates. */
    GEMM_64_512_128("gemm 64×512×128", Rate.GFLOPS, 2.0 * 64 * 512 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            return gemm(kernels, 64, 512, 128);
        }
    },
    /** A shard's gradient of W_hh, over all steps. */
    GEMM_TRANSPOSED_A("gemmTransposedA 512×128×1920", Rate.GFLOPS, 2.0 * 512 * 128 * 1920) {
        @Override
        Runnable body(Kernels kernels) {
            int m = 512;
            int n = 128;
            int k = 1920;
            float[] a = floats(k * m);
            float[] b = floats(k * n);
            float[] c = new float[m * n];
            float[] scratch = new float[Kernels.SCRATCH];
            return () -> kernels.gemmTransposedA(m, n, k, a, 0, m, b, 0, n, c, 0, n, scratch);
        }
    },
    /** Elements are (row, unit) pairs, of four gates and a cell. */
    LSTM_FORWARD("lstmForward 16×128", Rate.NS_PER_ELEMENT, 16 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            int n = ROWS * HIDDEN;
            float[] gates = floats(4 * n); // activated over and over: they stay between −1 and 1
            float[] cPrevious = floats(n);
            float[] c = new float[n];
            float[] output = new float[n];
            return () -> kernels.lstmForward(ROWS, HIDDEN, gates, 0, cPrevious, 0, c, 0, output, 0);
        }
    },
    /** As above, and a copy of the gates for each call, since they are replaced. */
    LSTM_BACKWARD("lstmBackward 16×128", Rate.NS_PER_ELEMENT, 16 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            int n = ROWS * HIDDEN;
            float[] activated = floats(4 * n);
            float[] gates = new float[4 * n];
            float[] cPrevious = floats(n);
            float[] c = floats(n);
            float[] dOutput = floats(n);
            float[] dc = new float[n];
            return () -> {
                System.arraycopy(activated, 0, gates, 0, gates.length);
                kernels.lstmBackward(ROWS, HIDDEN, gates, 0, cPrevious, 0, c, 0, dOutput, 0, dc, 0);
            };
        }
    },
    /** A gradient's way back through steps with forget gates of about a half: it vanishes within the first hundred. */
    LSTM_BACKWARD_VANISHING("lstmBackward 16×128, 500 steps", Rate.NS_PER_ELEMENT, 500 * 16 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            int n = ROWS * HIDDEN;
            float[] activated = floats(4 * n);
            for (int j = 0; j < activated.length; j++) {
                activated[j] = 0.5f + activated[j] / 10;
            }
            float[] gates = new float[4 * n];
            float[] cPrevious = floats(n);
            float[] c = floats(n);
            float[] dOutput = new float[n];
            float[] dc = new float[n];
            return () -> {
                Arrays.fill(dc, 1);
                for (int step = 0; step < 500; step++) {
                    System.arraycopy(activated, 0, gates, 0, gates.length);
                    kernels.lstmBackward(ROWS, HIDDEN, gates, 0, cPrevious, 0, c, 0, dOutput, 0, dc, 0);
                }
            };
        }
    },
    /** Elements are (memory, unit) pairs: each stands for a tanh. */
    MLP_SCORES("mlpScores N=50 A=128", Rate.NS_PER_ELEMENT, 50 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            int block = kernels.keyBlock();
            int rows = (MEMORIES + block - 1) / block * block;
            float[] query = exponentials(kernels, HIDDEN);
            float[] keys = exponentials(kernels, rows * HIDDEN);
            float[] w = floats(HIDDEN);
            float[] out = new float[rows];
            return () -> kernels.mlpScores(MEMORIES, HIDDEN, query, 0, keys, 0, w, 0, out, 0);
        }
    },
    /** Five of fifty memories. */
    MLP_SCORES_BACKWARD("mlpScoresBackward 5 of 50, A=128", Rate.NS_PER_ELEMENT, 5 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            int[] indices = {41, 3, 17, 28, 10};
            float[] dScores = {1e-3f, -2e-3f, 5e-4f, 1e-3f, -5e-4f};
            float[] query = exponentials(kernels, HIDDEN);
            float[] keys = exponentials(kernels, MEMORIES * HIDDEN);
            float[] w = floats(HIDDEN);
            float[] dQuery = new float[HIDDEN];
            float[] dKeys = new float[keys.length];
            float[] dw = new float[HIDDEN];
            return () -> kernels.mlpScoresBackward(
                    5, indices, 0, dScores, 0, HIDDEN, query, 0, keys, 0, w, 0, dQuery, 0, dKeys, 0, dw, 0);
        }
    },
    /** A shard's queries. */
    EXP2X("exp2x 16×128", Rate.NS_PER_ELEMENT, 16 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            float[] x = floats(ROWS * HIDDEN);
            float[] out = new float[x.length];
            return () -> kernels.exp2x(x.length, x, 0, out, 0);
        }
    },
    /** Elements are scores. */
    TOP_K("topK 5 of 50", Rate.NS_PER_ELEMENT, 50) {
        @Override
        Runnable body(Kernels kernels) {
            int sets = 256; // so many that no branch predictor learns them by heart
            float[] scores = floats(sets * MEMORIES);
            int[] indices = new int[5];
            float[] values = new float[5];
            int[] set = {0};
            return () -> {
                set[0] = (set[0] + 1) % sets;
                kernels.topK(MEMORIES, scores, set[0] * MEMORIES, 5, indices, 0, values, 0);
            };
        }
    },
    /** Five memories of a row. */
    WEIGHTED_SUM("weightedSum 5×128", Rate.NS_PER_ELEMENT, 5 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            int[] indices = {41, 3, 17, 28, 10};
            float[] weights = {.1f, .2f, .3f, .2f, .2f};
            float[] rows = floats(MEMORIES * HIDDEN);
            float[] out = new float[HIDDEN];
            return () -> kernels.weightedSum(5, indices, 0, weights, 0, HIDDEN, rows, 0, out, 0);
        }
    },
    /** As above; the rows' gradients grow from call to call. */
    WEIGHTED_SUM_BACKWARD("weightedSumBackward 5×128", Rate.NS_PER_ELEMENT, 5 * 128) {
        @Override
        Runnable body(Kernels kernels) {
            int[] indices = {41, 3, 17, 28, 10};
            float[] weights = {.1f, .2f, .3f, .2f, .2f};
            float[] rows = floats(MEMORIES * HIDDEN);
            float[] d = floats(HIDDEN);
            float[] dRows = new float[rows.length];
            float[] dWeights = new float[5];
            return () -> kernels.weightedSumBackward(
                    5, indices, 0, weights, 0, HIDDEN, rows, 0, d, 0, dRows, 0, dWeights, 0);
        }
    },
    /** Elements are parameters. */
    ADAM("adam 131072", Rate.NS_PER_ELEMENT, 1 << 17) {
        @Override
        Runnable body(Kernels kernels) {
            int n = 1 << 17;
            float[] x = floats(n);
            float[] g = floats(n);
            float[] m = new float[n];
            float[] v = new float[n];
            return () -> kernels.adam(n, 0, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.5f, x, g, m, v);
        }
    };

    private static final int ROWS = 16;
    private static final int HIDDEN = 128;
    private static final int MEMORIES = 50;

    private final String title;
    private final Rate rate;
    private final double work;

    KernelCase(String title, Rate rate, double work) {
        this.title = title;
        this.rate = rate;
        this.work = work;
    }

    /** A call on arrays of its own. */
    abstract Runnable body(Kernels kernels);

    /** The kernel and its shape. */
    public String title() {
        return title;
    }

    /** How its speed is told. */
    public Rate rate() {
        return rate;
    }

    /** Floating-point operations or elements of a call. */
    public double work() {
        return work;
    }

    private static Runnable gemm(Kernels kernels, int m, int n, int k) {
        float[] a = floats(m * k);
        float[] packed = new float[kernels.packedSize(k, n)];
        kernels.pack(k, n, floats(k * n), 0, n, 1, packed, 0);
        float[] c = new float[m * n];
        return () -> kernels.gemm(m, n, k, a, 0, k, packed, 0, c, 0, n, false);
    }

    /** Uniform on [−1, 1). */
    static float[] floats(int n) {
        RandomGenerator random = RandomStream.of(n, "bench");
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = 2 * random.nextFloat() - 1;
        }
        return x;
    }

    static float[] exponentials(Kernels kernels, int n) {
        float[] x = floats(n);
        kernels.exp2x(n, x, 0, x, 0);
        return Arrays.copyOf(x, n);
    }
}
