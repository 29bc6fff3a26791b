package org.sab4j.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.table.TablePrediction;

class TrainTableTest {

    /** A machine that ever gets hot fails in the end. */
    private static Path machines(Path file, int machines, long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("machine,temperature,state\n");
        for (int i = 0; i < machines; i++) {
            int hot = i % 2 == 0 ? random.nextInt(9) : -1;
            for (int t = 0; t < 9; t++) {
                text.append('M').append(i).append(',');
                text.append(t == hot ? 90 : 20 + random.nextInt(5)).append(',');
                text.append(hot < 0 ? "ok" : "fault").append('\n');
            }
        }
        return Files.writeString(file, text.toString());
    }

    @Test
    void standsInTheDocumentation() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/sab4j/example/TrainTable.java"));
        int begin = source.indexOf('\n', source.indexOf("// doc: begin")) + 1;
        String example = source.substring(begin, source.indexOf("// doc: end"))
                .stripTrailing()
                .stripIndent();
        assertThat(Files.readString(Path.of("../docs/tables.md"))).contains(example);
    }

    @Test
    void trainsSavesAndPredicts(@TempDir Path folder) throws IOException {
        Path model = folder.resolve("model.safetensors");
        TrainTable.train(machines(folder.resolve("machines.csv"), 80, 1), folder, 100, model);
        Path out = folder.resolve("predictions.csv");
        TablePrediction.Result result = TrainTable.predict(model, machines(folder.resolve("others.csv"), 40, 2), out);
        assertThat(result.judgement().orElseThrow().measure()).isGreaterThan(0.95);
        assertThat(Files.readAllLines(out))
                .hasSize(41)
                .first()
                .isEqualTo("machine,prediction,probability_fault,probability_ok");
    }
}
