package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.random.RandomStream;
import org.sab4j.task.Part;

class TableImportTest {

    @TempDir
    private Path folder;

    private static float[] inputs(Batch batch) {
        return ((Inputs.Vectors) batch.inputs()).values();
    }

    private static int[] classes(Batch batch) {
        return ((Targets.Classes) batch.targets()).values();
    }

    @Test
    void classPerSequence() throws IOException {
        Path data = Tables.machines(folder, 40, 5);
        TableTask task = Tables.open(data, TableOptions.of(Goal.CLASSIFY, "id", "state"), folder.resolve("scratch"));
        assertThat(task.tableSequences()).isEqualTo(40);
        assertThat(task.sequences(Part.TRAINING)).isEqualTo(28);
        assertThat(task.sequences(Part.VALIDATION)).isEqualTo(6);
        assertThat(task.sequences(Part.TEST)).isEqualTo(6);
        assertThat(task.encoding().perStep()).isFalse();
        assertThat(task.encoding().features()).extracting(Feature::name).containsExactly("t", "temp", "event");
        assertThat(task.inputs()).isEqualTo(1 + 2 + 3);
        assertThat(task.steps()).isEqualTo(7);
        Batch batch = task.batch(Part.TEST, Tables.all(task, Part.TEST));
        int scored = 0;
        int faults = 0;
        for (int target : classes(batch)) {
            scored += target == Targets.NONE ? 0 : 1;
            faults += target == 0 ? 1 : 0; // fault, ok
        }
        assertThat(scored).isEqualTo(6);
        assertThat(faults).as("each class has its share of the part").isEqualTo(3);
        try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    /** Of very many words those of the training part are told apart, however frequent others are elsewhere. */
    @Test
    void manyWords() throws IOException {
        StringBuilder text = new StringBuilder("word,y\n");
        int rows = 0;
        for (; rows < 2400; rows++) { // w0 … w999 twice, w1000 … w1399 once
            text.append('w').append(rows % 1400).append(",1\n");
        }
        for (; rows < 3429; rows++) { // other words, seven times each
            text.append('x').append(rows % 147).append(",2\n");
        }
        Path data = Files.writeString(folder.resolve("words.csv"), text);
        List<String> notes = new ArrayList<>();
        TableTask task = TableImport.open(data, TableOptions.of(Goal.REGRESS, "", "y"), folder, 1, notes::add);
        List<String> learnt = ((Feature.Category) task.encoding().features().getFirst()).words();
        assertThat(learnt)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1000).mapToObj(i -> "w" + i).sorted().toList());
        assertThat(notes)
                .anySatisfy(note -> assertThat(note)
                        .contains("1,400 different words in the training part: the 1,000 most frequent"));
        Batch batch = task.batch(Part.TRAINING, new int[] {0});
        for (int row = 0; row < 2400; row++) {
            for (int place = 0; place < 1000; place++) {
                float expected = learnt.get(place).equals("w" + row % 1400) ? 1 : 0;
                assertThat(inputs(batch)[row * 1000 + place]).isEqualTo(expected);
            }
        }
    }

    /** A trained model sees the training part as it sees the others: each step with what went before it. */
    @Test
    void measuredAlike() throws IOException {
        StringBuilder text = new StringBuilder("id,t,x,y\n");
        for (int row = 0; row < 100; row++) { // 5 sequences of 20 steps, of which 3 are for training
            text.append(row / 20 + "," + row + "," + row + "," + row % 3 + "\n");
        }
        Path data = Files.writeString(folder.resolve("steps.csv"), text);
        TableOptions options = Tables.options(Goal.REGRESS, "y", 8);
        TableTask trained = TableImport.open(data, options, folder, 1, note -> {});
        TableTask measured = TableImport.reopen(data, options, folder, 1, note -> {});
        assertThat(measured.encoding()).isEqualTo(trained.encoding());
        assertThat(measured.fingerprint()).isEqualTo(trained.fingerprint());
        assertThat(trained.sequences(Part.TRAINING)).isEqualTo(3 * 3); // of 8, 8 and 4 steps
        assertThat(measured.sequences(Part.TRAINING)).isEqualTo(3 * 4); // of 8, each 4 steps on
        assertThat(scored(measured)).isEqualTo(scored(trained)).isEqualTo(60);
        assertThat(measured.sequences(Part.TEST)).isEqualTo(trained.sequences(Part.TEST));
    }

    private static int scored(TableTask task) {
        Batch batch = task.batch(Part.TRAINING, Tables.all(task, Part.TRAINING));
        return (int) IntStream.range(0, batch.sequences() * batch.steps())
                .filter(batch.targets()::scored)
                .count();
    }

    /** What the database could take for a number or a time, and nobody has written as one. */
    @Test
    void codesAreWords() throws IOException {
        StringBuilder text = new StringBuilder("cell,part,day,number,y\n");
        for (int row = 0; row < 60; row++) {
            text.append(row % 7 + "_" + row % 3 + "," + (row % 12 + 1) + "-" + (row % 5 + 1) + "-1," + (row % 28 + 1)
                    + "-01-24," + row + ".5,1\n");
        }
        Path data = Files.writeString(folder.resolve("codes.csv"), text);
        TableTask task = Tables.open(data, TableOptions.of(Goal.REGRESS, "", "y"), folder);
        assertThat(task.encoding().features().stream().map(Feature.Category.class::isInstance))
                .containsExactly(true, true, true, false);
        TableOptions byDay =
                Tables.of(Goal.FORECAST, "number").keys("", "day").missing("7").build();
        assertThatThrownBy(() -> Tables.open(data, byDay, folder))
                .hasMessageContaining("'day' can't order rows, it holds neither numbers nor times");
    }

    /** A class that is a number is the same however it is written. */
    @Test
    void weightsOfClassesThatAreNumbers() throws TableException {
        assertThat(ClassWeights.of("2.0=5, 1=3", List.of("1", "2"), new long[2]))
                .containsExactly(3, 5);
        assertThatThrownBy(() -> ClassWeights.of("3=5", List.of("1", "2"), new long[2]))
                .hasMessageContaining("names no class");
        assertThatThrownBy(() -> ClassWeights.of("1=2,1.0=3", List.of("1", "2"), new long[2]))
                .hasMessageContaining("two weights for '1.0'");
        assertThatThrownBy(() -> ClassWeights.of("a, b=2", List.of("a, b", "c"), new long[2]))
                .hasMessageContaining("weights such as \"a, b=2\": 'a'");
    }

    private static TableOptions columns(List<String> features, List<String> without, List<String> categorical) {
        return Tables.of(Goal.CLASSIFY, "state")
                .keys("id", "t")
                .columns(features, without, categorical)
                .split(SplitBy.SEQUENCE)
                .build();
    }

    /** Old runs may have such settings, which can't change while they go on. */
    @Test
    void columnsThatContradictOneAnotherAreTold() throws IOException {
        Path data = Tables.machines(folder, 40, 5);
        List<String> notes = new ArrayList<>();
        TableImport.open(
                data, columns(List.of(), List.of("event", "state"), List.of("event", "temp")), folder, 1, notes::add);
        assertThat(notes)
                .containsExactly(
                        "--without names 'state', which is the target: that changes nothing",
                        "--categorical names 'event', which is no column to predict from: that changes nothing");
        notes.clear();
        TableOptions twice = columns(List.of("temp", "event", "temp"), List.of(), List.of());
        assertThat(TableImport.open(data, twice, folder, 1, notes::add)
                        .encoding()
                        .features())
                .hasSize(3);
        assertThat(notes).containsExactly("--features names 'temp' twice, and so it is seen twice");
        TableImport.reopen(data, twice, folder, 1, notes::add);
        assertThat(notes).as("told once").hasSize(1);
    }

    /** Of the training part alone; a value that is missing now and then tells something. */
    @Test
    void columnsThatAreTheSameThroughout() throws IOException {
        StringBuilder text = new StringBuilder("x,one,word,gap,late,later,y\n");
        for (int row = 0; row < 100; row++) {
            text.append(row % 7 + ",0.1,ok," + (row % 2 == 0 ? "1" : "") + ',' + (row < 80 ? 3 : row) + ','
                    + (row < 80 ? "" : row) + ','
                    + row % 5
                    + '\n');
        }
        Path data = Files.writeString(folder.resolve("same.csv"), text);
        List<String> notes = new ArrayList<>();
        TableImport.open(data, TableOptions.of(Goal.REGRESS, "", "y"), folder, 1, notes::add);
        assertThat(notes)
                .hasSize(4)
                .allSatisfy(
                        note -> assertThat(note).contains(" in all of the training part, so that other values of it"));
        assertThat(String.join("\n", notes))
                .contains(
                        "column 'one' is the same",
                        "column 'word' is the same",
                        "column 'late' is the same",
                        "column 'later' has no value");
    }

    /** Sequences of one length must not all give the same few of their moments. */
    @Test
    void momentsOfALargeTable() {
        double[] moments = Splitter.sample(120_000, 30_000, row -> row % 12, RandomStream.of(1, "moments"));
        assertThat(moments).hasSize(30_000);
        for (int month = 0; month < 12; month++) {
            int one = month;
            assertThat(Arrays.stream(moments).filter(found -> found == one).count())
                    .as("month %d", month)
                    .isBetween(2_200L, 2_800L);
        }
        assertThat(Splitter.sample(5, 5, row -> row, RandomStream.of(1, "moments")))
                .containsExactly(0, 1, 2, 3, 4);
    }

    /** What the database takes to understand a query must not grow with the square of the columns. */
    @Test
    @Timeout(100)
    void hundredsOfColumns() throws IOException {
        int columns = 400;
        StringBuilder text = new StringBuilder("id,state");
        for (int c = 0; c < columns; c++) {
            text.append(",c").append(c);
        }
        for (int i = 0; i < 60; i++) {
            text.append("\nm").append(i / 3).append(i / 3 % 2 == 0 ? ",ok" : ",fault");
            for (int c = 0; c < columns; c++) {
                text.append(c % 2 == 0 ? "," + (i + c) : i % 7 == 0 ? ",on" : ",off");
            }
        }
        Path data = Files.writeString(folder.resolve("wide.csv"), text.append('\n'));
        TableTask task = Tables.open(data, TableOptions.of(Goal.CLASSIFY, "id", "state"), folder);
        assertThat(task.encoding().features()).hasSize(columns);
        assertThat(task.inputs()).isEqualTo(columns / 2 + columns);
    }

    /** What means nothing in a feature means what it says in the order. */
    @Test
    void zeroMayStandForNothing() throws IOException {
        Path data = Tables.machines(folder, 40, 5); // from t = 0 on
        TableTask task = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0, "0"), folder);
        assertThat(task.tableSequences()).isEqualTo(40);
        assertThat(task.encoding().missing()).containsExactly("0");
    }

    @Test
    void saysWhyEachStepHasATarget() throws IOException {
        Path data = Tables.machines(folder, 40, 5);
        Files.writeString(data, Files.readString(data).replaceFirst("m7,1,(.*),fault", "m7,1,$1,ok"));
        List<String> notes = new ArrayList<>();
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "id", "state");
        TableTask task = TableImport.open(data, options, folder, 1, notes::add);
        assertThat(task.encoding().perStep()).isTrue();
        assertThat(notes)
                .singleElement()
                .asString()
                .matches("each step has a target of its own, since sequence 'm7' has two targets, 'fault' and 'ok'"
                        + " \\(line \\d+\\) \\(should each sequence have one: --target-per sequence\\)");
    }

    @Test
    void scalesAreThoseOfTheTrainingPart() throws IOException {
        Path data = Tables.machines(folder, 40, 5);
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "id", "state");
        TableTask task = Tables.open(data, options, folder);
        Batch batch = task.batch(Part.TRAINING, Tables.all(task, Part.TRAINING));
        double sum = 0;
        double squares = 0;
        int count = 0;
        int missing = 0;
        for (int i = 0; i < task.sequences(Part.TRAINING); i++) {
            Batch one = task.batch(Part.TRAINING, new int[] {i});
            for (int t = 0; t < one.steps(); t++) {
                float z = inputs(one)[t * task.inputs() + 1];
                boolean none = inputs(one)[t * task.inputs() + 2] == 1;
                missing += none ? 1 : 0;
                count += none ? 0 : 1;
                sum += z;
                squares += z * z;
                assertThat(z).isEqualTo(inputs(batch)[(i * batch.steps() + t) * task.inputs() + 1]);
            }
        }
        assertThat(missing).isPositive();
        assertThat(sum / count).isCloseTo(0, within(1e-6));
        assertThat(squares / count).isCloseTo(1, within(1e-6));
    }

    @Test
    void wordsThatTrainingDidNotHaveAreZero() throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,t,word,y"));
        for (int i = 0; i < 20; i++) { // by time: the last sequences are measured
            lines.add("s" + i + "," + i + "," + (i < 12 ? "old" : "new") + "," + (i % 2));
        }
        Path data = Tables.write(folder, "words.csv", lines.toArray(String[]::new));
        TableOptions options = options(Goal.CLASSIFY, "id", "t", "y", SplitBy.TIME, 0, 0);
        TableTask task = Tables.open(data, options, folder);
        assertThat(task.encoding().features())
                .singleElement()
                .isInstanceOfSatisfying(
                        Feature.Category.class, word -> assertThat(word.words()).containsExactly("new", "old"));
        assertThat(inputs(task.batch(Part.TEST, new int[] {0}))).containsExactly(1, 0);
        TableOptions early = options(Goal.CLASSIFY, "id", "t", "y", SplitBy.TIME, 0.4, 0.2);
        TableTask earlier = Tables.open(data, early, folder);
        assertThat(inputs(earlier.batch(Part.TEST, new int[] {0}))).containsExactly(0);
    }

    private static TableOptions options(
            Goal goal, String sequence, String order, String target, SplitBy split, double validation, double test) {
        return Tables.of(goal, target)
                .keys(sequence, order)
                .split(split)
                .shares(validation == 0 ? 0.15 : validation, test == 0 ? 0.15 : test)
                .build();
    }

    /** A class {@code y} for each {@code id}. */
    private static TableOptions classes(List<String> missing, double share, String weights) {
        return Tables.of(Goal.CLASSIFY, "y")
                .keys("id", "")
                .missing(missing.toArray(String[]::new))
                .split(SplitBy.SEQUENCE)
                .shares(share, share)
                .classWeights(weights)
                .build();
    }

    @Test
    void rowsAreSortedByTheirOrder() throws IOException {
        Path data = Tables.write(
                folder,
                "o.csv",
                "id;t;x;y",
                "b;10;1;u",
                "a;9;2;v",
                "b;9;3;u",
                "a;10;4;v",
                "c;1;5;u",
                "d;2;6;v",
                "e;2;6;v",
                "f;2;6;u");
        TableOptions options = options(Goal.CLASSIFY, "id", "t", "y", SplitBy.SEQUENCE, 0.2, 0.2);
        TableTask task = Tables.open(data, options, folder);
        Feature.Numeric x = (Feature.Numeric) task.encoding().features().getFirst();
        List<List<Long>> found = new ArrayList<>();
        for (Part part : Part.values()) {
            for (int i = 0; i < task.sequences(part); i++) {
                Batch one = task.batch(part, new int[] {i});
                List<Long> values = new ArrayList<>();
                for (float z : inputs(one)) {
                    values.add(Math.round(z * x.deviation() + x.mean()));
                }
                found.add(values);
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrder(
                        List.of(2L, 4L), List.of(3L, 1L), List.of(5L), List.of(6L), List.of(6L), List.of(6L));
    }

    @Test
    void forecastByTimeKnowsNothingOfTheFuture() throws IOException {
        List<String> lines = new ArrayList<>(List.of("when,load"));
        for (int i = 0; i < 100; i++) {
            lines.add("2025-01-%02d %02d:00,%d".formatted(1 + i / 24, i % 24, i));
        }
        Path data = Tables.write(folder, "load.csv", lines.toArray(String[]::new));
        TableOptions options = options(Goal.FORECAST, "", "when", "load", SplitBy.AUTO, 0.2, 0.1);
        TableTask task = Tables.open(data, options, folder);
        assertThat(task.encoding().orderKind()).isEqualTo(TableEncoding.OrderKind.TIME);
        Outcome.Value value = (Outcome.Value) task.encoding().outcome();
        assertThat(value.mean()).as("of 1 … 69").isCloseTo(35, within(1e-9));
        assertThat(targets(task, Part.TRAINING)).hasSize(69).startsWith(1L).endsWith(69L);
        assertThat(targets(task, Part.VALIDATION)).hasSize(20).startsWith(70L).endsWith(89L);
        assertThat(targets(task, Part.TEST)).hasSize(10).startsWith(90L).endsWith(99L);
        assertThat(task.batch(Part.TEST, new int[] {0}).steps()).isEqualTo(99);
    }

    /** The hour that comes twice at the end of summer time. */
    @Test
    void timesAreOrderedByTheirOffsets() throws IOException {
        List<String> lines = new ArrayList<>(List.of("when,load"));
        for (int i = 0; i < 20; i++) {
            lines.add("2025-10-26T02:%02d:00+0%d:00,%d".formatted(i % 10 * 6, i < 10 ? 2 : 1, i));
        }
        Path data = Tables.write(folder, "load.csv", lines.toArray(String[]::new));
        TableTask task = Tables.open(data, options(Goal.FORECAST, "", "when", "load", SplitBy.AUTO, 0.2, 0.1), folder);
        assertThat(targets(task, Part.TRAINING))
                .isSorted()
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 13).boxed().toList());
    }

    /** Neither a pattern, nor a folder that would add a column, nor empty lines before the header. */
    @Test
    void aNameIsOnlyAName() throws Exception {
        Path data = Tables.machines(folder, 30, 4);
        Path strange = Files.createDirectories(folder.resolve("event=load")).resolve("m[a]*?.csv");
        Files.writeString(strange.resolveSibling("ma.csv"), "id\n1\n");
        Files.writeString(strange, "\n\n" + Files.readString(data));
        TableOptions options = options(Goal.CLASSIFY, "id", "t", "state", SplitBy.SEQUENCE, 0, 0);
        TableTask plain = Tables.open(data, options, folder);
        assertThat(Tables.open(strange, options, folder).encoding()).isEqualTo(plain.encoding());
        Path parquet = strange.resolveSibling("m[a].parquet");
        asParquet(data, parquet);
        assertThat(Tables.open(parquet, options, folder).encoding()).isEqualTo(plain.encoding());
    }

    /** However the number is written that stands for what is missing, and in whichever format. */
    @Test
    void aMissingNumberIsANumber() throws Exception {
        List<String> lines = new ArrayList<>(List.of("id,x,on,y"));
        for (int i = 0; i < 40; i++) {
            lines.add("s%d,%s,%s,%s"
                    .formatted(i, i % 4 == 0 ? "-999.0" : "" + (i + 0.5), i % 3 == 0, i % 2 == 0 ? "a" : "b"));
        }
        Path data = Tables.write(folder, "x.csv", lines.toArray(String[]::new));
        Path parquet = folder.resolve("x.parquet");
        asParquet(data, parquet);
        TableOptions options = classes(List.of("-999", "1", "0"), 0.2, "none"); // and true is no number
        TableTask csv = Tables.open(data, options, folder);
        Feature.Numeric x = (Feature.Numeric) csv.encoding().features().getFirst();
        assertThat(x.missing()).isTrue();
        assertThat(x.mean()).isBetween(0.0, 40.0);
        assertThat(Tables.open(parquet, options, folder).encoding()).isEqualTo(csv.encoding());
    }

    /** In single precision -999.9 is not what it is in double precision. */
    @Test
    void aMissingNumberOfSinglePrecision() throws Exception {
        List<String> lines = new ArrayList<>(List.of("id,x,y"));
        for (int i = 0; i < 40; i++) {
            String none = i % 8 == 0 ? "-999.9" : "1e20";
            lines.add("s%d,%s,%s".formatted(i, i % 4 == 0 ? none : "" + (i + 0.5), i % 2 == 0 ? "a" : "b"));
        }
        Path data = Tables.write(folder, "x.csv", lines.toArray(String[]::new));
        Path parquet = folder.resolve("x.parquet");
        try (Engine engine = Engine.open(folder, 1)) {
            engine.execute("COPY (SELECT id, CAST(x AS FLOAT) AS x, y FROM read_csv(" + Engine.file(data) + ")) TO "
                    + Engine.text(parquet.toString()) + " (FORMAT parquet)");
        }
        TableOptions options = classes(List.of("-999.9", "1e20"), 0.2, "none");
        TableEncoding encoding = Tables.open(parquet, options, folder).encoding();
        assertThat(encoding).isEqualTo(Tables.open(data, options, folder).encoding());
        Feature.Numeric x = (Feature.Numeric) encoding.features().getFirst();
        assertThat(x.missing()).isTrue();
        assertThat(x.mean()).isBetween(0.0, 40.0);
    }

    /** In single precision 1e-300 would be 0. */
    @Test
    void aMissingNumberThatSinglePrecisionHasNot() throws Exception {
        Path parquet = folder.resolve("x.parquet");
        try (Engine engine = Engine.open(folder, 1)) {
            engine.execute("COPY (SELECT range AS id, CAST(range % 3 AS FLOAT) AS x, range % 2 AS y FROM range(40)) TO "
                    + Engine.text(parquet.toString()) + " (FORMAT parquet)");
        }
        TableEncoding encoding = Tables.open(parquet, classes(List.of("1e-300", "1e300"), 0.2, "none"), folder)
                .encoding();
        assertThat(((Feature.Numeric) encoding.features().getFirst()).missing()).isFalse();
    }

    private static List<Long> targets(TableTask task, Part part) {
        Batch batch = task.batch(part, Tables.all(task, part));
        Targets.Values values = (Targets.Values) batch.targets();
        Outcome.Value value = (Outcome.Value) task.encoding().outcome();
        List<Long> found = new ArrayList<>();
        for (int at = 0; at < values.scored().length; at++) {
            if (values.scored()[at]) {
                found.add(Math.round(values.values()[at] * value.deviation() + value.mean()));
            }
        }
        return found;
    }

    @Test
    void windowsScoreEachStepOnce() throws IOException {
        List<String> lines = new ArrayList<>(List.of("load"));
        for (int i = 0; i < 100; i++) {
            lines.add(String.valueOf(i));
        }
        Path data = Tables.write(folder, "load.csv", lines.toArray(String[]::new));
        TableOptions options =
                Tables.of(Goal.FORECAST, "load").horizon(3).window(10).build();
        TableTask task = Tables.open(data, options, folder);
        assertThat(task.steps()).isEqualTo(10);
        assertThat(targets(task, Part.TRAINING))
                .hasSize(57)
                .doesNotHaveDuplicates()
                .contains(3L, 59L);
        assertThat(targets(task, Part.VALIDATION))
                .hasSize(20)
                .doesNotHaveDuplicates()
                .contains(60L, 79L);
        assertThat(targets(task, Part.TEST)).hasSize(20).doesNotHaveDuplicates().contains(80L, 99L);
    }

    /** They are no rows, as in tables of more columns; a value that is missing stands as an empty one in quotes. */
    @Test
    void emptyLinesOfASingleColumn() throws IOException {
        List<String> lines = new ArrayList<>(List.of("load"));
        List<String> apart = new ArrayList<>(List.of("load"));
        List<String> missing = new ArrayList<>(List.of("load"));
        for (int i = 0; i < 100; i++) {
            lines.add(String.valueOf(i));
            apart.addAll(List.of("", String.valueOf(i)));
            missing.addAll(List.of("\"\"", String.valueOf(i)));
        }
        TableOptions options = Tables.of(Goal.FORECAST, "load").window(10).build();
        TableTask task = Tables.open(Tables.write(folder, "a.csv", lines.toArray(String[]::new)), options, folder);
        TableTask same = Tables.open(Tables.write(folder, "b.csv", apart.toArray(String[]::new)), options, folder);
        TableTask other = Tables.open(Tables.write(folder, "c.csv", missing.toArray(String[]::new)), options, folder);
        assertThat(task.rows()).isEqualTo(100);
        assertThat(same.fingerprint()).isEqualTo(task.fingerprint());
        assertThat(other.rows()).isEqualTo(200);
        assertThat(((Feature.Numeric) other.encoding().features().getFirst()).missing())
                .isTrue();
    }

    private void asParquet(Path csv, Path parquet) throws Exception {
        try (Engine engine = Engine.open(folder, 1)) {
            engine.execute("COPY (SELECT * FROM read_csv(" + Engine.file(csv) + ")) TO "
                    + Engine.text(parquet.toString()) + " (FORMAT parquet)");
        }
    }

    @Test
    void saysWhichColumnsAreOfNoUse() throws Exception {
        Path data = Tables.machines(folder, 20, 4);
        Path parquet = folder.resolve("x.parquet");
        try (Engine engine = Engine.open(folder, 1)) {
            engine.execute("COPY (SELECT *, CAST('a' AS BLOB) AS raw, [t] AS list FROM read_csv("
                    + Engine.text(data.toString()) + ")) TO " + Engine.text(parquet.toString()) + " (FORMAT parquet)");
        }
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "id", "state");
        List<String> notes = new ArrayList<>();
        TableImport.open(parquet, options, folder, 1, notes::add);
        assertThat(notes).containsExactly("left out, since no numbers, words or times: 'raw', 'list'");
    }

    @Test
    void parquetGivesTheSameAsCsv() throws Exception {
        Path data = Tables.machines(folder, 30, 4);
        Path parquet = folder.resolve("machines.parquet");
        asParquet(data, parquet);
        TableOptions options = options(Goal.CLASSIFY, "id", "t", "state", SplitBy.SEQUENCE, 0, 0);
        TableTask csv = Tables.open(data, options, folder);
        TableTask other = Tables.open(parquet, options, folder);
        assertThat(other.encoding()).isEqualTo(csv.encoding());
        int[] some = {3, 0, 7};
        assertThat(inputs(other.batch(Part.TRAINING, some))).containsExactly(inputs(csv.batch(Part.TRAINING, some)));
        assertThat(TableEncoding.of(csv.encoding().json())).isEqualTo(csv.encoding());
    }

    @Test
    void rareClassesCanCountMore() throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,x,y"));
        for (int i = 0; i < 40; i++) {
            lines.add(i + "," + i + "," + (i % 4 == 0 ? "rare" : "often"));
        }
        Path data = Tables.write(folder, "rare.csv", lines.toArray(String[]::new));
        TableOptions options = classes(List.of(), 0.1, "balanced");
        TableTask task = Tables.open(data, options, folder);
        Targets.Classes targets = (Targets.Classes)
                task.batch(Part.TRAINING, Tables.all(task, Part.TRAINING)).targets();
        assertThat(targets.weights()[1] / targets.weights()[0]).isCloseTo(3, within(0.01f));
        // They belong to the model, so that other data are measured by the same.
        TableEncoding read = TableEncoding.of(task.encoding().json());
        assertThat(read).isEqualTo(task.encoding());
        TableTask other = TableImport.reopen(data, read, folder, 1, note -> {});
        assertThat(((Targets.Classes) other.batch(Part.TEST, Tables.all(other, Part.TEST))
                                .targets())
                        .weights())
                .isEqualTo(targets.weights());
    }

    @ParameterizedTest
    @CsvSource({"0.15, 0.15", "0.1, 0.2", "0.1, 0.3", "0.05, 0.25", "0.3, 0.1", "0.25, 0.2", "0.01, 0.5"})
    void eachPartHasItsShareOfEachClass(double validation, double test) throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,x,y"));
        for (int i = 0; i < 300; i++) {
            lines.add("s" + i + "," + i + "," + (i % 3 == 0 ? "rare" : "often"));
        }
        Path data = Tables.write(folder, "shares.csv", lines.toArray(String[]::new));
        TableTask task =
                Tables.open(data, options(Goal.CLASSIFY, "id", "", "y", SplitBy.SEQUENCE, validation, test), folder);
        assertThat(share(task, Part.VALIDATION, 0)).isCloseTo(200 * validation, within(1.01));
        assertThat(share(task, Part.VALIDATION, 1)).isCloseTo(100 * validation, within(1.01));
        assertThat(share(task, Part.TEST, 0)).isCloseTo(200 * test, within(1.01));
        assertThat(share(task, Part.TEST, 1)).isCloseTo(100 * test, within(1.01));
        assertThat(task.sequences(Part.TRAINING) + task.sequences(Part.VALIDATION) + task.sequences(Part.TEST))
                .isEqualTo(300);
    }

    /** At once, and not when memory gets scarce. */
    @Test
    void aClosedTaskFreesItsFile() throws IOException {
        Path data = Tables.machines(folder, 40, 5);
        Path scratch = folder.resolve("closed");
        TableTask task = Tables.open(data, TableOptions.of(Goal.CLASSIFY, "id", "state"), scratch);
        assertThat(task.batch(Part.TEST, new int[] {0}).sequences()).isEqualTo(1);
        Path mappings = Path.of("/proc/self/maps"); // as Linux tells it
        boolean told = Files.exists(mappings);
        boolean before = told && Files.readString(mappings).contains(scratch.toString());
        task.close();
        task.close();
        assertThatThrownBy(() -> task.batch(Part.TEST, new int[] {0})).isInstanceOf(IllegalStateException.class);
        assumeTrue(told, "no list of what is mapped");
        assertThat(before).isTrue();
        assertThat(Files.readString(mappings)).doesNotContain(scratch.toString());
    }

    /** By lot, and by the same lot for the same seed. */
    @Test
    void theSeedDrawsTheParts() throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,x,y"));
        for (int i = 0; i < 200; i++) {
            lines.add("s" + i + "," + i + "," + i % 7);
        }
        Path data = Tables.write(folder, "lot.csv", lines.toArray(String[]::new));
        Map<Part, NavigableSet<Long>> parts = drawn(data, 1);
        assertThat(drawn(data, 1)).isEqualTo(parts);
        assertThat(parts.get(Part.TRAINING)).hasSize(120);
        assertThat(parts.get(Part.VALIDATION)).hasSize(40);
        assertThat(parts.get(Part.TEST)).hasSize(40);
        assertThat(parts.values().stream().flatMap(NavigableSet::stream))
                .as("no sequence is in two parts")
                .doesNotHaveDuplicates()
                .hasSize(200);
        assertThat(drawn(data, 2).get(Part.TEST)).hasSize(40).isNotEqualTo(parts.get(Part.TEST));
        List<Long> test = List.copyOf(Objects.requireNonNull(parts.get(Part.TEST)));
        Set<Long> distances = new HashSet<>();
        for (int i = 1; i < test.size(); i++) {
            distances.add(test.get(i) - test.get(i - 1));
        }
        assertThat(distances).as("of one drawn to the next").hasSizeGreaterThan(5);
    }

    /** The sequences of each part, by their x. */
    private Map<Part, NavigableSet<Long>> drawn(Path data, long seed) throws IOException {
        TableOptions options = Tables.of(Goal.REGRESS, "y")
                .keys("id", "")
                .split(SplitBy.SEQUENCE)
                .seed(seed)
                .build();
        TableTask task = Tables.open(data, options, folder);
        Feature.Numeric x = (Feature.Numeric) task.encoding().features().getFirst();
        Map<Part, NavigableSet<Long>> parts = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            NavigableSet<Long> found = new TreeSet<>();
            for (float z : inputs(task.batch(part, Tables.all(task, part)))) {
                found.add(Math.round(z * x.deviation() + x.mean()));
            }
            parts.put(part, found);
        }
        return parts;
    }

    /** However many threads read a file that is large enough to be shared out. */
    @Test
    void withoutAnOrderTheFilesHolds() throws IOException {
        int steps = 200;
        String note = "all is as it was ".repeat(24);
        Path data = folder.resolve("large.csv");
        try (BufferedWriter writer = Files.newBufferedWriter(data)) {
            writer.write("id,x,note,y\n");
            for (int row = 0; row < 250 * steps; row++) {
                writer.write("s" + row / steps + "," + row + "," + note + "," + row % 5 + "\n");
            }
        }
        assertThat(Files.size(data)).isGreaterThan(20_000_000);
        TableOptions options = Tables.of(Goal.REGRESS, "y")
                .keys("id", "")
                .columns(List.of("x"), List.of(), List.of())
                .per(TargetPer.STEP)
                .build();
        TableTask one = TableImport.open(data, options, folder, 1, said -> {});
        TableTask four = TableImport.open(data, options, folder, 4, said -> {});
        assertThat(four.fingerprint()).isEqualTo(one.fingerprint());
        int[] all = Tables.all(one, Part.TRAINING);
        float[] inputs = inputs(one.batch(Part.TRAINING, all));
        assertThat(inputs(four.batch(Part.TRAINING, all))).isEqualTo(inputs);
        Feature.Numeric x = (Feature.Numeric) one.encoding().features().getFirst();
        for (int i = 0; i < inputs.length; i++) {
            double first = inputs[i - i % steps] * x.deviation() + x.mean();
            assertThat(Math.abs(inputs[i] * x.deviation() + x.mean() - first - i % steps))
                    .isLessThan(0.1);
        }
    }

    private static double share(TableTask task, Part part, int wanted) {
        Targets.Classes classes =
                (Targets.Classes) task.batch(part, Tables.all(task, part)).targets();
        return java.util.Arrays.stream(classes.values())
                .filter(value -> value == wanted)
                .count();
    }
}
