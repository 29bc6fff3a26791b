package org.sab4j.table;

import org.jspecify.annotations.Nullable;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.OnlineState;
import org.sab4j.model.SequenceModel;

/**
 * A sequence whose steps come one by one. It is seen in pieces as {@link Windows} says, so that what it takes of memory is bounded by
 * a window; without windows it is bounded by the policy alone.
 */
final class StreamedSequence {

    private final SequenceModel model;
    private final WritePolicy policy;
    private final Windows windows;
    private OnlineState state;
    private @Nullable OnlineState next; // of the piece that began half a window later
    private long steps;
    private double order = Double.NaN; // of the latest row that said

    StreamedSequence(SequenceModel model, WritePolicy policy, Windows windows) {
        this.model = model;
        this.policy = policy;
        this.windows = windows;
        state = model.start(policy);
    }

    /** How many steps it has had. */
    long steps() {
        return steps;
    }

    /** Whether a row with that order comes behind those before. */
    boolean follows(double newOrder) {
        return Double.isNaN(newOrder) || !(newOrder <= order);
    }

    /** The outputs after one more step. */
    float[] step(float[] inputs, double newOrder) {
        if (windows.cuts() && steps > 0 && steps % windows.stride() == 0) {
            if (next != null) {
                state = next;
            }
            next = model.start(policy);
        }
        if (!Double.isNaN(newOrder)) {
            order = newOrder;
        }
        steps++;
        if (next != null) {
            model.step(inputs, next);
        }
        return model.step(inputs, state).outputs();
    }
}
