package org.sab4j.cli;

import java.util.function.Consumer;
import org.sab4j.run.Run;
import org.sab4j.train.TrainEvent;

/** How the user follows a run. */
sealed interface Progress extends Consumer<TrainEvent> permits JsonProgress, TextProgress {

    /** Before the first update. */
    void begin(Run run);

    /** While an update or an evaluation that takes long is under way; see {@link org.sab4j.train.Pace}. */
    void within(long update, boolean evaluating, double share);

    /** After the last one; {@code seconds} is how long this sitting was. */
    void end(Run run, TrainEvent.Reason reason, double seconds);
}
