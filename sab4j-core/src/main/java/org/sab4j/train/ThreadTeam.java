package org.sab4j.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A fixed number of threads that share out pieces of work; the calling thread is one of them. */
public final class ThreadTeam implements AutoCloseable {

    /** A piece of work. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does a piece.
         *
         * @param worker which thread runs it, 0 … threads − 1
         * @param piece which piece
         */
        void run(int worker, int piece);
    }

    private final int threads;
    private final ExecutorService others;

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

    /** Runs all pieces and returns when the last is done; throws what the first failing one threw. */
    public void run(int pieces, Work work) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int helpers = Math.min(threads, pieces) - 1;
        CountDownLatch done = new CountDownLatch(Math.max(0, helpers));
        for (int worker = 1; worker <= helpers; worker++) {
            int id = worker;
            others.execute(() -> {
                take(id, pieces, work, next, failure);
                done.countDown();
            });
        }
        take(0, pieces, work, next, failure);
        await(done);
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
    }

    private static void take(
            int worker, int pieces, Work work, AtomicInteger next, AtomicReference<Throwable> failure) {
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
