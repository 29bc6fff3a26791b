package org.sab4j.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.ConfigFile;
import org.sab4j.run.FolderLock;
import org.sab4j.run.Layer;
import org.sab4j.run.Resolver;
import org.sab4j.run.Run;
import org.sab4j.run.RunConfig;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.run.Settings;
import org.sab4j.run.SettingsException;
import org.sab4j.run.TaskOptions;
import org.sab4j.train.TrainConfig;

/** A sweep in its folder, held: all its trials are laid out, each in a folder of its own. */
public final class Sweep implements AutoCloseable {

    private final FolderLock lock;
    private final List<Trial> trials;
    private final List<String> notes;

    private Sweep(FolderLock lock, List<Trial> trials, List<String> notes) {
        this.lock = lock;
        this.trials = trials;
        this.notes = notes;
    }

    /**
     * Begins a sweep, or goes on with it. A trial that was laid out before keeps its settings, but for the budget and those on which no result depends; where
     * the plan now says something else for it, this is refused; where only defaults have changed since, a note says so.
     *
     * @param folder the sweep's; made if it is not there
     * @param threads of a trial; 0 for what the plan says, or 1 where it does not
     * @throws SettingsException with a sentence for everything that is wrong with the plan
     */
    public static Sweep open(Plan plan, Path folder, int threads, Kernels kernels) throws RunException {
        List<Trial> planned = planned(plan, folder, threads);
        if (new RunFolder(folder).hasBegun()) {
            throw new RunException(folder + " is the folder of a run: --dir takes another for the sweep");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw RunException.notMade(folder, e);
        }
        FolderLock lock = FolderLock.take(folder);
        try {
            Layout layout = new Layout();
            for (Trial trial : planned) {
                layout.layOut(trial, kernels);
            }
            layout.stopAtProblems();
            return new Sweep(lock, List.copyOf(layout.trials), layout.notes());
        } catch (RunException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** With the same size of a shard for any number of threads, so that trials can be compared. */
    private static RunConfig config(Plan.Row row, long seed, int threads) throws SettingsException {
        Layer lowest = new Layer().option("threads", "1");
        Layer highest = new Layer().option("seed", String.valueOf(seed));
        if (threads > 0) {
            highest.option("threads", String.valueOf(threads));
        }
        RunConfig config = Resolver.resolve(List.of(lowest, row.settings(), highest));
        lowest.option("shard-rows", String.valueOf(TrainConfig.usualShardRows(config.hidden())));
        return Resolver.resolve(List.of(lowest, row.settings(), highest));
    }

    /** All trials of a plan as its file and the defaults say, all rows with a seed before the next seed. */
    public static List<Trial> planned(Plan plan, Path folder, int threads) throws SettingsException {
        List<Trial> trials = new ArrayList<>();
        SequencedMap<String, Set<String>> problems = new LinkedHashMap<>(); // with the rows that have each
        for (long seed : plan.seeds()) {
            for (Plan.Row row : plan.rows()) {
                try {
                    RunConfig config = config(row, seed, threads);
                    if (!plan.tests().lengths().isEmpty() && !(config.options() instanceof TaskOptions.Scalable)) {
                        throw new SettingsException(List.of("test: lengths are for tasks that have one, and "
                                + Settings.text(config.task()) + " has none: leave them out"));
                    }
                    if (config.options() instanceof TaskOptions.Scalable scalable) {
                        checkLengths(plan.tests().lengths(), scalable, Settings.text(config.task()));
                    }
                    Path path = folder.resolve(Trial.name(row.name(), seed));
                    trials.add(
                            new Trial(row.name(), path, config, row.settings().keys(), plan.minutes(), plan.tests()));
                } catch (SettingsException e) {
                    e.sentences()
                            .forEach(sentence -> problems.computeIfAbsent(sentence, s -> new LinkedHashSet<>())
                                    .add(row.name()));
                }
            }
        }
        if (!problems.isEmpty()) {
            List<String> sentences = new ArrayList<>();
            problems.forEach((sentence, rows) -> sentences.add(
                    rows.size() == plan.rows().size() ? sentence : sentence + " (" + String.join(", ", rows) + ")"));
            throw new SettingsException(sentences);
        }
        return trials;
    }

    private static void checkLengths(List<Integer> lengths, TaskOptions.Scalable scalable, String task)
            throws SettingsException {
        for (int length : lengths) {
            if (length < scalable.least()) {
                throw new SettingsException(List.of("test: lengths must be at least " + scalable.least()
                        + " for the task " + task + ": " + length));
            }
        }
    }

    /** From planned trials to those whose folders are there. */
    private static final class Layout {

        private final List<Trial> trials = new ArrayList<>();
        private final SequencedMap<String, List<String>> changed =
                new LinkedHashMap<>(); // by the file: trials by change
        private final SequencedMap<String, List<String>> outdated = new LinkedHashMap<>(); // by defaults

        void layOut(Trial planned, Kernels kernels) throws RunException {
            if (!new RunFolder(planned.folder()).isRun()) {
                Run.layOut(planned.config(), planned.folder(), kernels);
                trials.add(planned);
                return;
            }
            Layer own = ConfigFile.read(new RunFolder(planned.folder()).config());
            RunConfig before = Resolver.resolve(List.of(own));
            SequencedMap<String, String> now = Settings.texts(planned.config());
            List<String> changes = new ArrayList<>();
            Set<String> moved = Settings.placesGone(before);
            SequencedMap<String, String> fixed = Settings.fixed(before);
            fixed.keySet().removeAll(moved);
            for (Map.Entry<String, String> entry : fixed.entrySet()) {
                String value = now.get(entry.getKey());
                if (!entry.getValue().equals(value)) {
                    String change = entry.getKey() + " " + entry.getValue() + ", now " + value;
                    if (planned.given().contains(entry.getKey())) {
                        changed.computeIfAbsent(change, key -> new ArrayList<>())
                                .add(planned.name());
                    } else {
                        changes.add(change);
                    }
                }
            }
            if (!changes.isEmpty()) {
                outdated.computeIfAbsent(String.join("; ", changes), key -> new ArrayList<>())
                        .add(planned.name());
            }
            trials.add(new Trial(
                    planned.row(),
                    planned.folder(),
                    goingOn(own, moved, planned.given(), now),
                    planned.given(),
                    planned.minutes(),
                    planned.tests()));
        }

        /**
         * Its own settings, with the budget that the plan gives now, what decides on no result, and the place of its data where they
         * have moved; a default that has changed is no reason to train on.
         */
        private RunConfig goingOn(Layer own, Set<String> moved, Set<String> given, Map<String, String> now)
                throws SettingsException {
            Layer layer = new Layer().option("threads", String.valueOf(now.get("threads")));
            given.stream()
                    .filter(key -> Settings.changeable(key) || moved.contains(key))
                    .forEach(key -> layer.option(key, String.valueOf(now.get(key))));
            return Resolver.resolve(List.of(own, layer));
        }

        void stopAtProblems() throws SettingsException {
            if (!changed.isEmpty()) {
                List<String> sentences = new ArrayList<>();
                changed.forEach((change, names) -> sentences.add(some(names) + " had, when it was laid out, " + change
                        + ": take another folder (--dir), give the trial another name, or put that back"));
                throw new SettingsException(sentences);
            }
        }

        List<String> notes() {
            List<String> sentences = new ArrayList<>();
            outdated.forEach((changes, names) ->
                    sentences.add("what the file leaves to the defaults has changed since " + some(names)
                            + " was laid out, which keeps its own (" + changes
                            + "); another folder (--dir) takes the new ones"));
            return sentences;
        }

        private static String some(List<String> names) {
            return names.size() == 1
                    ? names.getFirst()
                    : names.getFirst() + ", like " + (names.size() - 1) + (names.size() == 2 ? " other," : " others,");
        }
    }

    /** All trials, in the order in which to begin them. */
    public List<Trial> trials() {
        return trials;
    }

    /**
     * The trials that are not over.
     *
     * @param retry whether failed ones count as not over
     */
    public List<Trial> left(boolean retry) throws RunException {
        List<Trial> left = new ArrayList<>();
        for (Trial trial : trials) {
            TrialRecord record = TrialRecord.read(trial.folder()).orElse(null);
            boolean again = retry && record != null && record.ended() == TrialRecord.End.FAILED;
            if (record == null || again || !trial.isOver(record)) {
                left.add(trial);
            }
        }
        return left;
    }

    /** What the user should know before it goes on: sentences. */
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() {
        lock.close();
    }
}
