package org.sab4j.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

    /** Between commands that made them together. */
    private static final String AND = " · ";

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

    /**
     * These, and of a row with all the same settings also the trials of other seeds that {@code before} has: so results of several
     * folders and machines come together.
     *
     * @param before results that were written earlier
     */
    Results and(Results before) {
        if (!name.equals(before.name) || quick != before.quick) {
            return this;
        }
        Results now = JSON.readValue(json(), Results.class); // numbers as a file has them
        List<Row> all = new ArrayList<>();
        List<String> said = new ArrayList<>(notes);
        boolean any = false;
        for (Row row : rows) {
            List<Trial> trials = new ArrayList<>(row.trials());
            for (Row other : before.rows) {
                if (other.name().equals(row.name()) && !other.trials().isEmpty()) {
                    List<String> differences = differences(before.allSettings(other), now.allSettings(row));
                    if (differences.isEmpty()) {
                        any |= trials.addAll(others(other.trials(), row.trials()));
                    } else {
                        said.add("Earlier results of " + row.name() + " had other settings and are left out: "
                                + String.join(", ", differences) + ".");
                    }
                }
            }
            trials.sort(Comparator.comparingLong(Trial::seed));
            all.add(row.with(List.copyOf(trials)));
        }
        Set<String> commands = new LinkedHashSet<>(List.of(before.command.split(AND)));
        commands.add(command);
        return new Results(
                format, name, title, quick, any ? String.join(AND, commands) : command, settings, states, all, said);
    }

    /** The trials of seeds that are not among some. */
    private static List<Trial> others(List<Trial> trials, List<Trial> some) {
        Set<Long> seeds = some.stream().map(Trial::seed).collect(Collectors.toSet());
        return trials.stream().filter(trial -> !seeds.contains(trial.seed())).toList();
    }

    private static List<String> differences(Map<String, Object> before, Map<String, Object> now) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(before.get(key), now.get(key)))
                .map(key -> key + " " + before.get(key) + ", now " + now.get(key))
                .toList();
    }

    private Map<String, Object> allSettings(Row row) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putAll(row.settings());
        return all;
    }

    /** As JSON, for people too. */
    public String json() {
        return JSON.writeValueAsString(this) + "\n";
    }

    /** These, and what {@code NAME.json} in the folder has beside them. */
    public Results withThoseIn(Path folder) throws RunException {
        Path file = folder.resolve(file() + ".json");
        return Files.exists(file) ? and(read(file)) : this;
    }

    /** Writes {@code NAME.json} and the tables, {@code NAME.md}, in a folder, which is made if it is not there. */
    public void write(Path folder) throws RunException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new RunException("the folder " + folder + " cannot be made: " + Reason.of(e));
        }
        TextFile.replace(folder.resolve(file() + ".json"), json());
        TextFile.replace(folder.resolve(file() + ".md"), ResultsPage.section(this, 1));
    }

    private String file() {
        return quick ? name + "-quick" : name;
    }
}
