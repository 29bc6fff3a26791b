package org.sab4j.sweep;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

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
     * @param stop whether to put off all that is not over; asked often, from any thread
     */
    void run(List<Trial> trials, Consumer<TrialEvent> listener, BooleanSupplier stop);
}
