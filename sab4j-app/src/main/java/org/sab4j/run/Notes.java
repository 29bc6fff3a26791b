package org.sab4j.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.data.text.CharacterTask;
import org.sab4j.memory.Keep;
import org.sab4j.random.RandomStream;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;

/** Valid settings under which the method, or a setting, does nothing: sentences. */
final class Notes {

    private static final int SOME = 32; // sequences that are looked at

    private Notes() {}

    /**
     * Those that hold.
     *
     * @param given the settings that the user has just given
     */
    static List<String> of(RunConfig config, Task task, Set<String> given) {
        List<String> notes = new ArrayList<>();
        notes.addAll(idle(config, given));
        if (task instanceof CharacterTask characters && characters.inFiles()) {
            Stream.of("validation", "test")
                    .filter(given::contains)
                    .forEach(share -> notes.add("--" + share + " plays no part: the text has a file for each part"));
        }
        if (config.options().carry()
                && task instanceof FiniteTask finite
                && finite.sequences(Part.TRAINING) <= config.batch()) {
            notes.add("training carries nothing over: all " + finite.sequences(Part.TRAINING)
                    + " sequences are in one batch, each as a stream of its own: lower --batch");
        }
        if (config.model() == ModelKind.LSTM) {
            return notes;
        }
        String unreminded = unreminded(config, task.steps());
        if (unreminded != null) {
            notes.add("no step is ever reminded of anything" + unreminded);
            return notes;
        }
        boolean sparse = config.model() == ModelKind.SAB;
        if (sparse
                && config.keep() == Keep.USED
                && config.memories() <= config.kTop().memories()) {
            notes.add("a step is reminded of all " + config.memories()
                    + " memories, so it is always the newest that was used least, and leaves: give more --memories than"
                    + " --k-top, or --keep latest");
        }
        boolean bounded = config.maxHops() > 0 && config.mentalUpdates();
        if (bounded && config.kTrunc() == 0) {
            notes.add("--max-hops bounds nothing with --k-trunc 0: credit reaches every step without a retrieval");
        } else if (bounded && everyBlockIsScored(config, task)) {
            notes.add(
                    "--max-hops bounds nothing here: every block of --k-trunc steps has a scored one, so credit reaches it without"
                            + " a retrieval");
        }
        return notes;
    }

    /** Settings that were given and play no part. */
    static List<String> idle(RunConfig config, Set<String> given) {
        Map<String, String> values = Settings.texts(config);
        List<String> notes = new ArrayList<>();
        given.forEach(key -> Settings.idleBeside(key, values)
                .ifPresent(others -> notes.add("--" + ("false".equals(values.get(key)) ? "no-" : "") + key
                        + " plays no part with " + others)));
        if (given.contains("epochs") && config.epochs() > 0 && config.options() instanceof TaskOptions.Scalable) {
            notes.add("--epochs plays no part: the task " + Settings.text(config.task())
                    + " has none, and trains as long as --updates says");
        }
        if (given.contains("data") && config.options() instanceof CharsOptions chars && chars.hasText()) {
            notes.add("--data plays no part with --text, which names the text");
        }
        return notes;
    }

    /** Why; null if steps are. */
    private static @Nullable String unreminded(RunConfig config, int steps) {
        int reminded = steps + (config.options().carry() ? 1 : 0); // the last memory goes on
        boolean sparse = config.model() == ModelKind.SAB;
        if (sparse && config.kTop().memories() == 0) {
            return ", with --k-top 0: this is the plain LSTM";
        } else if (config.kAtt() >= reminded) {
            return ": the first memory is written at step " + config.kAtt() + ", and sequences have " + steps
                    + ": lower --k-att";
        } else if (sparse && config.sparsifier() == Sparsifier.RELU) {
            String alone = ": relu gives a memory no weight that is there alone";
            int most = (steps - 1) / config.kAtt() + (config.options().carry() ? steps / config.kAtt() : 0);
            return config.memories() == 1
                    ? alone + ", and there is never another, with --memories 1"
                    : most < 2
                            ? alone + ", and the second one is written at step " + 2L * config.kAtt()
                                    + ", and sequences have " + steps + ": lower --k-att"
                            : null;
        }
        return null;
    }

    /** Of some sequences, that is, up to the last scored step of each. */
    private static boolean everyBlockIsScored(RunConfig config, Task task) {
        return task instanceof FiniteTask finite
                ? Arrays.stream(some(finite.sequences(Part.TRAINING)))
                        .mapToObj(sequence -> finite.batch(Part.TRAINING, new int[] {sequence}))
                        .allMatch(batch -> everyBlockIsScored(config.kTrunc(), batch))
                : everyBlockIsScored(config.kTrunc(), task.batch(1, RandomStream.of(config.seed(), "notes")));
    }

    /** Of a sequence. */
    private static boolean everyBlockIsScored(int kTrunc, Batch batch) {
        int end = batch.steps();
        while (end > 0 && !batch.targets().scored(end - 1)) {
            end--;
        }
        int length = Math.min(kTrunc, batch.steps());
        for (int block = 0; block < end; block += length) {
            if (IntStream.range(block, Math.min(end, block + length)).noneMatch(batch.targets()::scored)) {
                return false;
            }
        }
        return true;
    }

    private static int[] some(int sequences) {
        int count = Math.min(SOME, sequences);
        return IntStream.range(0, count)
                .map(i -> (int) ((long) i * sequences / count))
                .toArray();
    }
}
