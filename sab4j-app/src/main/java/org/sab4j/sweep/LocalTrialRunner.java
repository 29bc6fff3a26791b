package org.sab4j.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sab4j.kernels.Kernels;

/**
 * Trials as threads of this process.
 *
 * <p>Threads, not processes: training allocates nothing and holds no lock, so trials don't get in each other's way; code is
 * compiled once for all; and all ends together, with nobody left behind, however the process ends. What a kill loses is what
 * the runs themselves lose, the updates since their last checkpoints.
 *
 * @param parallel trials at once
 */
public record LocalTrialRunner(int parallel, Kernels kernels) implements TrialRunner {

    @Override
    public void run(List<Trial> trials, Consumer<TrialEvent> listener, Supplier<Stop> stop) {
        Queue<Trial> waiting = new ConcurrentLinkedQueue<>(trials);
        Object turn = new Object();
        AtomicBoolean broken = new AtomicBoolean();
        Supplier<Stop> halt = () -> broken.get() ? Stop.NOW : stop.get();
        Consumer<TrialEvent> inTurn = event -> {
            synchronized (turn) {
                listener.accept(event);
            }
        };
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(parallel)) {
            for (int worker = 0; worker < Math.min(parallel, trials.size()); worker++) {
                workers.add(pool.submit(() -> {
                    try {
                        for (Trial trial = waiting.poll();
                                trial != null && halt.get() == Stop.NOT;
                                trial = waiting.poll()) {
                            new TrialWork(trial, kernels, inTurn, halt).run();
                        }
                    } catch (Throwable e) { // the listener's: the others must not go on unheard
                        broken.set(true);
                        throw e;
                    }
                }));
            }
        }
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
