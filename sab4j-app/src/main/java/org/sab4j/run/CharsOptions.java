package org.sab4j.run;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.DataException;
import org.sab4j.data.fetch.KnownData;
import org.sab4j.data.text.Alphabet;
import org.sab4j.data.text.CharacterTask;
import org.sab4j.data.text.Corpus;
import org.sab4j.data.text.Spacing;
import org.sab4j.task.Part;

/** The options of {@link CharacterTask}. */
// spotless:off
public record CharsOptions(
        @Setting(group = Setting.Group.TASK, label = "PATH", movable = true, says = "A text in UTF-8, or a folder of such: with train, valid and test in their names, as words of their own (wiki.train.txt), they are the parts, otherwise one text.")
        Path text,
        @Setting(group = Setting.Group.TASK, label = "NAME", says = "As the paper sets it: ptb (Penn Treebank, made of Mikolov's files of words) or text8. Without --text, from --data.")
        Preset preset,
        @Setting(group = Setting.Group.TASK, label = "DIR", movable = true, says = "The folder of known data sets, see sab data.")
        Path data,
        @Setting(group = Setting.Group.TASK, label = "T", least = 1, most = Limits.LENGTH, says = "Characters of a sequence.")
        int length,
        @Setting(group = Setting.Group.TASK, label = "X", above = 0, below = 1, says = "The share of a text that is for validation, before that for the test.")
        double validation,
        @Setting(group = Setting.Group.TASK, label = "X", least = 0, below = 1, says = "The share of a text that is for the test, its end.")
        double test,
        @Setting(group = Setting.Group.TASK, says = "Whether there is a symbol for characters that the training part does not have.")
        boolean unknown,
        @Setting(group = Setting.Group.TASK, says = "Whether a sequence begins with the state and the memories with which the one before it has ended; otherwise, as in the paper, with none.")
        boolean carry) implements TaskOptions {
    // spotless:on

    private static final String ALPHABET = "alphabet";
    private static final String PARTS = "parts";
    private static final Path NONE = Path.of("");

    /** Texts that are known. */
    public enum Preset {
        /** Any text. */
        NONE,
        /** Penn Treebank. */
        PTB,
        /** The first 100 million characters of a cleaned Wikipedia. */
        TEXT8
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (preset == Preset.NONE && !hasText()) {
            problems.add("which text? --text FILE, or --preset ptb or text8");
        }
        if (validation + test >= 1) {
            problems.add("--validation and --test leave nothing to train on: " + validation + " and " + test);
        }
        return problems;
    }

    @Override
    public OpenTask open() throws RunException {
        try {
            return opened(Corpus.read(source(), reading()), otherSizes());
        } catch (DataException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public OpenTask reopen(Map<String, String> facts, @Nullable Path other) throws RunException {
        try {
            Alphabet alphabet = alphabet(facts);
            if (other != null) {
                return opened(Corpus.test(other, reading(), alphabet), List.of());
            }
            return opened(Corpus.read(source(), reading(), alphabet), otherSizes())
                    .sameAs(facts, source());
        } catch (DataException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
    }

    /** The alphabet that a training had found. */
    public Alphabet alphabet(Map<String, String> facts) throws RunException {
        String characters = facts.get(ALPHABET);
        if (characters == null) {
            throw new RunException("the model does not say what characters it was trained on");
        }
        return Alphabet.of(characters, unknown);
    }

    /** A text that is typed in, as the training read its text: where that has {@code _} for spaces, a space becomes one. */
    public String typed(String typed) {
        return preset == Preset.PTB ? typed.replace(' ', '_') : typed;
    }

    /** A file's text, as the training read its text. */
    public String read(String text) {
        return reading().spacing().apply(text);
    }

    /** What to read where a text begins with nothing: a newline, a space, or whatever character there is. */
    public String beginning(Map<String, String> facts) throws RunException {
        String characters = alphabet(facts).characters();
        if (characters.isEmpty()) {
            throw new RunException("the model knows no characters");
        }
        return characters.indexOf('\n') >= 0
                ? "\n"
                : characters.indexOf(' ') >= 0 ? " " : Character.toString(characters.codePointAt(0));
    }

    private Corpus.Reading reading() {
        return new Corpus.Reading(preset == Preset.PTB ? Spacing.WORDS : Spacing.KEPT, validation, test, unknown);
    }

    /** Whether it names a text; otherwise a known data set is read. */
    boolean hasText() {
        return !text.equals(NONE);
    }

    private Path source() throws RunException {
        if (hasText()) {
            return text;
        }
        String name = Settings.text(preset);
        Path folder = data.resolve(name);
        Path file = preset == Preset.TEXT8 ? folder.resolve("text8") : folder;
        if (!Files.exists(file)) {
            throw new RunException(file + " does not exist: " + get(name)
                    + " fetches it, --data DIR says where data sets are, and --text names a text elsewhere");
        }
        return file;
    }

    private String get(String name) {
        return Shell.sab("data", "get", name, "--data", data);
    }

    /** What is not as large as the known data set has it: sentences. */
    private List<String> otherSizes() {
        if (hasText()) {
            return List.of();
        }
        String name = Settings.text(preset);
        List<String> notes = new ArrayList<>();
        KnownData.ALL.stream()
                .filter(known -> known.name().equals(name))
                .flatMap(KnownData::files)
                .forEach(wanted -> {
                    File file = data.resolve(name).resolve(wanted.path()).toFile();
                    if (file.isFile() && file.length() != wanted.bytes()) {
                        notes.add(String.format(
                                Locale.ROOT,
                                "%s has %,d bytes, and the known one %,d: results are not those of %s (%s fetches it)",
                                file,
                                file.length(),
                                wanted.bytes(),
                                name,
                                get(name)));
                    }
                });
        return notes;
    }

    private OpenTask opened(Corpus corpus, List<String> notes) {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put(OpenTask.FINGERPRINT, corpus.fingerprint());
        facts.put(
                PARTS,
                corpus.length(Part.TRAINING) + "/" + corpus.length(Part.VALIDATION) + "/" + corpus.length(Part.TEST));
        facts.put(ALPHABET, corpus.alphabet().characters());
        String summary = String.format(
                Locale.ROOT,
                "chars, %,d / %,d / %,d characters for training, validation and test; %,d symbols; T = %,d",
                corpus.length(Part.TRAINING),
                corpus.length(Part.VALIDATION),
                corpus.length(Part.TEST),
                corpus.alphabet().size(),
                length);
        return new OpenTask(new CharacterTask(corpus, length), summary, facts, notes);
    }
}
