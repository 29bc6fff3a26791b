package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.OnlineState;
import org.sab4j.model.SequenceModel;
import org.sab4j.train.ThreadTeam;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TableStreamTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private List<JsonNode> predicted(SequenceModel model, TableEncoding encoding, Path data) throws IOException {
        Path out = folder.resolve("out.jsonl");
        try (ThreadTeam team = new ThreadTeam(2)) {
            new TablePrediction(model, encoding, team).write(data, out, PredictionFormat.JSONL, note -> {}, done -> {});
        }
        return Files.readAllLines(out).stream().map(JSON::readTree).toList();
    }

    private static TableStream stream(SequenceModel model, TableEncoding encoding, int most) {
        return new TableStream(
                model, encoding, new WritePolicy.EveryKAtt(model.config().kAtt()), most);
    }

    private static List<String> rows(Path data) throws IOException {
        List<String> lines = Files.readAllLines(data);
        List<String> names = TableOptions.names(lines.getFirst());
        List<String> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split(",", -1);
            StringBuilder row = new StringBuilder("{");
            for (int i = 0; i < values.length; i++) {
                boolean number = values[i].matches("[0-9.]+");
                row.append(i == 0 ? "" : ", ").append('"').append(names.get(i)).append("\": ");
                row.append(number ? values[i] : '"' + values[i] + '"');
            }
            rows.add(row.append('}').toString());
        }
        return rows;
    }

    private static void samePrediction(JsonNode answer, JsonNode predicted, int row) {
        assertThat(answer.get("prediction").asDouble())
                .as("row %d", row)
                .isCloseTo(predicted.get("prediction").asDouble(), within(1e-4));
    }

    /** Sequences longer than the window, too, and than the room that a stream begins with. */
    @ParameterizedTest
    @CsvSource({"0", "200", "30", "7", "2"})
    void answersWhatTheTablesPredictionSays(int window) throws IOException {
        Path data = Tables.machines(folder, 9, 150);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.FORECAST, "temp", window), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        List<JsonNode> predicted = predicted(model, encoding, data);
        TableStream stream = stream(model, encoding, 100);
        List<String> rows = rows(data);
        for (int i = 0; i < rows.size(); i++) {
            JsonNode answer = JSON.readTree(stream.answer(rows.get(i)));
            assertThat(answer.get("id")).isEqualTo(predicted.get(i).get("id"));
            assertThat(answer.get("t").asInt())
                    .isEqualTo(predicted.get(i).get("t").asInt());
            samePrediction(answer, predicted.get(i), i);
        }
    }

    /** A number that is a word is spelled as in a table. */
    @Test
    void numbersAsTheDatabaseWritesThem() throws Exception {
        double[] numbers = {
            0,
            -0.0,
            1.5,
            3,
            1e-3,
            5e-4,
            1e-4,
            5e-5,
            -1.2345e-5,
            12345678.5,
            -1e7,
            1e15,
            9.5e15,
            1e16,
            1.5e16,
            1e100,
            1e-300
        };
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            for (double number : numbers) {
                try (ResultSet row =
                        statement.executeQuery("SELECT CAST(CAST('" + number + "' AS DOUBLE) AS VARCHAR)")) {
                    assertThat(row.next()).isTrue();
                    assertThat(StreamRow.written(number)).isEqualTo(row.getString(1));
                }
            }
        }
    }

    /** Under each name stands what the table's prediction has under it, also where names are alike. */
    @Test
    void namesThatAreAlike() throws IOException {
        Path machines = Tables.machines(folder, 18, 4);
        String text = Files.readString(machines);
        List<String> classes = List.of("ok", "OK", "ok_2");
        StringBuilder changed = new StringBuilder();
        int line = 0;
        for (String row : text.lines().toList()) {
            int machine = line++ == 0 ? 0 : Integer.parseInt(row.substring(1, row.indexOf(',')));
            changed.append(row.replaceAll("(ok|fault)$", classes.get(machine % 3)))
                    .append('\n');
        }
        Path data = Files.writeString(
                folder.resolve("alike.csv"),
                changed.toString().replaceFirst("^[^\n]*", "probability_ok,t,temp,event,state"));
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "probability_ok", "state");
        TableEncoding encoding = Tables.open(data, options, folder).encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        List<JsonNode> predicted = predicted(model, encoding, data);
        TableStream stream = stream(model, encoding, 100);
        Map<String, JsonNode> last = new LinkedHashMap<>();
        for (String row : rows(data)) {
            JsonNode answer = JSON.readTree(stream.answer(row));
            last.put(answer.get("probability_ok").asString(), answer);
        }
        assertThat(predicted).hasSize(18);
        for (JsonNode expected : predicted) {
            JsonNode answer = Objects.requireNonNull(
                    last.get(expected.get("probability_ok").asString()));
            List<String> names = new ArrayList<>(expected.propertyNames());
            assertThat(names).hasSize(5).contains("probability_ok_2");
            for (String name : names.subList(2, 5)) {
                assertThat(answer.get(name).asDouble())
                        .as(name)
                        .isCloseTo(expected.get(name).asDouble(), within(1e-4));
            }
            String said = expected.get("prediction").asString();
            assertThat(answer.get("prediction").asString()).isEqualTo(said);
        }
    }

    /** Blanks around a word are none of it, and a tab is no blank: as the table has it. */
    @Test
    void trimsAsTheTableDoes() throws IOException {
        Path data = Tables.machines(folder, 9, 50);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.FORECAST, "temp", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        Path padded = Files.writeString(
                folder.resolve("padded.csv"),
                Files.readString(data)
                        .replace(",idle,", ",\u00a0idle\u3000,")
                        .replace(",load,", ",load\t,")
                        .replace(",start,", ", start ,")
                        .replaceAll("(?m)^(m\\d+),(\\d+),(\\d+)", "$1,$2\t,\t$3"));
        List<JsonNode> predicted = predicted(model, encoding, padded);
        TableStream stream = stream(model, encoding, 100);
        List<String> rows = rows(padded);
        for (int i = 0; i < rows.size(); i++) {
            JsonNode answer = JSON.readTree(
                    stream.answer((i == 0 ? "\uFEFF" : "") + rows.get(i).replace("\t", "\\t")));
            samePrediction(answer, predicted.get(i), i);
        }
    }

    /** In the answer, and in the end as for a whole table. */
    @Test
    void namesColumnsWhoseWordIsNotKnown() throws IOException {
        Path data = Tables.machines(folder, 9, 50);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.FORECAST, "temp", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        Path strange = Files.writeString(
                folder.resolve("strange.csv"), Files.readString(data).replace(",idle,", ", Leerlauf,"));
        List<String> notes = new ArrayList<>();
        try (ThreadTeam team = new ThreadTeam(1)) {
            new TablePrediction(model, encoding, team)
                    .write(strange, folder.resolve("out.csv"), PredictionFormat.CSV, notes::add, done -> {});
        }
        TableStream stream = stream(model, encoding, 100);
        for (String row : rows(strange)) {
            JsonNode unknown = JSON.readTree(stream.answer(row)).path("unknown");
            assertThat(unknown.toString()).isEqualTo(row.contains("Leerlauf") ? "[\"event\"]" : "");
        }
        assertThat(stream.unknownWords())
                .isEqualTo(notes)
                .singleElement()
                .asString()
                .endsWith("'Leerlauf'");
    }

    /** All sequences' first rows, then all second ones, and so on. */
    private static List<String> rowsInTurn(Path data) throws IOException {
        List<String> rows = new ArrayList<>(rows(data));
        rows.sort(java.util.Comparator.comparingInt(
                row -> JSON.readTree(row).get("t").asInt()));
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"0", "30"})
    void sequencesMayComeInTurn(int window) throws IOException {
        Path data = Tables.machines(folder, 12, 100);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", window), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        List<JsonNode> predicted = predicted(model, encoding, data);
        TableStream stream = stream(model, encoding, 100);
        List<String> rows = rowsInTurn(data);
        java.util.Map<String, JsonNode> last = new java.util.HashMap<>();
        for (String row : rows) {
            JsonNode answer = JSON.readTree(stream.answer(row));
            last.put(answer.get("id").asString(), answer);
        }
        for (JsonNode whole : predicted) {
            JsonNode answer =
                    java.util.Objects.requireNonNull(last.get(whole.get("id").asString()));
            assertThat(answer.get("prediction")).isEqualTo(whole.get("prediction"));
            assertThat(answer.get("probability_ok").asDouble())
                    .isCloseTo(whole.get("probability_ok").asDouble(), within(1e-5));
        }
        assertThat(stream.bad()).isZero();
    }

    @Test
    void forgetsTheSequenceThatWasLongestWithoutARow() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        TableStream stream = stream(TablePredictionTest.model(encoding), encoding, 2);
        List<String> ids = List.of("a", "b", "a", "c", "a");
        for (int t = 0; t < ids.size(); t++) {
            stream.answer(row(ids.get(t), t));
        }
        assertThat(stream.forgotten()).isEqualTo(1);
        assertThat(stream.answer(row("a", 5))).contains("\"step\":4");
        assertThat(stream.answer(row("b", 6))).contains("\"step\":1");
    }

    private static String row(String id, int t) {
        return "{\"id\": \"" + id + "\", \"t\": " + t + ", \"temp\": 20, \"event\": null}";
    }

    /** Each thread with sequences of its own: they are answered as if they had come alone. */
    @Test
    void threadsAreServedOneAtATime() throws Exception {
        Path data = Tables.machines(folder, 9, 300);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        List<String> rows = rows(data);
        TableStream alone = stream(model, encoding, 9);
        List<String> expected = rows.stream().map(alone::answer).toList();
        TableStream shared = stream(model, encoding, 9);
        List<Future<List<String>>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int i = 0; i < 3; i++) {
                List<String> own = rows.subList(i * rows.size() / 3, (i + 1) * rows.size() / 3); // three sequences
                answers.add(
                        threads.submit(() -> own.stream().map(shared::answer).toList()));
            }
        }
        List<String> found = new ArrayList<>();
        for (Future<List<String>> some : answers) {
            found.addAll(some.get());
        }
        assertThat(found).isEqualTo(expected);
        assertThat(shared.known()).isEqualTo(9);
    }

    @Test
    void refusesWhatCannotAnswer() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        TableEncoding other = Tables.open(data, Tables.options(Goal.FORECAST, "temp", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        assertThatThrownBy(() -> stream(model, encoding, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A stream knows at least 1 sequence: 0");
        assertThatThrownBy(() -> new TableStream(model, encoding, new WritePolicy.Latest(7, 10), 5))
                .hasMessageContaining(", not 7");
        String sentence = "The table's encoding has 7 inputs and 1 outputs, the model 5 and 2";
        assertThatThrownBy(() -> stream(model, other, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
        try (ThreadTeam team = new ThreadTeam(1)) {
            assertThatThrownBy(() -> new TablePrediction(model, other, team)).hasMessage(sentence);
        }
    }

    @Test
    void goesOnBehindABadLine() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        TableStream stream = stream(TablePredictionTest.model(encoding), encoding, 9);
        assertThat(stream.answer("{\"id\": \"a\", \"t\": 1, \"temp\": \"20.5\", \"event\": \"load\"}"))
                .startsWith("{\"id\":\"a\",\"t\":1,\"step\":1,\"prediction\":");
        for (String[] line : new String[][] {
            {"{\"id\": \"a\", ", "is no JSON"},
            {"[1]", "is no JSON object"},
            {"", "is no JSON object"},
            {"{\"t\": 2, \"temp\": 20}", "has no 'id', which tells sequences apart"},
            {"{\"id\": \"a\", \"t\": 2}", "has no 'temp', which the model takes: give it, null where nothing is known"},
            {"{\"id\": \"a\", \"t\": 2, \"temp\": 20}", "has no 'event', which the model takes"},
            {"{\"id\": \"a\", \"t\": 2, \"temp\": \"warm\"}", "holds no number as 'temp': 'warm'"},
            {"{\"id\": \"a\", \"t\": 2, \"temp\": [1]}", "has no single value as 'temp'"},
            {"{\"id\": \"a\", \"id\": \"b\", \"t\": 2}", "has 'id' twice: give each column once"},
            {"{\"id\": \"a\", \"temp\": 20, \"event\": null}", "has no 't', the order of a sequence's rows: give it"},
            {"{\"id\": \"a\", \"t\": null, \"temp\": 20, \"event\": null}", "has no 't', the order"},
            {"{\"id\": \"a\", \"t\": 2, \"temp\": 1e400, \"event\": null}", "holds no number as 'temp': '1E+400'"},
            {"{\"id\": \"a\", \"t\": 1e99999999999}", "holds a number whose exponent is out of all bounds"},
            {"{\"id\": \"a\", \"t\": 2, \"unused\": 1e-99999999999}", "exponent is out of all bounds"},
            {"{\"id\": \"a\", \"t\": \"soon\"}", "holds no number as 't': 'soon'"},
            {"{\"id\": \"a\", \"t\": \"1e-99999999999\"}", "holds no number as 't'"},
            {
                "{\"id\": \"a\", \"t\": 1, \"temp\": 20, \"event\": null}",
                "is not behind the rows before in the order of 't'"
            },
        }) {
            JsonNode answer = JSON.readTree(stream.answer(line[0]));
            assertThat(answer.get("error").asString()).contains(line[1]);
        }
        byte[] latin = "{\"id\": \"\u00e9\", \"temp\": 20, \"event\": null}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(stream.answer(latin)).contains("line 19 is not UTF-8 text");
        assertThat(stream.bad()).isEqualTo(18);
        assertThat(stream.answer("{\"id\": \"a\", \"t\": 2, \"temp\": null, \"event\": \"unheard of\"}"))
                .contains("\"step\":2");
        assertThat(stream.answer("{\"id\": 1.50, \"t\": 1, \"temp\": 20, \"event\": null}"))
                .contains("\"step\":1");
        assertThat(stream.answer("{\"id\": \"1.5\", \"t\": 2, \"temp\": 20, \"event\": null}"))
                .contains("\"step\":2");
        for (String order : new String[] {"1700000000.123456781", "1700000000.123456782"}) {
            assertThat(stream.answer("{\"id\": \"b\", \"t\": " + order + ", \"temp\": 2.50, \"event\": null}"))
                    .startsWith("{\"id\":\"b\",\"t\":" + order + ",\"step\":");
        }
    }

    @Test
    void aMissingNumberIsOneHoweverItIsWritten() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableOptions options = Tables.options(Goal.CLASSIFY, "state", 0, "-999");
        TableEncoding encoding = Tables.open(data, options, folder).encoding();
        TableStream stream = stream(TablePredictionTest.model(encoding), encoding, 9);
        List<JsonNode> answers = new ArrayList<>();
        for (String temp : List.of("null", "-999", "-999.0", "\"-9.99e2\"", "\"NAN\"", "\"-nan(ind)\"", "-998")) {
            answers.add(JSON.readTree(stream.answer(
                    "{\"id\": \"" + answers.size() + "\", \"t\": 1, \"temp\": " + temp + ", \"event\": null}")));
        }
        double none = answers.getFirst().get("probability_ok").asDouble();
        assertThat(answers.subList(1, 6))
                .allMatch(answer -> answer.get("probability_ok").asDouble() == none);
        assertThat(answers.getLast().get("probability_ok").asDouble()).isNotEqualTo(none);
    }

    /** Nor does it matter for a time, in a file or in a stream. */
    @Test
    void aMissingTimeIsOneHoweverItIsWritten() throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,when,y"));
        for (int i = 0; i < 40; i++) {
            String none = i % 8 == 0 ? "1900-01-01" : "1900-01-01T00:00:00Z";
            lines.add("s%d,%s,%s"
                    .formatted(i, i % 4 == 0 ? none : "2025-01-%02d".formatted(1 + i % 28), i % 2 == 0 ? "a" : "b"));
        }
        Path data = Tables.write(folder, "times.csv", lines.toArray(String[]::new));
        TableOptions options = Tables.of(Goal.CLASSIFY, "y")
                .keys("id", "")
                .missing("1900-01-01")
                .split(SplitBy.SEQUENCE)
                .build();
        TableEncoding encoding = Tables.open(data, options, folder).encoding();
        Feature.Numeric when = (Feature.Numeric) encoding.features().getFirst();
        assertThat(when.time()).isTrue();
        assertThat(when.missing()).isTrue();
        assertThat(when.mean()).as("in seconds, of days in January 2025").isBetween(1.735e9, 1.739e9);
        TableStream stream = stream(TablePredictionTest.model(encoding), encoding, 9);
        List<JsonNode> answers = new ArrayList<>();
        for (String time : List.of(
                "null", "\"1900-01-01\"", "\"1900/1/1 00:00\"", "\"1899-12-31T23:00:00-01:00\"", "\"1900-01-02\"")) {
            answers.add(JSON.readTree(stream.answer("{\"id\": \"" + answers.size() + "\", \"when\": " + time + "}")));
        }
        double none = answers.getFirst().get("probability_a").asDouble();
        assertThat(answers.subList(1, 4))
                .allMatch(answer -> answer.get("probability_a").asDouble() == none);
        assertThat(answers.getLast().get("probability_a").asDouble()).isNotEqualTo(none);
    }

    /** Steps of the sequence, also where it is seen in pieces, and as many as asked for. */
    @ParameterizedTest
    @CsvSource({"0", "6"})
    void saysWhatItWasRemindedOf(int window) throws IOException {
        Path data = Tables.machines(folder, 9, 30);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", window), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        TableStream plain = stream(model, encoding, 9);
        TableStream stream = stream(model, encoding, 9);
        stream.remind(2);
        int told = 0;
        for (String row : rows(data)) {
            String without = plain.answer(row);
            String with = stream.answer(row);
            assertThat(with).startsWith(without.substring(0, without.length() - 1));
            JsonNode answer = JSON.readTree(with);
            int step = answer.get("step").asInt();
            double last = 1;
            assertThat(answer.get("reminders").size()).isLessThanOrEqualTo(2);
            for (JsonNode reminder : answer.get("reminders")) {
                assertThat(reminder.get("step").asInt())
                        .isBetween(window == 0 ? 1 : Math.max(1, step - window), step - 1);
                assertThat(reminder.get("weight").asDouble()).isPositive().isLessThanOrEqualTo(last);
                last = reminder.get("weight").asDouble();
                told++;
            }
        }
        assertThat(told).isGreaterThan(9 * 20);
    }

    /** With a bound on memories, and with less room than the states in the file have. */
    @Test
    void aBoundHoldsWhenItGoesOn() throws IOException {
        Path data = Tables.machines(folder, 9, 30);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        int kAtt = model.config().kAtt();
        WritePolicy four = new WritePolicy.Latest(kAtt, 4);
        List<String> rows = rowsInTurn(data);
        TableStream whole = new TableStream(model, encoding, four, 99);
        List<String> expected = rows.stream().map(whole::answer).toList();
        TableStream first = new TableStream(model, encoding, four, 99);
        int half = rows.size() / 2;
        rows.subList(0, half).forEach(first::answer);
        Path file = folder.resolve("log.state");
        first.save(file, new LinkedHashMap<>());
        TableStream second = new TableStream(model, encoding, four, 99);
        second.resume(Safetensors.read(file));
        assertThat(rows.subList(half, rows.size()).stream().map(second::answer).toList())
                .isEqualTo(expected.subList(half, rows.size()));
        TableStream fewer = new TableStream(model, encoding, new WritePolicy.Latest(kAtt, 3), 99);
        assertThatThrownBy(() -> fewer.resume(Safetensors.read(file)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("where at most 3 are kept: keep as many");
    }

    /** In another stream, from a file, in the middle of all sequences. */
    @ParameterizedTest
    @CsvSource({"0", "6"})
    void goesOnFromAFile(int window) throws IOException {
        Path data = Tables.machines(folder, 20, 12);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", window), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        List<String> rows = rowsInTurn(data);
        TableStream whole = stream(model, encoding, 99);
        TableStream first = stream(model, encoding, 99);
        Path file = folder.resolve("log.state");
        int half = rows.size() / 2;
        List<String> expected = rows.stream().map(whole::answer).toList();
        rows.subList(0, half).forEach(first::answer);
        first.save(file, new LinkedHashMap<>());
        TableStream second = stream(model, encoding, 99);
        second.resume(Safetensors.read(file));
        assertThat(second.known()).isEqualTo(first.known()).isGreaterThan(5);
        assertThat(rows.subList(half, rows.size()).stream().map(second::answer).toList())
                .isEqualTo(expected.subList(half, rows.size()));
        assertThat(second.answer(rows.getLast())).contains("is not behind the rows before");

        TableStream few = stream(model, encoding, 2);
        few.resume(Safetensors.read(file));
        assertThat(few.known()).isEqualTo(2);
        model.parameters()[0] += 1;
        assertThatThrownBy(() -> second.resume(Safetensors.read(file)))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file + " was left by another model");
    }

    /** All of them or none. */
    @Test
    void whatIsDamagedIsNotGoneOnWith() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        TableStream stream = stream(model, encoding, 9);
        List.of("a", "b").forEach(id -> stream.answer(row(id, 7)));
        Path file = folder.resolve("log.state");
        stream.save(file, new LinkedHashMap<>());
        Safetensors saved = Safetensors.read(file);
        byte[] names = saved.bytes("sequences", saved.tensor("sequences").size());
        String text = new String(names, StandardCharsets.UTF_8);
        int last = text.lastIndexOf("\"order\":\"7\"");
        byte[] damaged = (text.substring(0, last) + "\"order\":\"x\"" + text.substring(last + 11))
                .getBytes(StandardCharsets.UTF_8);
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>(saved.tensors());
        tensors.put("sequences", TensorData.of(damaged, damaged.length));
        TableStream other = stream(model, encoding, 9);
        other.answer(row("b", 1));
        assertThatThrownBy(() -> other.resume(new Safetensors(file, saved.metadata(), tensors)))
                .isInstanceOf(FormatException.class)
                .hasMessage(file + " does not say which sequences it holds: begin with another file");
        assertThat(other.known()).isEqualTo(1);
        assertThat(other.answer(row("b", 2))).contains("\"step\":2");
    }

    /** A step that fails is none: the sequence goes on as if it had not been tried. */
    @ParameterizedTest
    @CsvSource({"0", "6"})
    void aStepThatFailsChangesNothing(int window) throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", window), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        WritePolicy policy = new WritePolicy.EveryKAtt(model.config().kAtt());
        StreamedSequence tried = new StreamedSequence(model, policy, new Windows(window));
        StreamedSequence plain = new StreamedSequence(model, policy, new Windows(window));
        float[] good = {0.5f, 0, 1, 0, 0};
        float[] bad = {Float.NaN, 0, 0, 0, 0};
        for (int t = 0; t < 20; t++) {
            BigDecimal order = BigDecimal.valueOf(t);
            int states = tried.states().size();
            assertThatThrownBy(() -> tried.step(bad, order)).isInstanceOf(IllegalArgumentException.class);
            assertThat(tried.steps()).isEqualTo(t);
            assertThat(tried.states()).hasSize(states);
            assertThat(tried.follows(order)).isTrue();
            assertThat(tried.step(good, order)).containsExactly(plain.step(good, order));
        }
    }

    @Test
    void aModelThatIsPreparedAgainTakesANewStream() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        TableStream stream = stream(model, encoding, 9);
        stream.answer(row("a", 1));
        model.prepare();
        assertThatThrownBy(() -> stream.answer(row("a", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has been prepared again");
        assertThat(stream.answer(row("b", 1))).contains("\"step\":1");
    }

    /** A piece's steps are bounded, a sequence's are not. */
    @Test
    void reminderStepsOfAVeryLongSequence() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        WritePolicy policy = new WritePolicy.EveryKAtt(model.config().kAtt());
        OnlineState piece = model.start(policy);
        float[] inputs = {0.5f, 0, 1, 0, 0};
        for (int t = 0; t < 12; t++) {
            model.step(inputs, piece);
        }
        long before = 3_000_000_000L;
        StreamedSequence sequence =
                new StreamedSequence(model, policy, new Windows(100), piece, null, before + 12, null);
        sequence.step(inputs, null);
        assertThat(sequence.reminders())
                .isNotEmpty()
                .allSatisfy(reminder -> assertThat(reminder.step()).isBetween(before + 1, before + 12));
    }

    @Test
    void aModelThatSaysNoNumber() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        SequenceModel model = TablePredictionTest.model(encoding);
        model.parameters()[model.parameters().length - 1] = Float.NaN; // the last class's bias
        model.prepare();
        TableStream stream = stream(model, encoding, 9);
        JsonNode answer = JSON.readTree(stream.answer(row("a", 1)));
        assertThat(answer.has("prediction")).isFalse();
        assertThat(answer.get("error").asString())
                .isEqualTo("line 1 is a row, but what the model says is no finite number: its file is damaged, or the"
                        + " inputs are too large for it");
        assertThat(stream.bad()).isEqualTo(1);
        assertThat(stream.known()).as("the step is made all the same").isEqualTo(1);
    }

    @Test
    void ordersAreComparedExactly() throws IOException {
        Path data = Tables.machines(folder, 20, 5);
        TableEncoding encoding = Tables.open(data, Tables.options(Goal.CLASSIFY, "state", 0), folder)
                .encoding();
        TableStream stream = stream(TablePredictionTest.model(encoding), encoding, 9);
        long first = 9_007_199_254_740_992L; // 2^53: the next is no number of double precision
        for (long order : new long[] {first, first + 1, first + 2}) {
            stream.answer("{\"id\": \"a\", \"t\": " + order + ", \"temp\": 20, \"event\": null}");
        }
        assertThat(stream.bad()).isZero();
        stream.answer("{\"id\": \"a\", \"t\": " + (first + 1) + ", \"temp\": 20, \"event\": null}");
        assertThat(stream.bad()).isEqualTo(1);
    }

    @Test
    void timesAsTheyStandInTables() throws Exception {
        List<String> texts = List.of(
                "2025-12-31",
                "2025-1-5",
                "2025/01/05",
                "2025-01/05",
                "2025/1/5 3:4",
                "2025-12-31 23:59",
                "2025-12-31  23:59:59.5",
                "2025-12-31T23:59:59.123456789",
                "2025-12-31T23:59:59.",
                "2025-12-31T23:59:59Z",
                "2025-12-31T23:59:59z",
                "2025-12-31t23:59:59",
                "2025-12-31 23:59:59 UTC",
                "2025-12-31 23:59:59+01",
                "2025-12-31 23:59:59 +01:00",
                "2025-12-31 23:59:59-0130",
                "2025-12-31 23:59+01:30:15",
                "2025-07-31 23:59:59 Europe/Berlin",
                "2025-12-31 23:59:59 Middle/Earth",
                "2025-12-31 24:00:00",
                "2025-12-31 24:00:00.99999999999",
                "2025-12-31 24:00:00.0000001",
                "2025-12-31 23:59:59 America/Port-au-Prince",
                "2025-12-31 23:59:59 Etc/GMT+5",
                "2025-12-31 23:59:59 EST5EDT",
                "2025-10-26 02:30 Europe/Berlin",
                "2025-03-30 02:30 Europe/Berlin",
                "2025-12-31TT23:59",
                "2025-12-31 T23:59",
                "2025-12-31 24:00:01",
                "2025-12-31 23:59:60",
                "2025-02-29",
                "2025-12-31 23",
                "2025-12-31T",
                "20251231",
                "2025-12-31 23:59:59 EST",
                "2025-12-31 23:59:59 PST",
                "2025-12-31 23:59:59 CET",
                "2025-12-31 23:59:59 GMT",
                "10-01-24",
                "5-1-1",
                "2025 1 1",
                "epoch",
                "infinity",
                "0044-03-15 (BC)",
                "31.12.2025",
                "1735689599",
                "yesterday",
                "1969-12-31 23:59:59.25");
        try (Engine engine = Engine.open(folder, 1)) {
            for (String text : texts) {
                try (ResultSet found = engine.query("SELECT epoch_us(" + Rows.time("'" + text + "'") + ")")) {
                    assertThat(found.next()).isTrue();
                    long micros = found.getLong(1);
                    assertThat(TimeText.micros(text))
                            .as(text)
                            .isEqualTo(found.wasNull() ? OptionalLong.empty() : OptionalLong.of(micros));
                }
            }
        }
    }
}
