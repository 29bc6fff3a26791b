package org.sab4j.sweep;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries trials out: in this process ({@link LocalTrialRunner}), or wherever an implementation takes them, which then calls
 * {@link TrialWork} there. A trial's folder must be in a file system that both ends see.
 */
public interface TrialRunner {

    /**
     * Carries out trials, begun in their order, and returns when each is over or put off. A trial that fails does not stop the
     * rest.
     *
     * @param listener is told what happens, by one thread at a time
     * @param stop whether to put off what is not over; asked often, from any thread
     */
    void run(List<Trial> trials, Consumer<TrialEvent> listener, Supplier<Stop> stop);
}
