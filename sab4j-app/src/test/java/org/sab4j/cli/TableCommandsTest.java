package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.table.TableEncoding;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Own tables, as a user has them: train, eval, predict. */
class TableCommandsTest extends CommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Path logs() {
        Path data = folder.resolve("logs.csv");
        assertThat(sab("example", "machine-logs", "--out=" + data, "--machines=60", "--minutes=50"))
                .isZero();
        return data;
    }

    private String[] train(String task, Path data, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "train",
                task,
                "--data=" + data,
                "--sequence=machine",
                "--order=minute",
                "--hidden=8",
                "--updates=4",
                "--evaluate-every=2",
                "--threads=1",
                "--run=" + folder.resolve(task)));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    @Test
    void fromAnExampleToPredictions() throws IOException {
        Path data = logs();
        assertThat(out()).contains("sab train classify --data " + data);
        assertThat(sab(train("classify", data, "--target=outcome"))).isZero();
        assertThat(out())
                .contains(
                        "classify outcome of logs.csv, 42 / 9 / 9 sequences",
                        "10 inputs: 2 numbers, event of 8 words;",
                        "All 4 updates are made");
        String run = folder.resolve("classify").toString();
        assertThat(sab("eval", run)).isZero();
        assertThat(out()).contains("9 of 9 sequences of the test part", "accuracy");
        assertThat(sab("eval", run, "--data=" + data)).isZero();
        assertThat(out()).contains("60 of 60 sequences of logs.csv");
        assertThat(err()).contains("is the table of the training");
        assertThat(sab("eval", run, "--data=" + data, "--json")).isZero();
        assertThat(err()).contains("is the table of the training");

        Path predictions = folder.resolve("predictions.csv");
        assertThat(sab("predict", run, "--data=" + data, "--out=" + predictions))
                .isZero();
        assertThat(out()).contains("60 predictions from", "accuracy", "for the 60 that have the target 'outcome'");
        assertThat(err()).contains("logs.csv is the table of the training: the model has seen its training part");
        assertThat(Files.readAllLines(predictions))
                .hasSize(61)
                .first()
                .isEqualTo("machine,prediction,probability_fault,probability_ok");

        assertThat(sab("explain", run, "--data=" + data, "--sequence=M00007", "--sequence=M00002"))
                .isZero();
        assertThat(out()).contains("event = heartbeat", "temperature").containsSubsequence("M00007, ", "M00002, ");
        assertThat(sab("explain", run, "--data=" + data)).isZero();
        assertThat(out()).startsWith("M00001, ");
        assertThat(sab("explain", run, "--input=20.5 0.2")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("--input takes no row of a table: put the sequence into a file");
        assertThat(sab("explain", run, "--data=" + data, "--sequence=M7")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("logs.csv has no sequence 'M7' in column 'machine'");
        Path renamed = folder.resolve("renamed.csv");
        Files.writeString(renamed, Files.readString(data).replace("M00002", "\"M,2\""));
        assertThat(sab("explain", run, "--data=" + renamed, "--sequence=M,2")).isZero();
        assertThat(out()).startsWith("M,2, ");

        assertThat(sab(train("classify", data, "--target=outcome"))).isEqualTo(ExitCode.FAILED);
        assertThat(sab("train", "--resume=" + run, "--updates=6")).isZero();
        Files.writeString(data, Files.readString(data).replaceFirst("heartbeat", "idle"));
        assertThat(sab("train", "--resume=" + run, "--updates=8")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("the data have changed since");
        assertThat(err()).doesNotContain("\tat ");
    }

    @Test
    void streams() throws IOException {
        Path data = logs();
        sab(train("forecast", data, "--target=temperature", "--window=20"));
        String run = folder.resolve("forecast").toString();
        String rows = """
                {"machine": "M\u00fcller 1", "minute": 1, "temperature": 61, "vibration": 0.2, "event": "heartbeat", "outcome": null}
                no row
                {"machine": "M\u00fcller 1", "minute": 2, "temperature": 62, "vibration": null, "event": "heartbeat", "outcome": null}
                """;
        System.setIn(new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8)));
        assertThat(sab("predict", run, "--stream")).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("1 line was answered with an \"error\"");
        List<JsonNode> answers = out().lines().map(JSON::readTree).toList();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0).get("prediction").asDouble()).isBetween(40.0, 80.0);
        assertThat(answers.get(1).get("error").asString()).startsWith("line 2 is no JSON");
        assertThat(answers.get(2).get("step").asInt()).isEqualTo(2);
        assertThat(answers.get(2).get("machine").asString()).isEqualTo("M\u00fcller 1");
    }

    /** The documentation's example of a program. */
    @Test
    void aProgramAnswersAsTheCommandDoes() throws IOException {
        assertThat(sab(train("classify", logs(), "--target=outcome"))).isZero();
        Path run = folder.resolve("classify");
        List<String> rows = List.of(
                "{\"machine\": \"M1\", \"minute\": 1, \"temperature\": 60, \"vibration\": 0.1, \"event\": \"load\"}",
                "{\"machine\": \"M1\", \"minute\": 2, \"temperature\": 61, \"vibration\": 0.2, \"event\": null}",
                "{\"machine\": \"M1\", \"minute\": 3, \"temperature\": 62, \"vibration\": 0.2, \"event\": \"load\"}");
        List<String> answers = ServeTable.answers(run, rows);
        assertThat(answers.getLast()).contains("\"step\":3", "\"reminders\":[{\"step\":");
        System.setIn(new ByteArrayInputStream((String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8)));
        assertThat(sab("predict", run.toString(), "--stream", "--memories=1000", "--reminders=3"))
                .isZero();
        assertThat(out().lines().toList()).isEqualTo(answers);
        Safetensors none = new Safetensors(Path.of("x"), new LinkedHashMap<>(), new LinkedHashMap<>());
        assertThatThrownBy(() -> TableEncoding.of(none)).isInstanceOf(FormatException.class);
    }

    @Test
    void theProgramStandsInTheDocumentation() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/sab4j/cli/ServeTable.java"));
        int begin = source.indexOf('\n', source.indexOf("// doc: begin")) + 1;
        String example = source.substring(begin, source.indexOf("        // doc: end"))
                .replace("\n        ", "\n")
                .strip();
        assertThat(Files.readString(Path.of("../docs/tables.md"))).contains(example);
    }

    @Test
    void complainsOfOptions() {
        assertThat(sab("train", "classify")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("which table? --data FILE", "which column is to be predicted? --target COL");
        Path data = logs();
        assertThat(sab(train("regress", data, "--target=temperature", "--horizon=2", "--class-weights=balanced")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("--horizon is for sab train forecast", "--class-weights is for sab train classify");
        assertThat(sab(train("classify", data, "--target=outcome", "--window=1", "--features=\"a")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("--window must be 0 or at least 2", "--features can't be taken apart");
        assertThat(sab(train("classify", data, "--target=outcome", "--class-weights=broken=2")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("'broken=2' names no class; there are fault, ok");
        assertThat(sab(train("classify", data, "--target=none"))).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains("has no column 'none'");
        assertThat(folder.resolve("classify")).doesNotExist();
        assertThat(sab("predict", "nowhere", "--data=x.csv", "--out=y.csv")).isEqualTo(ExitCode.FAILED);
        assertThat(sab("predict", "nowhere", "--stream", "--out=y.csv")).isEqualTo(ExitCode.USAGE);
        assertThat(sab("example", "other")).isEqualTo(ExitCode.USAGE);
        assertThat(sab("example", "machine-logs", "--out=" + data)).isEqualTo(ExitCode.FAILED);
        assertThat(err()).contains(data + " is there already: give another name (--out)");
    }
}
