package org.sab4j.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.sab4j.table.TableTask;
import org.sab4j.task.Task;

/**
 * A task that is ready. Once it is closed nothing more can be had of its data.
 *
 * @param task the task
 * @param summary the task in a few words, such as {@code copy, T = 100}
 * @param facts what was found in the training's data that a model can't be used without (the alphabet, means and deviations …), and
 *     what tells the data from others. They are kept with checkpoints and models, and a run goes on only where they are the same
 * @param notes what the user should know of the data: sentences
 */
public record OpenTask(Task task, String summary, SequencedMap<String, String> facts, List<String> notes)
        implements AutoCloseable {

    /** The key of the fact that tells data from others. */
    public static final String FINGERPRINT = "fingerprint";

    /** A task without data. */
    public OpenTask(Task task, String summary) {
        this(task, summary, new LinkedHashMap<>(), List.of());
    }

    /** A task whose data are as they should be. */
    public OpenTask(Task task, String summary, SequencedMap<String, String> facts) {
        this(task, summary, facts, List.of());
    }

    /** Keeps copies. */
    public OpenTask {
        facts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(facts));
        notes = List.copyOf(notes);
    }

    /** Gives back the room that a table takes on the disk, or else only the garbage collector does. */
    @Override
    public void close() {
        if (task instanceof TableTask table) {
            table.close();
        }
    }

    /** What a task's data are counted in: {@code sequences}, or {@code pieces} of such where each step of a table has a target. */
    public static String unit(Task task) {
        return task instanceof TableTask table && table.encoding().perStep() ? "pieces" : "sequences";
    }

    /**
     * Itself, if its data are those that a model was trained on.
     *
     * @param from where they were read
     */
    OpenTask sameAs(Map<String, String> trained, Object from) throws RunException {
        if (!isLike(trained)) {
            throw new RunException(
                    from + " is not what it was when the model was trained, so its parts are others: put it"
                            + " back, or name data to be measured on with --data");
        }
        return this;
    }

    /** Whether its data have the facts of a training; one that knew fewer kinds of facts is asked for those alone. */
    boolean isLike(Map<String, String> trained) {
        Map<String, String> known = new LinkedHashMap<>(facts);
        known.keySet().retainAll(trained.keySet());
        return known.equals(trained);
    }

    /** Those facts that {@link #metadata} put into a file. */
    static Map<String, String> facts(Map<String, String> metadata) {
        Map<String, String> facts = new LinkedHashMap<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                facts.put(key.substring(PREFIX.length()), value);
            }
        });
        return facts;
    }

    private static final String PREFIX = "data.";

    /** The facts as they stand in a safetensors file. */
    SequencedMap<String, String> metadata() {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        facts.forEach((key, value) -> metadata.put(PREFIX + key, value));
        return metadata;
    }
}
