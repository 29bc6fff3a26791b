package org.sab4j.sweep;

import java.nio.file.Path;
import java.util.Set;
import org.sab4j.run.RunConfig;

/**
 * One training of a sweep, and what is measured after it.
 *
 * @param row the settings' name
 * @param folder its run folder, laid out
 * @param config all its settings
 * @param given the names of those that the plan gives; the others are defaults
 * @param minutes how long it may train at the most; infinite for no limit
 * @param tests on what its best model is measured
 */
public record Trial(String row, Path folder, RunConfig config, Set<String> given, double minutes, Tests tests) {

    /** The folder's name for a row and a seed. */
    public static String name(String row, long seed) {
        return row + ".seed-" + seed;
    }

    /** Its name in the sweep. */
    public String name() {
        return name(row, config.seed());
    }

    /** Whether a record of it leaves nothing to do. A failed trial is over until it is tried again. */
    public boolean isOver(TrialRecord record) {
        return record.ended() == TrialRecord.End.FAILED || (isTrained(record) && isTested(record));
    }

    /** A budget that was raised since gives it more to do. */
    boolean isTrained(TrialRecord record) {
        TrialRecord.Course course = record.course();
        if (course == null) { // from before epochs and patience counted here
            course = new TrialRecord.Course(0, record.ended() == TrialRecord.End.PATIENCE ? Long.MAX_VALUE : 0);
        }
        boolean impatient = config.patience() > 0 && course.sinceBest() >= config.patience();
        boolean spent = record.updates() >= config.lastUpdate(course.updatesPerEpoch());
        return switch (record.ended()) {
            case SOLVED, DIVERGED -> true;
            case FAILED -> false;
            case UPDATES, MINUTES, PATIENCE -> spent || impatient || record.minutes() >= minutes;
        };
    }

    private boolean isTested(TrialRecord record) {
        return record.bestUpdate() == 0
                || tests.lengths(config.length()).stream()
                        .allMatch(
                                length -> record.test(length, tests.sequences()).isPresent());
    }
}
