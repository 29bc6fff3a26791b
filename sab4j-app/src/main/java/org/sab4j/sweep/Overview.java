package org.sab4j.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.train.TrainEvent;

/** Where a sweep stands, and how long it will take at the most: from its events and the clock, for one thread at a time. */
public final class Overview {

    private static final int LEAST = 20; // updates: before, Java is still compiling

    private final int all;
    private final int parallel;
    private final SequencedMap<String, Running> waiting =
            new LinkedHashMap<>(); // those with a record where it left them
    private final SequencedMap<String, Running> running = new LinkedHashMap<>();
    private final Map<String, Double> secondsPerUpdate = new HashMap<>(); // by row
    private int over;
    private int failed;

    /** A trial that is under way. */
    public static final class Running {

        private final Trial trial;
        private final long begunWith;
        private final double begunAt; // s
        private long update;
        private double at;
        private double loss = Double.NaN;
        private @Nullable SequencedMap<String, Double> measures;
        private TrialEvent.@Nullable Testing testing;
        private boolean isTrained; // only its measurement is left

        private Running(Trial trial, long update, double now) {
            this.trial = trial;
            begunWith = update;
            begunAt = now;
            this.update = update;
            at = now;
        }

        /** Which. */
        public Trial trial() {
            return trial;
        }

        /** At which update it stands. */
        public long update() {
            return update;
        }

        /** Of the last update; NaN before the first. */
        public double loss() {
            return loss;
        }

        /** Those of the last evaluation; null before the first of this sitting. */
        public @Nullable SequencedMap<String, Double> measures() {
            return measures;
        }

        /** How far its measurement is; null while it is trained. */
        public TrialEvent.@Nullable Testing testing() {
            return testing;
        }

        /** Updates a second in this sitting, evaluations included; 0 while unknown. */
        public double rate() {
            return update - begunWith < LEAST ? 0 : (update - begunWith) / Math.max(1e-9, at - begunAt);
        }
    }

    /**
     * Nothing begun.
     *
     * @param trials all of the sweep
     * @param left those that are to be carried out now
     * @param parallel trials at once
     */
    public Overview(List<Trial> trials, List<Trial> left, int parallel) {
        all = trials.size();
        over = all - left.size();
        this.parallel = parallel;
        left.forEach(trial -> waiting.put(trial.name(), new Running(trial, 0, 0)));
    }

    /** What the record of an earlier sitting knows: of a row's speed, and how far a trial came that is left. */
    public void known(Trial trial, TrialRecord record) {
        if (record.updates() >= LEAST && record.minutes() > 0) {
            secondsPerUpdate.put(trial.row(), record.minutes() * 60 / record.updates());
        }
        Running left = waiting.get(trial.name());
        if (left != null) {
            left.update = record.updates();
            left.isTrained = trial.isTrained(record);
        }
    }

    /** Takes an event in; {@code now} in seconds, from any beginning. */
    public void accept(TrialEvent event, double now) {
        String name = event.trial().name();
        switch (event) {
            case TrialEvent.Began began -> {
                waiting.remove(name);
                running.put(name, new Running(began.trial(), began.update(), now));
            }
            case TrialEvent.Trained trained -> trained(running.get(name), trained.event(), now);
            case TrialEvent.Testing testing -> {
                Running one = running.get(name);
                if (one != null) {
                    one.testing = testing;
                }
            }
            case TrialEvent.Ended ended -> {
                leave(name);
                over++;
                failed += ended.record().ended() == TrialRecord.End.FAILED ? 1 : 0;
            }
            case TrialEvent.PutOff putOff -> leave(name);
        }
    }

    private void trained(@Nullable Running one, TrainEvent event, double now) {
        if (one == null) {
            return;
        }
        one.update = event.update();
        one.at = now;
        if (event instanceof TrainEvent.Updated updated) {
            one.loss = updated.loss();
        } else if (event instanceof TrainEvent.Evaluated evaluated) {
            one.measures = evaluated.measures();
        }
        if (one.rate() > 0) {
            secondsPerUpdate.put(one.trial.row(), 1 / one.rate());
        }
    }

    private void leave(String name) {
        waiting.remove(name);
        running.remove(name);
    }

    /** All trials of the sweep. */
    public int all() {
        return all;
    }

    /** Trials that are over, the failed ones included. */
    public int over() {
        return over;
    }

    /** Trials that failed in this sitting. */
    public int failed() {
        return failed;
    }

    /** Those under way, in the order in which they began. */
    public Collection<Running> running() {
        return running.values();
    }

    /**
     * Seconds until all is over, if no trial is solved before its budget ends and none is left to be measured; empty while
     * nothing is known, and where a budget is of epochs alone.
     */
    public OptionalDouble remaining() {
        OptionalDouble typical = secondsPerUpdate.values().stream()
                .mapToDouble(Double::doubleValue)
                .average();
        if (typical.isEmpty()) {
            return typical;
        }
        double sum = 0;
        double longest = 0;
        List<Running> all = new ArrayList<>(running.values());
        all.addAll(waiting.values());
        for (Running one : all) {
            boolean isTrained = one.isTrained || one.testing != null;
            if (!isTrained && one.trial.config().updates() == 0 && Double.isInfinite(one.trial.minutes())) {
                return OptionalDouble.empty();
            }
            double perUpdate = secondsPerUpdate.getOrDefault(one.trial.row(), typical.getAsDouble());
            long budget = one.trial.config().updates() == 0
                    ? Long.MAX_VALUE
                    : one.trial.config().updates();
            long updates = isTrained ? 0 : Math.max(0, budget - one.update);
            double seconds = Math.min(updates * perUpdate, one.trial.minutes() * 60 - one.update * perUpdate);
            sum += Math.max(0, seconds);
            longest = Math.max(longest, seconds);
        }
        return OptionalDouble.of(Math.max(longest, sum / parallel));
    }
}
