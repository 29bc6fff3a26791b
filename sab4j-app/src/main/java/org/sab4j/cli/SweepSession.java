package org.sab4j.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.sweep.LocalTrialRunner;
import org.sab4j.sweep.Overview;
import org.sab4j.sweep.Plan;
import org.sab4j.sweep.Stop;
import org.sab4j.sweep.Sweep;
import org.sab4j.sweep.Trial;
import org.sab4j.sweep.TrialEvent;
import org.sab4j.sweep.TrialRecord;
import org.sab4j.sweep.TrialRunner;

/** One sitting of a sweep. */
final class SweepSession {

    private final String name;
    private final SweepOptions options;
    private boolean held; // whether some trial was another process's
    /** Trials by name: of a disk that is full to the last block their folders do not tell. */
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    SweepSession(String name, SweepOptions options) {
        this.name = name;
        this.options = options;
    }

    /** How many trials are over, are not, and have failed, in whatever sitting. */
    record End(int over, int left, int failed) {}

    /** Carries out what is left, until all is over, the time is, or somebody asks to stop; the exit status. */
    int run(Plan plan) throws RunException {
        Path folder = options.folder(name);
        Kernels kernels = KernelProviders.kernels();
        BooleanSupplier over = options.over();
        int asked = options.parallel();
        try (Interrupts interrupts = Interrupts.watch();
                Sweep sweep = Sweep.open(options.asked(plan), folder, options.threads(), kernels)) {
            sweep.notes().forEach(Main::say);
            List<Trial> left = sweep.left(options.retry());
            int parallel = asked > 0 ? asked : SweepOptions.fitting(left);
            Overview overview = new Overview(sweep.trials(), left, parallel);
            for (Trial trial : sweep.trials()) {
                TrialRecord.read(trial.folder()).ifPresent(record -> overview.known(trial, record));
            }
            SweepProgress progress = SweepProgress.of(options.json(), overview, interrupts);
            BooleanSupplier unread = () -> options.json() && JsonProgress.isLost();
            progress.begin(plan.title().isEmpty() ? name : plan.title(), folder, parallel);
            TrialRunner runner = new LocalTrialRunner(parallel, kernels);
            runner.run(
                    left,
                    event -> {
                        progress.accept(event);
                        held |= event instanceof TrialEvent.PutOff putOff && putOff.reason() != null;
                        if (event instanceof TrialEvent.Ended(Trial trial, TrialRecord record)
                                && record.ended() == TrialRecord.End.FAILED) {
                            failed.add(trial.name());
                        }
                    },
                    () -> interrupts.requested() || unread.getAsBoolean()
                            ? Stop.NOW
                            : over.getAsBoolean() ? Stop.SOON : Stop.NOT);
            for (Trial trial : sweep.trials()) {
                TrialRecord.read(trial.folder())
                        .filter(record -> record.ended() == TrialRecord.End.FAILED)
                        .ifPresent(record -> failed.add(trial.name()));
            }
            int open = (int) sweep.left(false).stream()
                    .filter(trial -> !failed.contains(trial.name()))
                    .count();
            progress.end(new End(sweep.trials().size() - open, open, failed.size()));
            report(sweep.trials(), interrupts);
            if (open > 0 && !interrupts.requested() && unread.getAsBoolean()) {
                Main.say(JsonProgress.LOST + ": stopped; the same command goes on");
                return ExitCode.FAILED;
            }
            return interrupts.requested()
                    ? ExitCode.SIGNALLED + interrupts.signal()
                    : !failed.isEmpty() || held ? ExitCode.FAILED : ExitCode.DONE;
        }
    }

    /** The reports of trials that are over and have none yet, or have been trained on since. */
    private static void report(List<Trial> trials, Interrupts interrupts) throws RunException {
        for (Trial trial : trials) {
            boolean hasModel = TrialRecord.read(trial.folder())
                    .filter(record -> record.bestUpdate() > 0)
                    .isPresent();
            if (hasModel && !isReported(trial.folder()) && !interrupts.requested()) {
                Reports.end(trial.folder(), null, false);
            }
        }
    }

    private static boolean isReported(Path folder) {
        File report = new RunFolder(folder).report().toFile();
        return report.exists()
                && report.lastModified()
                        >= new RunFolder(folder).metrics().toFile().lastModified();
    }
}
