package org.sab4j.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.table.TableEncoding.OrderKind;
import org.sab4j.task.Part;

/** From a file to a task: reads, checks, packs, splits, and learns the encoding. */
public final class TableImport {

    private static final int MOST_CLASSES = 1000;

    private final Rows rows;
    private final Contents contents;
    private final TableOptions options;
    private final Consumer<String> notes;
    private final boolean measured;

    private TableImport(Rows rows, Contents contents, TableOptions options, Consumer<String> notes, boolean measured) {
        this.rows = rows;
        this.contents = contents;
        this.options = options;
        this.notes = notes;
        this.measured = measured;
    }

    /**
     * Makes a task of a table.
     *
     * @param scratch a folder with room for the table; made if it is not there, and left as it was
     * @param threads for reading, at least 1
     * @param notes is told what the user should know: sentences
     */
    public static TableTask open(Path data, TableOptions options, Path scratch, int threads, Consumer<String> notes)
            throws IOException {
        return open(data, options, scratch, threads, notes, false);
    }

    /**
     * Makes the same task for a model that is trained: where steps have targets of their own, and sequences are cut into windows, the
     * training part's pieces overlap as those of the other parts do, so that all are measured alike.
     *
     * @param notes is told what the user should know: sentences
     */
    public static TableTask reopen(Path data, TableOptions options, Path scratch, int threads, Consumer<String> notes)
            throws IOException {
        return open(data, options, scratch, threads, notes, true);
    }

    private static TableTask open(
            Path data, TableOptions options, Path scratch, int threads, Consumer<String> notes, boolean measured)
            throws IOException {
        if (options.goal() == Goal.CLASSIFY) {
            ClassWeights.check(options.classWeights()); // not after all the work
        }
        TableFile file = TableFile.of(data);
        try (Engine engine = Engine.open(scratch, threads)) {
            Selection selection = Selection.of(file, file.columns(engine), options, measured ? note -> {} : notes);
            Rows rows = Rows.load(engine, file, selection, options.missing());
            return new TableImport(rows, Contents.of(rows, true), options, notes, measured).task(engine.folder());
        }
    }

    /**
     * Makes a task of a table for a model that is trained: all of it is the test part.
     *
     * @param encoding the model's
     * @param notes is told what the user should know: sentences
     */
    public static TableTask reopen(Path data, TableEncoding encoding, Path scratch, int threads, Consumer<String> notes)
            throws IOException {
        TableFile file = TableFile.of(data);
        SequenceTargets targets = new SequenceTargets(file, encoding.classes());
        UnknownWords unknown = new UnknownWords(encoding);
        PackedTable table;
        int features = encoding.features().size();
        try (Engine engine = Engine.open(scratch, threads)) {
            EncodedRows rows = EncodedRows.load(engine, file, encoding, true);
            table = pack(engine.folder(), features, rows.sorted(), row -> {
                targets.add(row);
                unknown.add(row.raw(), row::word);
            });
        }
        unknown.notes().forEach(notes);
        targets.strangers(encoding.perStep()).ifPresent(notes);
        if (!encoding.perStep()) {
            targets.several().ifPresent(notes);
        }
        Map<Part, Pieces> parts = new Splitter(
                        table, encoding.window(), encoding.perStep(), encoding.horizon(), targets.values(), true)
                .all();
        if (Objects.requireNonNull(parts.get(Part.TEST)).size() == 0) {
            throw new TableException(
                    data,
                    "has no target that the model knows in column " + TableException.quoted(encoding.target())
                            + ": there is nothing to measure");
        }
        return new TableTask(table, encoding, parts, new int[features][0]);
    }

    private TableTask task(Path scratch) throws IOException {
        OrderKind order = contents.checkKeys();
        checkOptions(order);
        List<String> classes = null;
        if (options.goal() == Goal.CLASSIFY) {
            classes = contents.classes(MOST_CLASSES);
        } else {
            contents.checkNumericTarget(options.goal());
        }
        Map<Integer, Vocabulary> words = new HashMap<>();
        List<FeatureReader> readers = readers(words);
        SequenceTargets targets = new SequenceTargets(rows.file(), classes);
        PackedTable table = pack(scratch, readers.size(), rows.sorted(readers, classes, order), targets::add);
        return task(table, targets, readers, words, classes, order);
    }

    private void checkOptions(OrderKind order) throws TableException {
        if (options.split() == SplitBy.TIME
                && order == OrderKind.FILE
                && !options.sequence().isEmpty()) {
            throw new TableException("--split time needs --order: the column that says when a row was");
        }
        if (options.split() == SplitBy.SEQUENCE && options.sequence().isEmpty()) {
            throw new TableException(
                    "--split sequence needs --sequence; a table that is one sequence takes --split time");
        }
        if (options.goal() == Goal.FORECAST && options.per() == TargetPer.SEQUENCE) {
            throw new TableException(
                    "--target-per sequence does not go with forecast, where each step has its own target");
        }
    }

    /** How each feature is read; fills in the words of those that are categories. */
    private List<FeatureReader> readers(Map<Integer, Vocabulary> words) throws TableException {
        List<FeatureReader> readers = new ArrayList<>();
        for (int i = 0; i < rows.selection().features().size(); i++) {
            boolean named = options.categorical()
                    .contains(rows.selection().features().get(i).name());
            Rows.Kind kind = named ? Rows.Kind.CATEGORY : contents.kind(i);
            contents.checkFeature(i, kind);
            if (kind == Rows.Kind.CATEGORY) {
                Vocabulary found = new Vocabulary(rows, i);
                words.put(i, found);
                readers.add(found.reader());
            } else {
                readers.add(FeatureReader.of(kind, List.of()));
            }
        }
        return readers;
    }

