package org.sab4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.Reason;
import org.sab4j.table.Feature;
import org.sab4j.table.Goal;
import org.sab4j.table.SplitBy;
import org.sab4j.table.TableEncoding;
import org.sab4j.table.TableException;
import org.sab4j.table.TableImport;
import org.sab4j.table.TableOptions;
import org.sab4j.table.TableTask;
import org.sab4j.table.TargetPer;
import org.sab4j.task.Part;

/**
 * The options of {@link TableTask}.
 *
 * @param task classify, regress or forecast
 */
// spotless:off
public record TableTaskOptions(
        TaskKind task,
        @Setting(group = Setting.Group.TASK, label = "FILE", movable = true, says = "A table, CSV (UTF-8, with a header) or Parquet, a row a step.")
        Path data,
        @Setting(group = Setting.Group.TASK, label = "COL", says = "The column that tells sequences apart; without it the whole table is one sequence.")
        String sequence,
        @Setting(group = Setting.Group.TASK, label = "COL", says = "The column by which a sequence's rows are sorted, numbers or times; without it the file's order holds.")
        String order,
        @Setting(group = Setting.Group.TASK, label = "COL", says = "The column to predict.")
        String target,
        @Setting(group = Setting.Group.TASK, label = "COL,...", says = "The columns to predict from; all others unless given.")
        String features,
        @Setting(group = Setting.Group.TASK, label = "COL,...", says = "Columns that are not used.")
        String without,
        @Setting(group = Setting.Group.TASK, label = "COL,...", says = "Columns whose values are names even where they look like numbers.")
        String categorical,
        @Setting(group = Setting.Group.TASK, label = "TEXT,...", says = "Texts that stand for a missing value, beside none at all, NA, N/A, n/a, #N/A, NaN, nan, NAN, -NaN, -nan, -nan(ind), NULL and null.")
        String missing,
        @Setting(group = Setting.Group.TASK, label = "WHAT", says = "What has a target of its own: sequence, step, or auto to find out.")
        TargetPer targetPer,
        @Setting(group = Setting.Group.TASK, label = "N", least = 1, most = Limits.LENGTH, says = "How many steps ahead to forecast.")
        int horizon,
        @Setting(group = Setting.Group.TASK, label = "T", least = 0, most = Limits.LENGTH, says = "Cut long sequences into pieces of at most so many steps; where a sequence has one target, its last half to whole T steps are kept. 0 for whole sequences.")
        int window,
        @Setting(group = Setting.Group.TASK, label = "HOW", says = "How to divide the table into parts: by sequence; by time, the latest for the test; or auto, by time for a forecast with --order and where there is one sequence.")
        SplitBy split,
        @Setting(group = Setting.Group.TASK, label = "X", above = 0, below = 1, says = "The share of the validation part.")
        double validation,
        @Setting(group = Setting.Group.TASK, label = "X", least = 0, below = 1, says = "The share of the test part.")
        double test,
        @Setting(group = Setting.Group.TASK, says = "Where the lot comes from that divides sequences; the same for runs that are to be compared.")
        long splitSeed,
        @Setting(group = Setting.Group.TASK, label = "W", says = "How much classes count: none (all the same), balanced (rare ones more), or weights, fault=5,ok=1.")
        String classWeights,
        @Setting(group = Setting.Group.TASK, label = "DIR", changeable = true, says = "A folder with room for the table while it is used; the system's for temporary files unless given.")
        Path scratch) implements TaskOptions {
    // spotless:on

    private static final String TABLE = "table";
    private static final int MOST_NAMED = 6; // columns of words, in the summary
    private static final Path NONE = Path.of("");

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        String name = Settings.text(task);
        if (data.equals(NONE)) {
            problems.add("which table? --data FILE names it, CSV or Parquet");
        }
        if (target.isEmpty()) {
            problems.add("which column is to be predicted? --target COL");
        }
        if (validation + test >= 1) {
            problems.add("--validation and --test leave nothing to train on: " + validation + " and " + test);
        }
        if (window == 1) {
            problems.add("--window must be 0 or at least 2: 1");
        }
        if (task != TaskKind.FORECAST && horizon != 1) {
            problems.add("--horizon is for sab train forecast: leave it out for " + name);
        }
        if (task != TaskKind.CLASSIFY && !classWeights.equals("none")) {
            problems.add("--class-weights is for sab train classify: leave it out for " + name);
        }
        Map.of(
                        "features", features,
                        "without", without,
                        "categorical", categorical,
                        "missing", missing,
                        "class-weights", classWeights)
                .forEach((key, text) -> {
                    try {
                        TableOptions.names(text);
                    } catch (IllegalArgumentException e) {
                        problems.add("--" + key + " " + e.getMessage() + ": " + Settings.shown(text));
                    }
                });
        return problems;
    }

    /** What the table's reader is told. */
    TableOptions options() {
        return new TableOptions(
                switch (task) {
                    case REGRESS -> Goal.REGRESS;
                    case FORECAST -> Goal.FORECAST;
                    default -> Goal.CLASSIFY;
                },
                sequence,
                order,
                target,
                TableOptions.names(features),
                TableOptions.names(without),
                TableOptions.names(categorical),
                TableOptions.names(missing),
                targetPer,
                horizon,
                window,
                split,
                validation,
                test,
                classWeights,
                splitSeed);
    }

    /** What to say of a table on which the model is used; empty unless it is that of the training, which the model has partly seen. */
    public Optional<String> own(Path table) throws IOException {
        return Files.exists(data) && Files.exists(table) && Files.isSameFile(data, table)
                ? Optional.of(table + " is the table of the training: the model has seen its training part (sab eval"
                        + " without --data measures on the test part alone)")
                : Optional.empty();
    }

    /** Where tables are sorted: a folder with room for them. */
    Path folder() {
        return Files.isDirectory(scratch) && !scratch.equals(NONE)
                ? scratch
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    @Override
    public OpenTask open() throws RunException {
        if (!scratch.equals(NONE) && !Files.isDirectory(scratch)) {
            throw new RunException("--scratch " + scratch + " is no folder that is there: make it, or name another");
        }
        return read(false);
    }

    private OpenTask read(boolean trained) throws RunException {
        List<String> notes = new ArrayList<>();
        try {
            TableTask read = trained
                    ? TableImport.reopen(data, options(), folder(), threads(), notes::add)
                    : TableImport.open(data, options(), folder(), threads(), notes::add);
            return opened(data, read, notes);
        } catch (IOException e) {
            throw failure(data, e);
        }
    }

    @Override
    public OpenTask reopen(Map<String, String> facts, @Nullable Path other) throws RunException {
        if (other == null) {
            return read(true).sameAs(facts, data);
        }
        try {
            List<String> notes = new ArrayList<>();
            own(other).ifPresent(notes::add);
            TableTask task = TableImport.reopen(other, encoding(facts), folder(), threads(), notes::add);
            return opened(other, task, notes);
        } catch (IOException e) {
            throw failure(other, e);
        }
    }

    private RunException failure(Path table, IOException e) {
        return new RunException(
                e instanceof TableException
                        ? Reason.of(e)
                        : table + " could not be put into " + folder() + " for a while: " + Reason.of(e)
                                + "; make room there, or give --scratch another folder");
    }

    private static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** How a training turned tables into vectors. */
    public TableEncoding encoding(Map<String, String> facts) throws RunException {
        String json = facts.get(TABLE);
        if (json == null) {
            throw new RunException("the model does not say how tables become its inputs");
        }
        try {
            return TableEncoding.of(json);
        } catch (IllegalArgumentException e) {
            throw new RunException("what the model says of its table can't be used: " + e.getMessage());
        }
    }

    /** What columns were taken for: a number that is one of many words has lost its order. */
    private static String columns(TableEncoding encoding) {
        long numbers = 0;
        long times = 0;
        List<String> words = new ArrayList<>();
        for (Feature feature : encoding.features()) {
            switch (feature) {
                case Feature.Numeric numeric when numeric.time() -> times++;
                case Feature.Numeric _ -> numbers++;
                case Feature.Category category ->
                    words.add(String.format(
                            Locale.ROOT,
                            "%s of %,d word%s",
                            Settings.shown(category.name()),
                            category.words().size(),
                            category.words().size() == 1 ? "" : "s"));
            }
        }
        List<String> parts = new ArrayList<>();
        if (numbers > 0) {
            parts.add(numbers + (numbers == 1 ? " number" : " numbers"));
        }
        if (times > 0) {
            parts.add(times + (times == 1 ? " time" : " times"));
        }
        parts.addAll(words.subList(0, Math.min(MOST_NAMED, words.size())));
        if (words.size() > MOST_NAMED) {
            parts.add("words in " + (words.size() - MOST_NAMED) + " more columns");
        }
        return String.join(", ", parts);
    }

    private OpenTask opened(Path from, TableTask table, List<String> notes) {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put(OpenTask.FINGERPRINT, table.fingerprint());
        facts.put(TABLE, table.encoding().json());
        String summary = String.format(
                Locale.ROOT,
                "%s %s of %s, %,d / %,d / %,d %s for training, validation and test; %,d inputs: %s; %,d steps at most",
                Settings.text(task),
                Settings.shown(target),
                from.getFileName(),
                table.sequences(Part.TRAINING),
                table.sequences(Part.VALIDATION),
                table.sequences(Part.TEST),
                OpenTask.unit(table),
                table.inputs(),
                columns(table.encoding()),
                table.steps());
        return new OpenTask(table, summary, facts, notes);
    }
}
