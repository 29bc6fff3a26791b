package org.sab4j.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;

/** A fixed number of threads that share out pieces of work; the calling thread is one of them. */
public final class ThreadTeam implements AutoCloseable {

    /** A piece of work. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does a piece.
         *
         * @param worker which thread runs it, 0 … the lesser of threads and pieces, − 1
         * @param piece which piece
         */
        void run(int worker, int piece);
    }

    private final int threads;
    private final ExecutorService others;
    private @Nullable SharedProducts shared;

    /** A team of at least one thread. */
    public ThreadTeam(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("There must be at least 1 thread: " + threads);
        }
        this.threads = threads;
        others = Executors.newFixedThreadPool(
                Math.max(1, threads - 1),
                Thread.ofPlatform().daemon().name("sab4j-", 1).factory());
    }

    /** How many threads there are. */
    public int threads() {
        return threads;
    }

    /**
     * What a model of so many hidden units is to compute its products with. Threads of the team that have no piece take part in the large
     * products of those that have one if the model {@linkplain #shares is large}. The bits are those of {@code kernels}, which it is
     * otherwise.
     */
    public Products products(Kernels kernels, int hidden) {
        if (threads == 1 || !shares(hidden)) {
            return kernels;
        }
        if (shared == null) {
            shared = new SharedProducts(kernels, threads);
        }
        return shared;
    }

    /** Whether a model has so many recurrent weights, 4 MiB, that threads share its products. */
    public static boolean shares(int hidden) {
        return hidden >= 512;
    }

    /** Runs all pieces and returns when the last is done; throws what the first failing one threw. */
    public void run(int pieces, Work work) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        SharedProducts products = shared;
        int helpers = Math.max(0, (products == null ? Math.min(threads, pieces) : threads) - 1);
        AtomicInteger working = new AtomicInteger(helpers + 1);
        CountDownLatch done = new CountDownLatch(helpers);
        IntConsumer share = worker -> {
            if (worker < pieces) { // others have no buffers
                take(worker, pieces, work, next, failure);
            }
            working.decrementAndGet();
            if (products != null) {
                products.help(worker, () -> working.get() == 0);
            }
        };
        for (int worker = 1; worker <= helpers; worker++) {
            int id = worker;
            others.execute(() -> {
                share.accept(id);
                done.countDown();
            });
        }
        share.accept(0);
        await(done);
        rethrow(failure.get());
    }

    /** Throws what a thread threw, if one did. */
    static void rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
    }

    private static void take(
            int worker, int pieces, Work work, AtomicInteger next, AtomicReference<@Nullable Throwable> failure) {
        try {
            for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                work.run(worker, piece);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    /** The pieces write to arrays of ours, so an interrupted caller waits for them all the same. */
    private static void await(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
