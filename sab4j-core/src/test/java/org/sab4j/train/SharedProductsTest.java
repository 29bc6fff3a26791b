package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;

/** Who computes a piece of a product changes nothing but the time. */
class SharedProductsTest {

    private static final int LARGE = 512;

    static Stream<Arguments> shapes() {
        return Stream.of(KernelProviders.kernels(), new ScalarKernels())
                .flatMap(kernels -> Stream.of(
                                new int[] {32, 2048, 512},
                                new int[] {5, 1999, 251},
                                new int[] {1, 700, 2800},
                                new int[] {33, 257, 300},
                                new int[] {4, 8, 4}, // too small to be cut
                                new int[] {700, 513, 3})
                        .map(shape -> Arguments.of(kernels, shape[0], shape[1], shape[2])));
    }

    /** Two threads with a product each and two that help both, again and again. */
    @ParameterizedTest(name = "{0}, {1} × {2} × {3}")
    @MethodSource("shapes")
    void sameBits(Kernels kernels, int m, int n, int k) {
        float[] a = numbers(1, m * k);
        float[] b = numbers(2, k * n);
        float[] before = numbers(3, m * n);
        try (ThreadTeam team = new ThreadTeam(4)) {
            Products products = team.products(kernels, LARGE);
            for (int pieces : new int[] {1, 2, 5}) {
                float[][] found = new float[pieces][];
                team.run(pieces, (worker, piece) -> {
                    for (int round = 0; round < 3; round++) {
                        found[piece] = all(products, m, n, k, a, b, before);
                    }
                });
                float[] expected = all(kernels, m, n, k, a, b, before);
                for (float[] one : found) {
                    assertThat(one).isEqualTo(expected);
                }
            }
        }
    }

    /** A · B overwriting, A · B added, and Aᵀ · B, after one another. */
    private static float[] all(Products products, int m, int n, int k, float[] a, float[] b, float[] before) {
        float[] packed = new float[products.packedSize(k, n)];
        products.pack(k, n, b, 0, n, 1, packed, 0);
        float[] result = Arrays.copyOf(before, 3 * m * n);
        System.arraycopy(before, 0, result, m * n, m * n);
        System.arraycopy(before, 0, result, 2 * m * n, m * n);
        products.gemm(m, n, k, a, 0, k, packed, 0, result, 0, n, false);
        products.gemm(m, n, k, a, 0, k, packed, 0, result, m * n, n, true);
        float[] scratch = new float[Products.SCRATCH];
        products.gemmTransposedA(m, n, k, a, 0, m, b, 0, n, result, 2 * m * n, n, scratch);
        return result;
    }

    private static float[] numbers(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.nextDouble() - 0.5f;
        }
        return numbers;
    }

    /** Training of a model that shares its products is that of one that doesn't. */
    @Test
    void sameTraining() {
        Task task = new CopyTask(1);
        ModelConfig large = ModelConfig.sab(task.inputs(), LARGE, task.outputs());
        assertThat(trained(task, large, 3)).isEqualTo(trained(task, large, 1));
    }

    private static float[] trained(Task task, ModelConfig config, int threads) {
        Kernels kernels = KernelProviders.kernels();
        try (ThreadTeam team = new ThreadTeam(threads)) {
            Products products = team.products(kernels, config.hidden());
            assertThat(products instanceof SharedProducts).isEqualTo(threads > 1);
            SequenceModel model = new SequenceModel(config, kernels, products);
            Initialization.PLAIN.apply(model, RandomStream.of(7, "init"));
            float[] before = model.parameters().clone();
            TrainConfig two = Session.config(2, 1, 1, 0.9, 3);
            new Trainer(model, kernels, task, two, TrainState.start(model, 7), team).run(event -> {}, () -> false);
            assertThat(model.parameters()).isNotEqualTo(before);
            return model.parameters();
        }
    }

    @Test
    void smallModelsShareNothing() {
        Kernels kernels = KernelProviders.kernels();
        try (ThreadTeam team = new ThreadTeam(2)) {
            assertThat(team.products(kernels, LARGE - 1)).isSameAs(kernels);
            assertThat(team.products(kernels, LARGE)).isNotSameAs(kernels);
        }
    }

    @Test
    @Timeout(60)
    void othersHelpAndTheirFailuresReachWhoAskedForTheProduct() {
        Thread caller = Thread.currentThread();
        AtomicInteger pieces = new AtomicInteger();
        Kernels watched = watched(() -> {
            pieces.incrementAndGet();
            if (Thread.currentThread() != caller) {
                throw new IllegalStateException("by another thread");
            }
        });
        int m = 32;
        int n = 2048;
        int k = 512;
        try (ThreadTeam team = new ThreadTeam(2)) {
            Products products = team.products(watched, LARGE);
            float[] packed = new float[products.packedSize(k, n)];
            assertThatThrownBy(() -> team.run(1, (worker, piece) -> {
                        while (true) { // the other thread may begin late
                            pieces.set(0);
                            products.gemm(m, n, k, new float[m * k], 0, k, packed, 0, new float[m * n], 0, n, false);
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("by another thread");
            assertThat(pieces.get()).isEqualTo(8); // the rest is done all the same
        }
    }

    /** Kernels that say when a product of theirs begins. */
    private static Kernels watched(Runnable before) {
        Kernels kernels = KernelProviders.kernels();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("gemm")) {
                        before.run();
                    }
                    return method.invoke(kernels, arguments);
                });
    }
}
