package org.sab4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompareTest {

    /** The smallest run of all, without peers. */
    @Test
    void writesWhatItMeasured(@TempDir Path folder) {
        Path json = folder.resolve("report.json");
        int status = Compare.run(
                "--model=mlp,lstm-truncated",
                "--threads=1,2",
                "--length=5",
                "--batch=6",
                "--hidden=20",
                "--shard-rows=4",
                "--rounds=2",
                "--seconds=0.01",
                "--warm-up=0.01",
                "--no-kernels",
                "--no-peers",
                "--json=" + json);
        assertThat(status).isZero();
        JsonNode report = JsonMapper.shared().readTree(json);
        assertThat(report.at("/comparisons")).hasSize(4);
        assertThat(report.at("/comparisons/0/outcomes/0/milliseconds/median").asDouble())
                .isPositive();
        assertThat(report.at("/comparisons/0/limit").asDouble()).isPositive();
        assertThat(report.at("/machine/cores").asInt()).isPositive();
        // The same model gives the same losses on 1 and 2 threads.
        assertThat(report.at("/comparisons/0/outcomes/0/firstLosses"))
                .isEqualTo(report.at("/comparisons/1/outcomes/0/firstLosses"));
    }

    /** Everything once, and a page of it. */
    @Test
    void measuresEverything(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("speed.json");
        assertThat(Compare.run("all", "--quick", "--no-peers", "--threads=2", "--json=" + json))
                .isZero();
        Path page = folder.resolve("speed.md");
        assertThat(Compare.run("page", json.toString(), "--out=" + page)).isZero();
        assertThat(Files.readString(page))
                .contains("# How fast it is", "| `mlp` | 20 | 16 | 128 | 5 | 2 | 1 |", "| concentrated | 256 |")
                .contains("recurrent products, forward", "What did not help")
                .doesNotContain("NaN", "null");
        assertThat(Compare.run("page", folder.resolve("none.json").toString())).isNotZero();
    }

    @Test
    void refusesWhatNoModelCanHave() {
        assertThat(Compare.run("--model=mlp", "--k-att=0", "--no-peers", "--no-kernels", "--threads=1"))
                .isNotZero();
    }

    @Test
    void ourUpdateIsTheTrainers() {
        Setting setting = new Setting(
                "lstm", new CopyTask(3), 4, Setting.Kind.LSTM.model(8, 5, 2, 5, Sparsifier.SOFTMAX), 2, 2, 1);
        try (Update one = new OurUpdate(setting, KernelProviders.kernels());
                Update other = new OurUpdate(setting, KernelProviders.kernels())) {
            double first = one.run();
            double second = one.run();
            assertThat(other.run()).isEqualTo(first);
            assertThat(other.run()).isEqualTo(second).isNotEqualTo(first);
        }
    }
}
