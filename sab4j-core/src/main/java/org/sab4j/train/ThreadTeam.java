package org.sab4j.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;

/** A fixed number of threads that share out pieces of work; the calling thread is one of them, and calls come one after the other. */
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
    private final AtomicBoolean running = new AtomicBoolean();
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
     * products of those that have one if the model {@linkplain #shares is large}: from then on a run wakes all threads, and those without
     * a piece look out for work until it ends. The bits are those of {@code kernels}, which it is otherwise.
     *
     * @param kernels the same for all models of a team
     */
    public Products products(Kernels kernels, int hidden) {
        if (threads == 1 || !shares(hidden)) {
            return kernels;
        }
        if (shared == null) {
            shared = new SharedProducts(kernels, threads);
        } else if (!shared.kernels().equals(kernels)) {
            throw new IllegalArgumentException("A team's models have the same kernels");
        }
        return shared;
    }

    /** Whether a model has so many recurrent weights, 4 MiB, that threads share its products. */
    public static boolean shares(int hidden) {
        return hidden >= 512;
    }

    /**
     * Runs all pieces and returns when the last is done. When one fails, no other is begun, and what it threw is thrown.
     *
     * @throws IllegalStateException if a run is under way, as a piece can't have pieces, or the team is closed
     */
    public void run(int pieces, Work work) {
        if (others.isShutdown()) {
            throw new IllegalStateException("The team is closed");
        }
        if (!running.compareAndSet(false, true)) {
            throw new IllegalStateException("The team is at work already");
        }
        try {
            new Round(pieces, work, shared).run();
        } finally {
            running.set(false);
        }
    }

    /** One call of {@link #run}. */
    private final class Round {

        private final int pieces;
        private final Work work;
        private final @Nullable SharedProducts products;
        private final int helpers;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger working;
        private final CountDownLatch done;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final BooleanSupplier over = this::isOver;

        Round(int pieces, Work work, @Nullable SharedProducts products) {
            this.pieces = pieces;
            this.work = work;
            this.products = products;
            helpers = Math.max(0, (products == null ? Math.min(threads, pieces) : threads) - 1);
            working = new AtomicInteger(helpers + 1);
            done = new CountDownLatch(helpers);
        }

        private boolean isOver() {
            return working.get() == 0;
        }

        void run() {
            int started = 0;
            try {
                while (started < helpers) {
                    int worker = started + 1;
                    others.execute(() -> {
                        try {
                            takePart(worker);
                        } finally {
                            done.countDown();
                        }
                    });
                    started++;
                }
            } finally {
                for (int missing = started;
                        missing < helpers;
                        missing++) { // or those that have started would wait for them
                    working.decrementAndGet();
                    done.countDown();
                }
                try {
                    takePart(0);
                } finally {
                    await(done);
                }
            }
            rethrow(failure.get());
        }

        /** A thread's part: pieces as long as there are any, then the products of others. */
        private void takePart(int worker) {
            try {
                while (worker < pieces && failure.get() == null) { // others have no buffers
                    int piece = next.getAndIncrement();
                    if (piece >= pieces) {
                        break;
                    }
                    work.run(worker, piece);
                }
            } catch (Throwable e) { // other languages throw checked exceptions unannounced
                failure.compareAndSet(null, e);
            } finally {
                working.decrementAndGet();
            }
            if (products != null) {
                products.help(worker, over);
            }
        }
    }

    /** Throws what a thread threw, if one did. */
    static void rethrow(@Nullable Throwable thrown) {
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
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
