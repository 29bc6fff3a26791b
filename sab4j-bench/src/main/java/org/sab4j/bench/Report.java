package org.sab4j.bench;

import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Compare} has measured, as it writes it in JSON.
 *
 * @param when in UTC
 * @param peers the peers' names and what they are made of
 * @param options as given or by default
 */
public record Report(
        String when,
        Machine machine,
        SequencedMap<String, String> peers,
        SequencedMap<String, Object> options,
        List<KernelRate> kernels,
        List<Comparison> comparisons) {

    /** Copies the lists. */
    public Report {
        kernels = List.copyOf(kernels);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * A model on so many threads.
     *
     * @param arithmetic what an update needs
     * @param limit milliseconds: the arithmetic at the measured rates of our kernels on as many threads
     * @param share of the limit that our update reaches, 0 … 1
     * @param outcomes ours first
     * @param reference the update beside a large product of another library; null where there is none
     */
    public record Comparison(
            String model,
            int threads,
            int steps,
            Arithmetic arithmetic,
            double limit,
            double share,
            List<Contest.Outcome> outcomes,
            @Nullable Reference reference) {

        /** Copies the list. */
        public Comparison {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * An update beside a {@link Yardstick}, measured by turns on as many threads.
     *
     * @param title the yardstick's
     * @param gflops its rate
     * @param share the rate of the update, all its operations in products by its whole time, as a share of it in the same round
     */
    public record Reference(String title, Spread gflops, Spread share) {}
}
