package org.sab4j.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.OpenTask;
import org.sab4j.run.RunException;
import org.sab4j.run.TrainedModel;
import org.sab4j.task.Task;

/** A run's best model, with what it takes to explain it. */
public final class TrainedRun implements AutoCloseable {

    private final TrainedModel trained;
    private final OpenTask opened;
    private final Explainer explainer;

    private TrainedRun(TrainedModel trained, OpenTask opened) {
        this.trained = trained;
        this.opened = opened;
        explainer = new Explainer(trained.model());
    }

    /** Reads the model of a run's folder, or a model.safetensors. */
    public static TrainedRun read(Path path, Kernels kernels) throws RunException, IOException {
        return of(TrainedModel.read(path, kernels));
    }

    /** The same of a model that has been read. */
    public static TrainedRun of(TrainedModel trained) throws RunException, IOException {
        return new TrainedRun(trained, trained.open(null));
    }

    /** What it was trained on. */
    public Task task() {
        return opened.task();
    }

    /** Where the model lies, and when it was found. */
    public TrainedModel trained() {
        return trained;
    }

    /** How its steps look. */
    public Look look() {
        return Looks.of(task());
    }

    /** Explains one sequence at a time. */
    public Explainer explainer() {
        return explainer;
    }

    /** Sequences that had no part in training. */
    public Sequences sequences() {
        return new Sequences(task(), trained.seed());
    }

    /** The explanation of the first few of those sequences. */
    public Explanation explanation(int count) throws RunException {
        Sequences unseen = sequences();
        List<Explanation.Sequence> explained = new ArrayList<>();
        for (int i = 0; i < Math.min(count, unseen.count()); i++) {
            explained.add(explainer.explain("sequence " + (i + 1), unseen.at(i), task().reportFrom(), null));
        }
        return explainer.together(trained.update(), look(), explained);
    }

    @Override
    public void close() {
        opened.close();
    }
}
