package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.task.Part;
import org.sab4j.train.Evaluator;
import org.sab4j.train.ThreadTeam;

class TablePredictionTest {

    @TempDir
    private Path folder;

    /** A model that has learnt nothing, whose predictions vary all the same. */
    static SequenceModel model(TableEncoding encoding) {
        ModelConfig config = ModelConfig.sab(
                        encoding.inputs(), 12, encoding.outcome().outputs())
                .with(3, 2, 3);
        SequenceModel model = new SequenceModel(config, KernelProviders.kernels());
        Initialization.DEFAULT.apply(model, RandomStream.of(5, "init"));
        return model;
    }

    private TableEncoding encoding(Path data, TableOptions options) throws IOException {
        return Tables.open(data, options, folder).encoding();
    }

    private TablePrediction.Result predict(TableEncoding encoding, Path data, String out) throws IOException {
        return predict(encoding, data, out, note -> {});
    }

    private TablePrediction.Result predict(TableEncoding encoding, Path data, String out, Consumer<String> notes)
            throws IOException {
        try (ThreadTeam team = new ThreadTeam(2)) {
            Path file = folder.resolve(out);
            return new TablePrediction(model(encoding), encoding, team)
                    .write(data, file, PredictionFormat.of(file), notes, done -> {});
        }
    }

