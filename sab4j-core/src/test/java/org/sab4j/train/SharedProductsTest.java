package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
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

    /** With one piece three threads help, with five none but at the end. */
    @ParameterizedTest(name = "{0}, {1} × {2} × {3}")
    @MethodSource("shapes")
    void sameBits(Kernels kernels, int m, int n, int k) {
        float[] a = numbers(1, m * k);
        float[] b = numbers(2, k * n);
        float[] before = numbers(3, m * n);
        float[] expected = all(kernels, m, n, k, a, b, before);
        try (ThreadTeam team = new ThreadTeam(4)) {
            Products products = team.products(kernels, LARGE);
            for (int pieces : new int[] {1, 2, 5}) {
                team.run(
                        pieces,
                        (worker, piece) ->
                                assertThat(all(products, m, n, k, a, b, before)).isEqualTo(expected));
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
        Trained one = trained(task, large, 1);
        Trained three = trained(task, large, 3);
        assertThat(three.losses).isEqualTo(one.losses);
        assertThat(three.state.parameters()).isEqualTo(one.state.parameters());
        assertThat(three.state.average).isEqualTo(one.state.average);
    }

    /** What training comes to: the losses of updates and evaluations, and the parameters. */
    private record Trained(List<Double> losses, TrainState state) {}

    private static Trained trained(Task task, ModelConfig config, int threads) {
        Kernels kernels = KernelProviders.kernels();
        try (ThreadTeam team = new ThreadTeam(threads)) {
            Products products = team.products(kernels, config.hidden());
            assertThat(products instanceof SharedProducts).isEqualTo(threads > 1);
            SequenceModel model = new SequenceModel(config, kernels, products);
            Initialization.PLAIN.apply(model, RandomStream.of(7, "init"));
            float[] before = model.parameters().clone();
            TrainState state = TrainState.start(model, 7);
            List<Double> losses = new ArrayList<>();
            new Trainer(model, task, Session.config(2, 1, 1, 0.9, 3), state, team)
                    .run(
                            event -> {
                                switch (event) {
                                    case TrainEvent.Updated updated -> losses.add(updated.loss());
                                    case TrainEvent.Evaluated evaluated -> losses.add(evaluated.loss());
                                    default -> {
                                        // no loss
                                    }
                                }
                            },
                            () -> false);
            assertThat(losses).hasSize(4);
            assertThat(model.parameters()).isNotEqualTo(before);
            return new Trained(losses, state);
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
    void oneKindOfKernels() {
        try (ThreadTeam team = new ThreadTeam(2)) {
            Kernels kernels = KernelProviders.kernels();
            assertThat(team.products(kernels, LARGE)).isSameAs(team.products(kernels, LARGE));
            assertThatThrownBy(() -> team.products(watched("", () -> {}), LARGE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The caller sees to it that another thread takes a piece, in which it fails. */
    @ParameterizedTest
    @ValueSource(strings = {"pack", "gemm", "gemmTransposedA"})
    void othersHelpAndTheirFailuresReachWhoAskedForTheProduct(String method) {
        Thread caller = Thread.currentThread();
        AtomicInteger pieces = new AtomicInteger();
        Kernels watched = watched(method, () -> {
            pieces.incrementAndGet();
            if (Thread.currentThread() != caller) {
                throw new IllegalStateException("by another thread");
            }
        });
        int n = 1024;
        try (ThreadTeam team = new ThreadTeam(2)) {
            Products products = team.products(watched, LARGE);
            long start = System.nanoTime();
            assertThatThrownBy(() -> team.run(1, (worker, piece) -> {
                        while (System.nanoTime() - start < 60e9) { // the other thread may begin late
                            pieces.set(0);
                            all(products, n, n, 256, new float[n * 256], new float[256 * n], new float[n * n]);
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("by another thread");
            assertThat(pieces.get()).isIn(8, 16); // the rest is done all the same; there are two products
        }
    }

    /** Kernels that say when one of their methods begins. */
    private static Kernels watched(String name, Runnable before) {
        Kernels kernels = KernelProviders.kernels();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(name)) {
                        before.run();
                    }
                    return method.invoke(kernels, arguments);
                });
    }
}
