package org.sab4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.Reason;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.OpenTask;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.run.RunRecord;
import org.sab4j.run.TrainedModel;

/**
 * A run as it is shown: its settings and its history, which can be brought up to date while it goes on, by one thread at a time.
 * Explaining it keeps nobody waiting who wants to see the rest.
 */
public final class RunView {

    private final String name;
    private final RunRecord run;
    private final @Nullable Config config;
    private final History history = new History();
    private final AttentionHistory attention = new AttentionHistory();
    private final LineTail metricsTail;
    private final LineTail attentionTail;
    private final Object explaining = new Object(); // the lock of whoever explains
    private volatile @Nullable Explanation explanation;

    private RunView(String name, RunRecord run, @Nullable Config config) {
        this.name = name;
        this.run = run;
        this.config = config;
        metricsTail = new LineTail(run.folder().metrics());
        attentionTail = new LineTail(run.folder().attention());
    }

    /** Which config.yaml it is: a run that is made anew or resumed has another. */
    private record Config(@Nullable Object key, FileTime modified) {

        /** That of a folder; null if there is none. */
        static @Nullable Config of(Path run) {
            try {
                BasicFileAttributes now = Files.readAttributes(new RunFolder(run).config(), BasicFileAttributes.class);
                return new Config(now.fileKey(), now.lastModifiedTime());
            } catch (IOException e) {
                return null;
            }
        }
    }

    /** Reads the run of a folder as far as it has come, by the folder's name. */
    public static RunView read(Path path) throws RunException {
        return read(RunRecord.name(path), path);
    }

    /**
     * Reads the run of a folder as far as it has come.
     *
     * @param name what it is called where it is shown
     */
    public static RunView read(String name, Path path) throws RunException {
        Config config = Config.of(path); // before it is read: one that takes its place meanwhile is noticed
        RunView view = new RunView(name, RunRecord.read(path), config);
        view.update();
        return view;
    }

    /** Whether the folder holds another run by now, or other settings: then it must be read anew. */
    public boolean isOutdated() {
        Config now = Config.of(run.folder().path());
        return now == null || !now.equals(config);
    }

    /** Reads what has been added since. */
    public synchronized void update() throws RunException {
        try {
            metricsTail.read(history::accept, history::clear);
            attentionTail.read(attention::accept, attention::clear);
        } catch (IOException e) {
            throw new RunException("the files of " + run.folder().path() + " cannot be read: " + Reason.of(e));
        }
    }

    /** Explains some unseen sequences, where there is a model of a task that can be had. */
    public void explain(int sequences, Kernels kernels) throws RunException {
        explain(kernels, trained -> {
            try (OpenTask opened = trained.open(null)) {
                return new TrainedRun(trained, opened).explanation(sequences);
            }
        });
    }

    /**
     * The same of a run whose data are open, and not read again.
     *
     * @param opened what it is trained on
     */
    public void explain(int sequences, Kernels kernels, OpenTask opened) throws RunException {
        explain(kernels, trained -> {
            trained.checkFits(opened);
            return new TrainedRun(trained, opened).explanation(sequences);
        });
    }

    private interface Explaining {
        Explanation of(TrainedModel trained) throws RunException, IOException;
    }

    private void explain(Kernels kernels, Explaining how) throws RunException {
        if (!Files.exists(run.folder().model())) {
            return; // the first is kept at the first evaluation
        }
        synchronized (explaining) {
            try {
                explanation = how.of(TrainedModel.read(run.folder().path(), kernels));
            } catch (IOException e) {
                throw new RunException(Reason.of(e));
            } catch (OutOfMemoryError | ArithmeticException | NegativeArraySizeException e) {
                throw RunException.memory("explaining " + run.folder().model() + " takes", "");
            }
        }
    }

    /** What was explained last; null if nothing was. */
    public @Nullable Explanation explanation() {
        return explanation;
    }

    /** What it is called. */
    public String name() {
        return name;
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
        content.put("name", name);
        content.put("path", run.folder().path().toString());
        content.put("configured", config == null ? null : config.modified().toString());
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