    @Test
    void judgesAsTheEvaluationDoes() throws IOException {
        Path data = Tables.machines(folder, 61, 40);
        TableTask task = Tables.open(data, TableOptions.of(Goal.CLASSIFY, "id", "state"), folder);
        try (ThreadTeam team = new ThreadTeam(1)) {
            LossSums sums = new LossSums();
            Evaluator evaluator = new Evaluator(model(task.encoding()), task, team, 7);
            for (Part part : Part.values()) {
                sums.add(evaluator.evaluate(part, 1000, 1, done -> {}));
            }
            TablePrediction.Result result = predict(task.encoding(), data, "out.csv");
            assertThat(result.predictions()).isEqualTo(61);
            assertThat(result.judgement().orElseThrow().judged()).isEqualTo(61);
            assertThat(result.judgement().orElseThrow().measure())
                    .isEqualTo(sums.accuracy())
                    .isStrictlyBetween(0.1, 0.9);
        }
        List<String> lines = Files.readAllLines(folder.resolve("out.csv"));
        assertThat(lines).hasSize(62).first().isEqualTo("id,prediction,probability_fault,probability_ok");
        assertThat(lines.get(3)).as("in the table's order").startsWith("m2,");
        String[] values = lines.get(3).split(",", -1);
        assertThat(Double.parseDouble(values[2]) + Double.parseDouble(values[3]))
                .isCloseTo(1, within(1e-6));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("machines.csv", "out.csv");
        }
    }

    /** Both as the root of the mean squared error of what stands in the file, in the table's own unit. */
    @ParameterizedTest
    @CsvSource({"REGRESS, 0", "FORECAST, 2"})
    void judgesNumbersAsTheEvaluationDoes(Goal goal, int horizon) throws IOException {
        Path data = Tables.machines(folder, 61, 40);
        TableOptions options = Tables.of(goal, "temp")
                .keys("id", "t")
                .columns(List.of(), List.of("state"), List.of())
                .per(TargetPer.STEP)
                .horizon(horizon)
                .split(SplitBy.SEQUENCE)
                .build();
        TableTask task = Tables.open(data, options, folder);
        List<String> table = Files.readAllLines(data);
        TablePrediction.Result result = predict(task.encoding(), data, "out.csv");
        List<String> predictions = Files.readAllLines(folder.resolve("out.csv"));
        assertThat(predictions).hasSize(table.size());
        double squares = 0;
        long count = 0;
        for (int i = 1; i + horizon < table.size(); i++) {
            String[] later = table.get(i + horizon).split(",", -1);
            String[] found = predictions.get(i).split(",", -1);
            if (found[0].equals(later[0]) && !later[2].isEmpty()) {
                squares += Math.pow(Double.parseDouble(found[2]) - Double.parseDouble(later[2]), 2);
                count++;
            }
        }
        TablePrediction.Judgement judgement = result.judgement().orElseThrow();
        assertThat(judgement.judged()).isEqualTo(count).isBetween(1800L, 2400L);
        assertThat(judgement.measure())
                .isCloseTo(Math.sqrt(squares / count), within(1e-6))
                .isBetween(2.5, 5.0); // of numbers from 20 to 30
        try (ThreadTeam team = new ThreadTeam(1)) {
            LossSums sums = new LossSums();
            Evaluator evaluator = new Evaluator(model(task.encoding()), task, team, 7);
            for (Part part : Part.values()) {
                sums.add(evaluator.evaluate(part, 1000, 1, done -> {}));
            }
            assertThat(task.measures(sums).get("rmse")).isCloseTo(judgement.measure(), within(1e-5));
        }
    }

    @Test
    void aModelThatSaysNoNumber() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        TableEncoding encoding = encoding(data, TableOptions.of(Goal.CLASSIFY, "id", "state"));
        SequenceModel model = model(encoding);
        model.parameters()[model.parameters().length - 1] = Float.NaN; // the last class's bias
        model.prepare();
        try (ThreadTeam team = new ThreadTeam(1)) {
            assertThatThrownBy(() -> new TablePrediction(model, encoding, team)
                            .write(data, folder.resolve("o.csv"), PredictionFormat.CSV, note -> {}, done -> {}))
                    .isInstanceOf(TableException.class)
                    .hasMessage(data + " line 5, sequence 'm0': what the model says is no finite number: its file is"
                            + " damaged, or the inputs are too large for it");
        }
        assertThat(folder.resolve("o.csv")).doesNotExist();
    }

    /** Before anything is read. */
    @Test
    void aPlaceForNoFileIsRefusedFirst() throws IOException {
        TableEncoding encoding =
                encoding(Tables.machines(folder, 20, 4), TableOptions.of(Goal.CLASSIFY, "id", "state"));
        Path bad = Tables.write(folder, "bad.csv", "id,t,temp,event", "a,1,warm,load");
        Files.createDirectory(folder.resolve("o.csv"));
        assertThatThrownBy(() -> predict(encoding, bad, "o.csv"))
                .hasMessage(folder.resolve("o.csv") + " cannot be written: it is a folder");
    }

    /** As the command's model files do. */
    @Test
    void aModelsFileHasTheEncoding() throws IOException {
        Path data = Tables.machines(folder, 40, 5);
        TableEncoding encoding = encoding(data, TableOptions.of(Goal.CLASSIFY, "id", "state"));
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, encoding.metadata(), new LinkedHashMap<>());
        assertThat(TableEncoding.of(Safetensors.read(file))).isEqualTo(encoding);
        assertThat(encoding.metadata()).containsOnlyKeys("data.table"); // which files of the past have
    }

    @Test
    void sequencesDoNotTouchEachOther() throws IOException {
        Path data = Tables.machines(folder, 40, 50);
        TableEncoding encoding = encoding(data, TableOptions.of(Goal.CLASSIFY, "id", "state"));
        predict(encoding, data, "all.csv");
        List<String> one = new ArrayList<>(List.of("id,t,temp,event"));
        for (String line : Files.readAllLines(data)) {
            if (line.startsWith("m7,")) {
                one.add(line.substring(0, line.lastIndexOf(',')));
            }
        }
        TablePrediction.Result result =
                predict(encoding, Tables.write(folder, "one.csv", one.toArray(String[]::new)), "alone.csv");
        assertThat(result.judgement()).as("there is no target").isEmpty();
        String alone = Files.readAllLines(folder.resolve("alone.csv")).get(1);
        assertThat(probability(Files.readAllLines(folder.resolve("all.csv")).get(8)))
                .isCloseTo(probability(alone), within(1e-6));
    }

    private static double probability(String line) {
        return Double.parseDouble(line.split(",", -1)[2]);
    }

    @Test
    void everyFormHasTheSame() throws Exception {
        List<String> lines = new ArrayList<>(List.of("id,when,prediction"));
        for (int i = 0; i < 60; i++) {
            lines.add("s" + i % 2 + ",2025-03-01 00:%02d:30,%d".formatted(59 - i, i * i));
        }
        Path data = Tables.write(folder, "load.csv", lines.toArray(String[]::new));
        TableOptions options = Tables.of(Goal.FORECAST, "prediction")
                .keys("id", "when")
                .horizon(2)
                .build();
        TableEncoding encoding = encoding(data, options);
        TablePrediction.Result result = predict(encoding, data, "a.csv");
        assertThat(result.predictions()).isEqualTo(60);
        assertThat(result.judgement().orElseThrow().judged()).isEqualTo(56);
        predict(encoding, data, "a.jsonl");
        predict(encoding, data, "a.parquet");
        try (Engine engine = Engine.open(folder, 1)) {
            List<List<String>> found = new ArrayList<>();
            for (String source :
                    List.of("read_csv('%s/a.csv')", "read_json('%s/a.jsonl')", "read_parquet('%s/a.parquet')")) {
                List<String> rows = new ArrayList<>();
                try (ResultSet set = engine.query("SELECT * FROM " + source.formatted(folder))) {
                    assertThat(set.getMetaData().getColumnName(2)).isEqualTo("when");
                    while (set.next()) {
                        rows.add(set.getString(1) + " " + set.getTimestamp(2) + " " + set.getDouble(3));
                    }
                }
                found.add(rows);
            }
            assertThat(found.get(0)).hasSize(60).isEqualTo(found.get(1)).isEqualTo(found.get(2));
            assertThat(found.get(0).getFirst()).startsWith("s0 2025-03-01 00:59:30.0 ");
        }
    }

    @Test
    void refusesWhatItCanNotRead() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        TableEncoding encoding = encoding(data, TableOptions.of(Goal.CLASSIFY, "id", "state"));
        Path other = Tables.write(folder, "other.csv", "id,t,event", "a,1,load");
        assertThatThrownBy(() -> predict(encoding, other, "o.csv"))
                .hasMessage(other + " has no column 'temp': it has 'id', 't', 'event'");
        Path words = Tables.write(folder, "words.csv", "id,t,temp,event", "a,1,7,load", "a,2,warm,load");
        assertThatThrownBy(() -> predict(encoding, words, "o.csv"))
                .hasMessageEndingWith("line 3: column 'temp' holds numbers, and here it is 'warm': mend it, or leave it"
                        + " empty if nothing is known");
        assertThatThrownBy(() -> predict(encoding, data, "none/o.csv")).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> predict(encoding, data, "o.txt"))
                .hasMessageContaining("call it .csv, .parquet or .jsonl");
        String before = Files.readString(data);
        assertThatThrownBy(() -> predict(encoding, data, folder.relativize(data).toString()))
                .hasMessage(data + " is the table itself: give the predictions a file of their own");
        assertThat(data).hasContent(before);
        Files.createDirectory(folder.resolve("o.csv"));
        assertThatThrownBy(() -> predict(encoding, data, "o.csv")).hasMessageContaining("it is a folder");
    }

    @Test
    void unknownTargetsAreLeftOutAndCounted() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "id", "state");
        TableEncoding encoding = encoding(data, options);
        Path other = Tables.write(
                folder,
                "other.csv",
                "id,t,temp,event,state",
                "a,1,20,load,ok",
                "b,1,20,load,broken",
                "c,1,20,idle,fault");
        TablePrediction.Judgement judgement =
                predict(encoding, other, "o.csv").judgement().orElseThrow();
        assertThat(judgement.judged()).isEqualTo(2);
        assertThat(judgement.strangers()).isEqualTo(1);
        List<String> notes = new ArrayList<>();
        TableTask task = TableImport.reopen(other, encoding, folder, 1, notes::add);
        assertThat(task.sequences(Part.TEST)).isEqualTo(2);
        assertThat(notes)
                .containsExactly("1 sequence has a target that the model does not know, which is not measured");
    }

    @Test
    void classesThatAreNumbersAreTheSameHoweverTheyAreWritten() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        Files.writeString(data, Files.readString(data).replace(",ok", ",0").replace(",fault", ",1"));
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "id", "state");
        TableEncoding encoding = encoding(data, options);
        Path other = Files.writeString(
                folder.resolve("other.csv"),
                Files.readString(data).replace(",0\n", ",0.0\n").replace(",1\n", ",1.0\n"));
        TablePrediction.Judgement judgement =
                predict(encoding, other, "o.csv").judgement().orElseThrow();
        assertThat(judgement)
                .isEqualTo(predict(encoding, data, "p.csv").judgement().orElseThrow());
        assertThat(judgement.judged()).isEqualTo(20);
        TableTask task = TableImport.reopen(other, encoding, folder, 1, note -> {});
        assertThat(task.sequences(Part.TEST)).isEqualTo(20);
        Path codes = Files.writeString(
                folder.resolve("codes.csv"), Files.readString(data).replaceAll("(?m)^(m0,.*),0$", "$1,00"));
        assertThat(predict(encoding, codes, "c.csv").judgement().orElseThrow().judged())
                .as("00 is a code, no class")
                .isEqualTo(19);
        task = TableImport.reopen(codes, encoding, folder, 1, note -> {});
        assertThat(task.sequences(Part.TEST)).isEqualTo(19);
    }

    @Test
    void missingAndUnknownValuesAreNoObstacle() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        TableEncoding encoding = encoding(data, TableOptions.of(Goal.CLASSIFY, "id", "state"));
        Path other = Tables.write(
                folder, "other.csv", "id,t,temp,event,state", "a,,,never seen,ok", "a,1,1e300,,odd", "b,1,NAN,,NAN");
        TablePrediction.Judgement judgement =
                predict(encoding, other, "o.csv").judgement().orElseThrow();
        assertThat(judgement.judged()).isEqualTo(1);
        assertThat(judgement.strangers()).isZero();
        assertThat(Files.readAllLines(folder.resolve("o.csv")).get(1)).matches("a,(ok|fault),[0-9.e-]+,[0-9.e-]+");
    }

    @Test
    void saysWhichWordsTheModelDoesNotKnow() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "id", "state");
        TableEncoding encoding = encoding(data, options);
        Path other = Tables.write(
                folder, "other.csv", "id,t,temp,event,state", "a,1,20,crash,ok", "a,2,20,,ok", "b,1,20,stop,ok");
        String sentence = "column 'event' has 2 values that the model does not know, the first is 'crash'";
        List<String> notes = new ArrayList<>();
        predict(encoding, other, "o.csv", notes::add);
        assertThat(notes).containsExactly(sentence);
        notes.clear();
        TableImport.reopen(other, encoding, folder, 1, notes::add);
        assertThat(notes).containsExactly(sentence);
    }

    @Test
    void theFirstOfSeveralTargetsCounts() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        TableOptions options = Tables.options(Goal.CLASSIFY, "state", 0);
        TableEncoding encoding = encoding(data, options);
        Path other = Tables.write(
                folder,
                "other.csv",
                "id,t,temp,event,state",
                "a,2,20,load,fault", // second in its order
                "a,1,20,load,ok",
                "b,1,20,load,fault");
        String sentence =
                "sequence 'a' has two targets, 'ok' and 'fault' (line 2), of which the first in its order counts";
        List<String> notes = new ArrayList<>();
        TablePrediction.Result result = predict(encoding, other, "o.csv", notes::add);
        assertThat(notes).containsExactly(sentence);
        notes.clear();
        TableTask task = TableImport.reopen(other, encoding, folder, 1, notes::add);
        assertThat(notes).containsExactly(sentence);
        assertThat(result.judgement().orElseThrow().measure()).isEqualTo(accuracy(encoding, task));
    }

    /** So that a file of predictions and an evaluation say the same of one table. */
    @Test
    void aFirstTargetThatTheModelDoesNotKnowCountsAsNone() throws IOException {
        Path data = Tables.machines(folder, 20, 4);
        TableOptions options = Tables.options(Goal.CLASSIFY, "state", 0);
        TableEncoding encoding = encoding(data, options);
        Path other = Tables.write(
                folder,
                "other.csv",
                "id,t,temp,event,state",
                "a,1,20,load,broken",
                "a,2,20,load,ok",
                "b,1,20,load,fault",
                "b,2,20,load,broken",
                "c,1,20,load,",
                "c,2,20,load,ok",
                "d,1,20,load,broken",
                "d,2,20,load,lost");
        List<String> notes = new ArrayList<>();
        TablePrediction.Result result = predict(encoding, other, "o.csv", notes::add);
        assertThat(result.judgement().orElseThrow().judged()).isEqualTo(2);
        assertThat(result.judgement().orElseThrow().strangers()).isEqualTo(2);
        notes.clear();
        TableTask task = TableImport.reopen(other, encoding, folder, 1, notes::add);
        assertThat(notes)
                .contains(
                        "2 sequences have a target that the model does not know, which is not measured",
                        "sequence 'a' has two targets, one that the model does not know and 'ok' (line 3), and 1 more several, of which the first in its order counts");
        assertThat(result.judgement().orElseThrow().measure()).isEqualTo(accuracy(encoding, task));
    }

    /** A database's columns are the same if only case tells them apart; a class's own name is never another's column. */
    @Test
    void namesOfColumns() {
        assertThat(ColumnNames.distinct(List.of("m", "p_OK", "p_ok", "p_ok_2")))
                .containsExactly("m", "p_OK", "p_ok_3", "p_ok_2");
        assertThat(ColumnNames.distinct(List.of("prediction", "prediction", "PREDICTION")))
                .containsExactly("prediction", "prediction_2", "PREDICTION_3");
        assertThat(ColumnNames.distinct(List.of("a_2", "a", "a", "A"))).containsExactly("a_2", "a", "a_3", "A_4");
    }

    private static double accuracy(TableEncoding encoding, TableTask task) {
        try (ThreadTeam team = new ThreadTeam(1)) {
            LossSums sums = new Evaluator(model(encoding), task, team, 7).evaluate(Part.TEST, 10, 1, done -> {});
            return sums.accuracy();
        }
    }
}
