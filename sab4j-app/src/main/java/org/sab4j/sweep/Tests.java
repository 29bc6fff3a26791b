package org.sab4j.sweep;

import java.util.List;

/**
 * On what a trial's best model is measured when its training is over: sequences that had no part in training or in choosing it.
 *
 * @param sequences how many at each length
 * @param lengths the task's lengths; empty for that of the training
 */
public record Tests(int sequences, List<Integer> lengths) {

    /** The length of the training, 2,048 sequences. */
    public static final Tests DEFAULT = new Tests(2048, List.of());

    /** Copies the list. */
    public Tests {
        lengths = List.copyOf(lengths);
    }

    /** The lengths, for a model that was trained at {@code trained}. */
    public List<Integer> lengths(int trained) {
        return lengths.isEmpty() ? List.of(trained) : lengths;
    }
}