    private static PackedTable pack(Path scratch, int features, SortedRows rows, Consumer<SortedRows> each)
            throws IOException {
        try (rows;
                PackedTable.Writer writer = new PackedTable.Writer(scratch, features)) {
            while (rows.next()) {
                each.accept(rows);
                writer.add(rows.first(), rows.raw(), rows.target(), rows.order());
            }
            return writer.finish();
        }
    }

    private TableTask task(
            PackedTable table,
            SequenceTargets found,
            List<FeatureReader> readers,
            Map<Integer, Vocabulary> words,
            @Nullable List<String> classes,
            OrderKind order)
            throws TableException {
        boolean perStep = perStep(found);
        double[] targets = found.values();
        int horizon = options.goal() == Goal.FORECAST ? options.horizon() : 0;
        int window = options.window();
        Map<Part, Pieces> parts = new Splitter(table, window, perStep, horizon, targets, false).split(options);
        if (!perStep) {
            tellWithout(targets);
        }
        checkParts(table, parts, perStep);
        TrainingPart training =
                new TrainingPart(table, Objects.requireNonNull(parts.get(Part.TRAINING)), readers.size());
        List<Feature> features = new ArrayList<>();
        int[][] places = new int[readers.size()][];
        for (int i = 0; i < readers.size(); i++) {
            String name = rows.selection().features().get(i).name();
            if ((training.isConstant(i) || training.isEmpty(i)) && !measured) {
                notes.accept(
                        "column " + TableException.quoted(name)
                                + (training.isEmpty(i) ? " has no value" : " is the same")
                                + " in all of the training part, so that other values of it say nothing to the model, and can mislead it: --without leaves it out of a new run");
            }
            Vocabulary vocabulary = words.get(i);
            if (vocabulary != null) {
                places[i] = new int[vocabulary.size()];
                long[] counts = training.words(i, vocabulary.size());
                features.add(training.category(i, name, vocabulary.learn(counts, places[i], notes)));
            } else {
                places[i] = new int[0];
                features.add(training.number(i, name, readers.get(i).kind() == Rows.Kind.TIME));
            }
        }
        Outcome outcome;
        if (classes == null) {
            outcome = training.value(options.target());
        } else {
            long[] counts = training.classes(classes.size());
            checkClasses(classes, counts);
            float[] weights = ClassWeights.of(options.classWeights(), classes, counts);
            outcome = new Outcome.Classes(classes, ClassWeights.list(weights));
        }
        TableEncoding encoding = new TableEncoding(
                options.goal(),
                options.sequence(),
                options.order(),
                order,
                options.target(),
                perStep,
                horizon,
                window,
                options.missing(),
                features,
                outcome);
        return new TableTask(
                table,
                encoding,
                measured ? new Splitter(table, window, perStep, horizon, targets, true).split(options) : parts,
                places);
    }

    private boolean perStep(SequenceTargets targets) throws TableException {
        if (options.per() == TargetPer.SEQUENCE && targets.vary()) {
            throw targets.refusal();
        }
        boolean always = options.goal() == Goal.FORECAST || options.sequence().isEmpty();
        if (options.per() == TargetPer.AUTO && !always && targets.vary()) {
            notes.accept(targets.reason());
        }
        return switch (options.per()) {
            case AUTO -> always || targets.vary();
            case SEQUENCE -> false;
            case STEP -> true;
        };
    }

    private void tellWithout(double[] targets) {
        long without = Arrays.stream(targets).filter(Double::isNaN).count();
        if (without > 0) {
            notes.accept(without + (without == 1 ? " sequence has" : " sequences have") + " no target and "
                    + (without == 1 ? "is" : "are") + " left out");
        }
    }

    private void checkParts(PackedTable table, Map<Part, Pieces> parts, boolean perStep) throws TableException {
        for (Part part : Part.values()) {
            boolean wanted = part != Part.TEST || options.test() > 0;
            if (wanted && Objects.requireNonNull(parts.get(part)).size() == 0) {
                int sequences = table.sequences();
                throw new TableException(
                        rows.file().path(),
                        "leaves the " + part.name().toLowerCase(Locale.ROOT) + " part empty: it has " + sequences
                                + (sequences == 1 ? " sequence" : " sequences") + " with " + table.rows()
                                + (table.rows() == 1 ? " row" : " rows") + "; " + whatFillsParts(perStep));
            }
        }
    }

    private String whatFillsParts(boolean perStep) {
        if (options.goal() == Goal.FORECAST && options.horizon() > 1) {
            return "give more or longer sequences, a smaller --horizon than " + options.horizon()
                    + ", other shares (--validation, --test), or another --split" + byTime();
        } else if (options.split() == SplitBy.TIME && !perStep) {
            return "--split time goes by the moments at which sequences end: give more that end at others, other shares"
                    + " (--validation, --test), or --split sequence";
        }
        return "give more, other shares (--validation, --test), or another --split" + byTime();
    }

    private String byTime() {
        return options.order().isEmpty() ? " (by time it takes --order)" : "";
    }

    private void checkClasses(List<String> classes, long[] counts) throws TableException {
        List<String> there = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] > 0) {
                there.add(classes.get(c));
            }
        }
        String target = "column " + TableException.quoted(options.target());
        if (there.size() == 1) {
            throw new TableException(
                    rows.file().path(),
                    target + " is " + TableException.quoted(there.getFirst())
                            + " in all of the training part: give more sequences of other classes, or another --split or --split-seed");
        } else if (there.size() < classes.size()) {
            notes.accept((classes.size() - there.size()) + " of " + classes.size() + " classes of " + target
                    + " are not in the training part, and can't be learnt");
        }
    }
}
