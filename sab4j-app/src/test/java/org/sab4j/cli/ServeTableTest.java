package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.table.TableEncoding;

class ServeTableTest extends CommandTest {

    @TempDir
    private Path folder;

    @Test
    void answersAsTheCommandDoes() throws IOException {
        Path data = folder.resolve("logs.csv");
        assertThat(sab("example", "machine-logs", "--out=" + data, "--machines=60", "--minutes=50"))
                .isZero();
        Path run = folder.resolve("run");
        assertThat(sab(
                        "train",
                        "classify",
                        "--data=" + data,
                        "--sequence=machine",
                        "--order=minute",
                        "--target=outcome",
                        "--hidden=8",
                        "--updates=2",
                        "--evaluate-every=2",
                        "--run=" + run))
                .isZero();
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
    void standsInTheDocumentation() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/sab4j/cli/ServeTable.java"));
        int begin = source.indexOf('\n', source.indexOf("// doc: begin")) + 1;
        String example = source.substring(begin, source.indexOf("        // doc: end"))
                .replace("\n        ", "\n")
                .strip();
        assertThat(Files.readString(Path.of("../docs/tables.md"))).contains(example);
    }
}
