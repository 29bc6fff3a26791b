package org.sab4j.sweep;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sab4j.train.TrainEvent;

/** What happens in a sweep. */
public sealed interface TrialEvent {

    /** Where it happens. */
    Trial trial();

    /**
     * A trial begins, or goes on.
     *
     * @param update at which it stands
     * @param notes what the user should know before it does: sentences
     */
    record Began(Trial trial, long update, List<String> notes) implements TrialEvent {}

    /** Something happens in its training. */
    record Trained(Trial trial, TrainEvent event) implements TrialEvent {}

    /** Its best model is being measured; {@code done} sequences are. */
    record Testing(Trial trial, int length, int done) implements TrialEvent {}

    /** It is over. */
    record Ended(Trial trial, TrialRecord record) implements TrialEvent {}

    /**
     * It is not over, and nothing more is done for it now.
     *
     * @param reason a sentence; null where somebody asked to stop
     */
    record PutOff(Trial trial, @Nullable String reason) implements TrialEvent {}
}
