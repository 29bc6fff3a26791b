package org.sab4j.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.Reason;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.FolderLock;
import org.sab4j.run.Layer;
import org.sab4j.run.Run;
import org.sab4j.run.RunDirectory;
import org.sab4j.run.RunException;
import org.sab4j.run.RunRecord;
import org.sab4j.run.Settings;
import org.sab4j.run.TrainedModel;
import org.sab4j.run.Transfer;
import org.sab4j.run.Version;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.train.ThreadTeam;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.UnmeasurableException;

/** The work of one trial, on the calling thread: trains from where its run folder stands, then measures the best model. */
public final class TrialWork {

    private final Trial trial;
    private final Kernels kernels;
    private final Consumer<TrialEvent> listener;
    private final Supplier<Stop> stop;
    private @Nullable TrialRecord record; // of an earlier sitting, then of the training, once that is over

    /** Somebody asked to stop in the middle of a measurement. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super(null, null, false, false);
        }
    }

    /**
     * Nothing done yet.
     *
     * @param listener is told what happens, on the calling thread
     * @param stop whether to put it off; asked after each update and within evaluations
     */
    public TrialWork(Trial trial, Kernels kernels, Consumer<TrialEvent> listener, Supplier<Stop> stop) {
        this.trial = trial;
        this.kernels = kernels;
        this.listener = listener;
        this.stop = stop;
    }

    /** Carries it out. Whatever goes wrong in it is recorded in its folder, and told as its end. */
    public void run() {
        TrialEvent end;
        try {
            TrialRecord before = TrialRecord.read(trial.folder()).orElse(null);
            record = before;
            TrialRecord whole = train(before);
            end = whole == null ? new TrialEvent.PutOff(trial, null) : new TrialEvent.Ended(trial, whole);
        } catch (FolderLock.InUse e) {
            end = new TrialEvent.PutOff(trial, e.getMessage());
        } catch (Stopped e) {
            end = new TrialEvent.PutOff(trial, null);
        } catch (Throwable e) { // one trial's failure is not the others'
            end = new TrialEvent.Ended(trial, failed(e));
        }
        listener.accept(end);
    }

    private @Nullable TrialRecord train(@Nullable TrialRecord before) throws RunException, IOException {
        Layer budget = Settings.placesThere(trial.config());
        Settings.texts(trial.config()).forEach((key, value) -> {
            if (Settings.changeable(key)) {
                budget.option(key, value);
            }
        });
        double limit = trial.minutes() * 60_000;
        // Before this sitting's takes its place.
        SequencedMap<String, String> earlier = RunRecord.read(trial.folder()).madeBy();
        try (Run run = Run.laidOut(budget, trial.given(), trial.folder(), kernels)) {
            if (run.experiment().task().task() instanceof FiniteTask finite && finite.sequences(Part.TEST) == 0) {
                throw new RunException(
                        "the data have no test part, on which a sweep measures its models: give it a share (test: 0.15)");
            }
            var state = run.experiment().state();
            long begun = state.update();
            listener.accept(new TrialEvent.Began(trial, state.update(), run.notes()));
            TrainEvent.Reason reason = run.train(
                    event -> listener.accept(new TrialEvent.Trained(trial, event)),
                    (update, evaluating, share) -> stop.get() != Stop.NOW,
                    () -> stop.get() != Stop.NOT,
                    () -> state.milliseconds() >= limit);
            TrialRecord.End ended = switch (reason) {
                case SOLVED -> TrialRecord.End.SOLVED;
                case UPDATES -> TrialRecord.End.UPDATES;
                case PATIENCE -> TrialRecord.End.PATIENCE;
                case DIVERGED -> TrialRecord.End.DIVERGED;
                case STOPPED -> TrialRecord.End.MINUTES;
            };
            if (reason == TrainEvent.Reason.STOPPED && (state.milliseconds() < limit || !state.isEvaluated())) {
                return null;
            }
            record = new TrialRecord(
                    ended,
                    null,
                    state.update(),
                    state.bestUpdate(),
                    state.skipped(),
                    state.milliseconds() / 60_000,
                    new TrialRecord.Course(run.experiment().updatesPerEpoch(), state.sinceBest()),
                    begun < state.update()
                            ? Version.madeBy(kernels)
                            : before != null && before.updates() == begun ? before.madeBy() : earlier,
                    before == null ? List.of() : before.tests());
        }
        return test(record);
    }

    /** Measures what is not measured yet, and keeps each measurement as soon as it is made. */
    private TrialRecord test(TrialRecord trained) throws RunException, IOException {
        try (RunDirectory held = RunDirectory.existing(trial.folder());
                ThreadTeam team = new ThreadTeam(trial.config().threads())) {
            List<TrialRecord.Test> tests = new ArrayList<>(trained.tests());
            tests.removeIf(test -> test.update() != trained.bestUpdate());
            TrialRecord whole = with(trained, trained.ended(), null, tests);
            TrainedModel model = trained.bestUpdate() == 0 ? null : TrainedModel.read(held.path(), kernels);
            for (int length : trial.tests().lengths(trial.config().length())) {
                if (model == null
                        || whole.test(length, trial.tests().sequences()).isPresent()) {
                    continue;
                }
                if (stop.get() != Stop.NOT) {
                    throw new Stopped();
                }
                tests.add(test(model, length, team));
                whole = with(trained, trained.ended(), null, tests);
                whole.write(held.path());
                record = whole;
            }
            whole.write(held.path());
            return whole;
        }
    }

    private TrialRecord.Test test(TrainedModel model, int length, ThreadTeam team) throws RunException {
        listener.accept(new TrialEvent.Testing(trial, length, 0));
        Transfer.Result result = Transfer.at(model, length, trial.tests().sequences(), team, done -> {
            if (stop.get() == Stop.NOW) {
                throw new Stopped();
            }
            listener.accept(new TrialEvent.Testing(trial, length, done));
        });
        int asked = trial.tests().sequences();
        return new TrialRecord.Test(
                length,
                result.sequences(),
                result.sequences() < asked ? asked : null,
                model.update(),
                result.loss(),
                result.measures(),
                result.seconds());
    }

    private TrialRecord failed(Throwable e) {
        String reason = switch (e) {
            case RunException known -> String.valueOf(known.getMessage());
            case UnmeasurableException known -> String.valueOf(known.getMessage());
            case IOException known -> Reason.of(known);
            case OutOfMemoryError memory ->
                String.valueOf(RunException.memory("this takes", "run fewer trials at once")
                        .getMessage());
            default -> "this is an error in sab itself, please report it: " + e;
        };
        TrialRecord known = record != null
                ? record
                : new TrialRecord(TrialRecord.End.FAILED, reason, 0, 0, 0, 0, null, Version.madeBy(kernels), List.of());
        TrialRecord failed = with(known, TrialRecord.End.FAILED, reason, known.tests());
        try {
            failed.write(trial.folder());
        } catch (RunException unwritten) {
            // Told all the same; the next sitting tries it again.
        }
        return failed;
    }

    private static TrialRecord with(
            TrialRecord known, TrialRecord.End ended, @Nullable String reason, List<TrialRecord.Test> tests) {
        return new TrialRecord(
                ended,
                reason,
                known.updates(),
                known.bestUpdate(),
                known.skipped(),
                known.minutes(),
                known.course(),
                known.madeBy(),
                tests);
    }
}
