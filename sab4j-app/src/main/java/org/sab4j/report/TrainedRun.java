package org.sab4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sab4j.batch.Batch;
import org.sab4j.run.OpenTask;
import org.sab4j.run.RunException;
import org.sab4j.run.Shell;
import org.sab4j.run.TrainedModel;
import org.sab4j.task.Task;

/** A run's best model, with what it takes to explain it. */
public final class TrainedRun {

    /** The most steps of an explanation's sequences together: with more, a page is too large to be drawn. */
    private static final int MOST_STEPS = 10_000;

    private final TrainedModel trained;
    private final Task task;
    private final Explainer explainer;

    /**
     * A model and its task.
     *
     * @param opened what it was trained on, which whoever has opened it closes
     */
    public TrainedRun(TrainedModel trained, OpenTask opened) {
        this.trained = trained;
        task = opened.task();
        explainer = new Explainer(trained.model());
    }

    /** What it was trained on. */
    public Task task() {
        return task;
    }

    /** Where the model lies, and when it was found. */
    public TrainedModel trained() {
        return trained;
    }

    /** How its steps look. */
    public Look look() {
        return Looks.of(task);
    }

    /** Explains one sequence at a time. */
    public Explainer explainer() {
        return explainer;
    }

    /** Sequences that had no part in training. */
    public Sequences sequences() {
        return new Sequences(task, trained.seed());
    }

    /**
     * The explanation of the first few of those sequences, as many as a page can show.
     *
     * @throws RunException also if the first is too long for a page
     */
    public Explanation explanation(int count) throws RunException {
        Sequences unseen = sequences();
        List<Explanation.Sequence> explained = new ArrayList<>();
        int steps = 0;
        for (int i = 0; i < Math.min(count, unseen.count()); i++) {
            Batch sequence = unseen.at(i);
            steps += sequence.steps();
            if (i == 0 && steps > MOST_STEPS) {
                throw new RunException(String.format(
                        Locale.ROOT,
                        "a sequence has %,d steps, and a page shows %,d at the most: %s shows it",
                        steps,
                        MOST_STEPS,
                        Shell.sab("explain", trained.file())));
            } else if (steps > MOST_STEPS) {
                break;
            }
            explained.add(explainer.explain("sequence " + (i + 1), sequence, task.reportFrom(), null));
        }
        return explainer.together(trained.update(), look(), explained);
    }
}
