package org.sab4j.run;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sab4j.train.TrainEvent;

/**
 * Keeps in a run's folder what happens.
 *
 * <p>The order is what makes a killed run go on to the same bits. A checkpoint is written between two updates, when an
 * evaluation is over and did not end the training, and after the metrics' lines up to there: what a resumed run does
 * again is then exactly what the checkpoint does not have. The best model may be newer than the checkpoint; the resumed
 * run finds and writes the same one again.
 */
final class Recorder {

    static final long BETWEEN_CHECKPOINTS = 30_000_000_000L; // ns

    private final Experiment experiment;
    private final RunDirectory directory;
    private final Metrics metrics;
    private final @Nullable AttentionLog attention;
    private final long between; // ns
    private boolean due;
    private long saved; // the update
    private long savedAt; // ns

    /** What could not be kept, through code that knows no checked exceptions. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(Exception cause) {
            super(cause);
        }

        /** The sentence for the user. */
        RunException reason() {
            Throwable cause = Objects.requireNonNull(getCause());
            return cause instanceof RunException known ? known : new RunException(String.valueOf(cause.getMessage()));
        }
    }

    /**
     * A recorder, which begins with a checkpoint where {@code due}.
     *
     * @param attention null for a model without
     * @param between ns from a checkpoint to the next, where no number of updates is set
     */
    Recorder(
            Experiment experiment,
            RunDirectory directory,
            Metrics metrics,
            @Nullable AttentionLog attention,
            boolean due,
            long between) {
        this.experiment = experiment;
        this.directory = directory;
        this.metrics = metrics;
        this.attention = attention;
        this.due = due;
        this.between = between;
        saved = experiment.state().update();
        savedAt = System.nanoTime();
    }

    /** Keeps an event. */
    void accept(TrainEvent event) {
        try {
            if (event instanceof TrainEvent.Evaluated evaluated) {
                evaluated(evaluated);
            }
            metrics.accept(event, experiment.state().milliseconds() / 1000);
            due |= event instanceof TrainEvent.Evaluated;
            if (event instanceof TrainEvent.Finished finished) {
                save(finished.reason());
            }
        } catch (RunException | IOException e) {
            throw new Failure(e);
        }
    }

    private void evaluated(TrainEvent.Evaluated evaluated) throws RunException, IOException {
        if (evaluated.best()) {
            TrainedModel.write(
                    directory.folder().model(),
                    experiment.config(),
                    experiment.task(),
                    experiment.evaluated(),
                    evaluated);
        }
        if (attention != null) {
            attention.accept(evaluated.update(), experiment.evaluated());
        }
    }

    /** Writes a checkpoint if it is time. The state is whole, and training goes on. */
    void betweenUpdates() {
        if (due
                || isTime(
                        experiment.config().checkpointEvery(),
                        experiment.state().update())) {
            try {
                save(null);
            } catch (RunException | IOException e) {
                throw new Failure(e);
            }
        }
    }

    private boolean isTime(long every, long update) {
        boolean now = every > 0 ? update % every == 0 : System.nanoTime() - savedAt >= between;
        return now && update > saved;
    }

    private void save(TrainEvent.@Nullable Reason ended) throws RunException, IOException {
        metrics.force();
        if (attention != null) {
            attention.force();
        }
        Checkpoint.write(
                directory.folder().checkpoint(),
                experiment.config(),
                experiment.task(),
                experiment.kernels(),
                experiment.state(),
                ended);
        due = false;
        saved = experiment.state().update();
        savedAt = System.nanoTime();
    }
}
