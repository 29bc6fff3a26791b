package org.sab4j.bench.torch;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.sab4j.bench.Update;
import org.sab4j.bench.Yardstick;
import org.sab4j.train.ThreadTeam;

/**
 * OpenBLAS's product of two square matrices. Each thread of ours computes some columns of it, as OpenBLAS's own threads go on
 * spinning for a while, at the cost of whoever comes next.
 */
public final class OpenBlasProduct implements Yardstick {

    private static final int N = 2048;

    /** For {@link java.util.ServiceLoader}. */
    public OpenBlasProduct() {}

    @Override
    public String title() {
        return "OpenBLAS " + Torch.version("openblas") + ", " + N + "³";
    }

    @Override
    public double flops() {
        return 2.0 * N * N * N;
    }

    @Override
    public Update start(int threads) {
        Torch.threads(threads);
        return new Product(threads);
    }

    private static final class Product implements Update {

        private final ThreadTeam team;
        private final FloatPointer a = matrix();
        private final FloatPointer b = matrix();
        private final FloatPointer c = new FloatPointer((long) N * N);

        Product(int threads) {
            team = new ThreadTeam(threads);
        }

        private static FloatPointer matrix() {
            FloatPointer values = new FloatPointer((long) N * N);
            for (int i = 0; i < N * N; i++) {
                values.put(i, (float) Math.sin(i));
            }
            return values;
        }

        @Override
        public double run() {
            int threads = team.threads();
            team.run(threads, (worker, piece) -> {
                int from = N * piece / threads;
                int columns = N * (piece + 1) / threads - from;
                cblas_sgemm(
                        CblasRowMajor,
                        CblasNoTrans,
                        CblasNoTrans,
                        N,
                        columns,
                        N,
                        1,
                        a,
                        N,
                        b.getPointer(from),
                        N,
                        0,
                        c.getPointer(from),
                        N);
            });
            return c.get();
        }

        @Override
        public void close() {
            team.close();
            a.close();
            b.close();
            c.close();
        }
    }
}
