package org.sab4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.Reason;
import org.sab4j.run.RunException;
import org.sab4j.run.RunRecord;

/** A run as it is shown: its settings and its history, which can be brought up to date while it goes on, by one thread at a time. */
public final class RunView {

    private final RunRecord run;
    private final History history = new History();
    private final AttentionHistory attention = new AttentionHistory();
    private final LineTail metricsTail;
    private final LineTail attentionTail;
    private @Nullable Explanation explanation;

    private RunView(RunRecord run) {
        this.run = run;
        metricsTail = new LineTail(run.metrics());
        attentionTail = new LineTail(run.attention());
    }

    /** Reads the run of a folder as far as it has come. */
    public static RunView read(Path path) throws RunException {
        RunView view = new RunView(RunRecord.read(path));
        view.update();
        return view;
    }

    /** Reads what has been added since. */
    public synchronized void update() throws RunException {
        try {
            metricsTail.read(history::accept, history::clear);
            attentionTail.read(attention::accept, attention::clear);
        } catch (IOException e) {
            throw new RunException("the files of " + run.path() + " cannot be read: " + Reason.of(e));
        }
    }

    /** Explains some unseen sequences, where there is a model of a task that can be had. */
    public synchronized void explain(int sequences, Kernels kernels) throws RunException {
        if (!Files.exists(run.model())) {
            return; // the first is kept at the first evaluation
        }
        try {
            explanation = TrainedRun.read(run.path(), kernels).explanation(sequences);
        } catch (IOException e) {
            throw new RunException(Reason.of(e));
        } catch (OutOfMemoryError | ArithmeticException | NegativeArraySizeException e) {
            throw new RunException(run.model() + " is too large to be explained with the memory that Java has");
        }
    }

    /** What was explained last; null if nothing was. */
    public synchronized @Nullable Explanation explanation() {
        return explanation;
    }

    /** What it was set to. */
    public RunRecord run() {
        return run;
    }

    /** What happened. */
    public History history() {
        return history;
    }

    /** Where outputs looked. */
    public AttentionHistory attention() {
        return attention;
    }

    /** How many lines could not be read. */
    public long unreadable() {
        return metricsTail.unreadable() + attentionTail.unreadable();
    }

    /** All as the page takes it. */
    synchronized SequencedMap<String, @Nullable Object> content() {
        SequencedMap<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("name", run.name());
        content.put("path", run.path().toString());
        content.put("measure", run.measure());
        content.put("settings", run.settings());
        content.put("madeBy", run.madeBy());
        content.put("unreadable", unreadable());
        content.put("history", history.content());
        content.put("attention", attention.snapshots());
        content.put("explanation", explanation);
        return content;
    }
}
