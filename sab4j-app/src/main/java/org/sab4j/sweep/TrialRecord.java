package org.sab4j.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.RunException;
import org.sab4j.run.TextFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a trial came out: {@code trial.json} in its folder, which is there once it has failed, or is trained and, if it has a
 * model, measured, at one length at least.
 *
 * @param ended why it ended
 * @param reason of a failure, a sentence; else null
 * @param updates gone through
 * @param bestUpdate when the best model was found; 0 if there is none
 * @param skipped updates whose loss or gradient could not be used
 * @param minutes of training, over all sittings, without evaluations
 * @param course what another budget is to be compared with; null in earlier records
 * @param madeBy what made its last update: version, commit, kernels, Java, machine
 * @param tests the best model's
 */
public record TrialRecord(
        End ended,
        @Nullable String reason,
        long updates,
        long bestUpdate,
        long skipped,
        double minutes,
        @Nullable Course course,
        SequencedMap<String, String> madeBy,
        List<Test> tests) {

    private static final String FILE = "trial.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Why a trial ended. */
    public enum End {
        /** The task says that there is nothing left to learn. */
        SOLVED,
        /** All updates of its budget are made. */
        UPDATES,
        /** The minutes of its budget are over. */
        MINUTES,
        /** No better model was found for so many evaluations that there is no hope of one. */
        PATIENCE,
        /** Too many updates in a row had to be skipped. */
        DIVERGED,
        /** Something broke. */
        FAILED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How far training has come by its epochs and its patience.
     *
     * @param updatesPerEpoch 0 for a task without data
     * @param sinceBest evaluations since the best one
     */
    public record Course(long updatesPerEpoch, long sinceBest) {}

    /**
     * A measurement of the best model.
     *
     * @param length the task's
     * @param sequences how many there were
     * @param asked how many were asked for, where there were fewer; else null
     * @param update when that model was found
     * @param loss over all scored steps
     * @param measures the task's
     */
    public record Test(
            int length,
            int sequences,
            @Nullable Integer asked,
            long update,
            double loss,
            SequencedMap<String, Double> measures,
            double seconds) {

        /** Whether it is one on so many sequences, or on all that there are where these are fewer. */
        boolean isOf(int most) {
            return most == (asked == null ? sequences : asked);
        }
    }

    /** The measurement of the best model at a length, if it was made. */
    Optional<Test> test(int length, int sequences) {
        return tests.stream()
                .filter(test -> test.length() == length && test.isOf(sequences) && test.update() == bestUpdate)
                .findFirst();
    }

    /** The same with those measurements alone that a plan asks for. */
    public TrialRecord with(Tests wanted, int trained) {
        List<Test> some = wanted.lengths(trained).stream()
                .flatMap(length -> test(length, wanted.sequences()).stream())
                .toList();
        return new TrialRecord(ended, reason, updates, bestUpdate, skipped, minutes, course, madeBy, some);
    }

    /** Reads a trial's record; empty if there is none yet. */
    public static Optional<TrialRecord> read(Path folder) throws RunException {
        Path file = folder.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readString(file), TrialRecord.class))
                    : Optional.empty();
        } catch (JacksonException e) {
            throw new RunException(file + " is damaged: delete it, and the trial is looked at again");
        } catch (IOException e) {
            throw RunException.unreadable(file, e);
        }
    }

    /** Writes it. */
    void write(Path folder) throws RunException {
        TextFile.replace(folder.resolve(FILE), JSON.writeValueAsString(this) + "\n");
    }
}
