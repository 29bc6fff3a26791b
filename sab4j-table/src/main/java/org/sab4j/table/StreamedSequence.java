package org.sab4j.table;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.OnlineState;
import org.sab4j.model.Reminder;
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
    private @Nullable BigDecimal order; // of the latest row; null where there is none but that of the rows

    StreamedSequence(SequenceModel model, WritePolicy policy, Windows windows) {
        this(model, policy, windows, model.start(policy), null, 0, null);
    }

    /** One that goes on. */
    StreamedSequence(
            SequenceModel model,
            WritePolicy policy,
            Windows windows,
            OnlineState state,
            @Nullable OnlineState next,
            long steps,
            @Nullable BigDecimal order) {
        this.model = model;
        this.policy = policy;
        this.windows = windows;
        this.state = state;
        this.next = next;
        this.steps = steps;
        this.order = order;
    }

    /** The states of the pieces that it is in, one or two. */
    List<OnlineState> states() {
        return next == null ? List.of(state) : List.of(state, next);
    }

    /** Of the latest row; null where the model knows of no order but that of the rows. */
    @Nullable
    BigDecimal order() {
        return order;
    }

    /** How many steps it has had. */
    long steps() {
        return steps;
    }

    /**
     * A memory that a step was reminded of.
     *
     * @param step of the sequence, from 1; a piece's steps, not a sequence's, are bounded
     * @param weight as in {@link Reminder}
     */
    record Reminded(long step, float weight) {}

    /** What the latest step was reminded of. */
    List<Reminded> reminders() {
        long before = steps - state.steps(); // the piece's first step
        return state.reminders().stream()
                .map(reminder -> new Reminded(before + reminder.step() + 1, reminder.weight()))
                .toList();
    }

    /** Whether a row with that order, if there is one, comes behind those before. */
    boolean follows(@Nullable BigDecimal newOrder) {
        return newOrder == null || order == null || newOrder.compareTo(order) > 0;
    }

    /**
     * The outputs after one more step.
     *
     * @throws IllegalArgumentException if the model has been prepared again since the sequence, or the piece that it is in, began; the
     *     sequence is left as it was
     * @throws ArithmeticException if the inputs, or the model's weights, are too large; the sequence is left as it was, but for its
     *     older piece, which is moved on where only the newer one's step fails
     * @throws IllegalStateException if the sequence has more memories than an array holds
     */
    float[] step(float[] inputs, @Nullable BigDecimal newOrder) {
        OnlineState current = state;
        OnlineState following = next;
        if (windows.cuts() && steps > 0 && steps % windows.stride() == 0) {
            current = following == null ? current : following;
            following = model.start(policy);
        }
        // The older piece first: where the model has been prepared again, or the memories are too many, neither is
        // moved on.
        float[] outputs = model.step(inputs, current).outputs();
        if (following != null) {
            model.step(inputs, following);
        }
        state = current;
        next = following;
        order = newOrder == null ? order : newOrder;
        steps++;
        return outputs;
    }
}
