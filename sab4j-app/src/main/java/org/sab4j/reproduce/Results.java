package org.sab4j.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.Reason;
import org.sab4j.run.RunException;
import org.sab4j.run.TextFile;
import org.sab4j.sweep.TrialRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came out of a sweep: small enough to be kept with the source, and all that tables are made from.
 *
 * @param format of this file
 * @param name of the study or the sweep
 * @param quick whether it is the small version, which proves nothing
 * @param command that made it
 * @param settings those that all rows share; without seeds
 * @param states which settings the paper states
 * @param notes what a reader should know: sentences
 */
public record Results(
        int format,
        String name,
        String title,
        boolean quick,
        String command,
        SequencedMap<String, Object> settings,
        List<String> states,
        List<Row> rows,
        List<String> notes) {

    static final int FORMAT = 1;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * Settings that were tried.
     *
     * @param label for people
     * @param measure the task's first
     * @param length of the training
     * @param lengths at which the best models are measured
     * @param settings that differ between rows
     * @param paper the paper's figures by measure, or by length
     * @param target in the unit of the tables; null if there is none but the paper's figure
     * @param trials those that are over, by seed
     */
    public record Row(
            String name,
            String label,
            String task,
            String measure,
            int length,
            List<Integer> lengths,
            SequencedMap<String, Object> settings,
            SequencedMap<String, String> paper,
            @Nullable Double target,
            List<Trial> trials) {

        /** The same with other trials. */
        Row with(List<Trial> others) {
            return new Row(name, label, task, measure, length, lengths, settings, paper, target, others);
        }
    }

    /**
     * A trial that is over.
     *
     * @param evaluations the update and the first measure of each evaluation while it trained
     */
    public record Trial(long seed, TrialRecord record, List<List<Double>> evaluations) {}

    /** Reads a file of them. */
    public static Results read(Path file) throws RunException {
        try {
            Results results = JSON.readValue(Files.readString(file), Results.class);
            if (results.format() != FORMAT) {
                throw new RunException(
                        file + " has the format " + results.format() + ", and this version reads " + FORMAT);
            }
            return results;
        } catch (JacksonException e) {
            throw new RunException(file + " is no file of results: sab reproduce NAME --results DIR writes one");
        } catch (IOException e) {
            throw new RunException(file + " cannot be read: " + Reason.of(e));
        }
    }

    /** As JSON, for people too. */
    public String json() {
        return JSON.writeValueAsString(this) + "\n";
    }

    /** Writes {@code NAME.json} and the tables, {@code NAME.md}, in a folder, which is made if it is not there. */
    public void write(Path folder) throws RunException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new RunException("the folder " + folder + " cannot be made: " + Reason.of(e));
        }
        String file = quick ? name + "-quick" : name;
        TextFile.replace(folder.resolve(file + ".json"), json());
        TextFile.replace(folder.resolve(file + ".md"), ResultsPage.section(this, 1));
    }
}
