package org.sab4j.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;
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
 * @param command that made it; several, with {@link Merge#AND} between them, where results of several folders came together
 * @param settings those that all rows share; without seeds
 * @param states which settings the paper states: keys, or a key and a value where trials have others
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

    /** The setting that decides on the rounding of sums alone: seeds with others belong together. */
    static final String ROUNDING = "shard-rows";

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
    public record Trial(long seed, TrialRecord record, List<List<Double>> evaluations) {

        /** The update at which an evaluation was first good; empty if none was. */
        OptionalDouble reachedAt(DoublePredicate good) {
            return evaluations.stream()
                    .filter(point -> good.test(point.get(1)))
                    .mapToDouble(point -> point.get(0))
                    .findFirst();
        }
    }

    /** Whose a setting's value is. */
    enum Whose {
        PAPER("the paper's"),
        OURS("ours"),
        OTHER("other than the paper's");

        private final String text;

        Whose(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Whether a setting's value is what the paper states, or another, or the paper is silent. */
    Whose whose(String key, Object value) {
        if (states.contains(key) || states.contains(key + " " + value)) {
            return Whose.PAPER;
        }
        return states.stream().anyMatch(state -> state.startsWith(key + " ")) ? Whose.OTHER : Whose.OURS;
    }

    /** What stands over its tables. */
    String heading() {
        return title.isEmpty() ? name : title;
    }

    private static Results read(String json) {
        return JSON.readValue(json, Results.class);
    }

    /** Reads a file of them. */
    public static Results read(Path file) throws RunException {
        try {
            Results results = read(Files.readString(file));
            if (results.format() != FORMAT) {
                throw new RunException(
                        file + " has the format " + results.format() + ", and this version reads " + FORMAT);
            }
            return results;
        } catch (JacksonException e) {
            throw new RunException(file + " is no file of results, as sab reproduce NAME --results DIR writes them");
        } catch (IOException e) {
            throw RunException.unreadable(file, e);
        }
    }

    /** As JSON, for people too. */
    public String json() {
        return JSON.writeValueAsString(this) + "\n";
    }

    /** These, and what {@code NAME.json} in the folder has beside them. */
    public Results withThoseIn(Path folder) throws RunException {
        Optional<Results> earlier = earlier(folder, name, quick);
        return earlier.isPresent() ? Merge.of(read(json()), earlier.get()) : this; // numbers as a file has them
    }

    /**
     * What a folder has of a study.
     *
     * @throws RunException if its file cannot be used
     */
    public static Optional<Results> earlier(Path folder, String name, boolean quick) throws RunException {
        Path file = folder.resolve(file(name, quick) + ".json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(file));
        } catch (RunException e) {
            throw new RunException(e.getMessage()
                    + "; the new results would join those in it: move it away, or give --results another folder");
        }
    }

    /** Writes {@code NAME.json} and the tables, {@code NAME.md}, in a folder, which is made if it is not there. */
    public void write(Path folder) throws RunException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw RunException.notMade(folder, e);
        }
        TextFile.replace(folder.resolve(file(name, quick) + ".json"), json());
        TextFile.replace(folder.resolve(file(name, quick) + ".md"), ResultsPage.section(this, 1));
    }

    private static String file(String name, boolean quick) {
        return quick ? name + "-quick" : name;
    }
}
