package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.run.OpenTask;
import org.sab4j.run.RunException;
import org.sab4j.run.Small;
import org.sab4j.task.CopyTask;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private Path run(String name, int seed, int kTop, String lines) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                run.resolve("config.yaml"),
                "task: copy\nlength: 100\nmodel: sab\nhidden: 8\nk-top: " + kTop + "\nthreads: " + seed + "\nseed: "
                        + seed + "\nmade-by:\n  kernels: \"vector, 16 lanes\"\n");
        Files.writeString(run.resolve("metrics.jsonl"), lines);
        return run;
    }

    private static String lines(double accuracy) {
        return "{\"kind\":\"train\",\"update\":10,\"loss\":0.5,\"gradNorm\":1.5,\"msPerUpdate\":2.0,\"seconds\":0.02}\n"
                + "{\"kind\":\"eval\",\"update\":10,\"loss\":0.4,\"accuracy\":" + accuracy
                + ",\"best\":true,\"seconds\":0.02}\n";
    }

    private static JsonNode data(String html) {
        Matcher data = DATA.matcher(html);
        assertThat(data.find()).isTrue();
        return new JsonMapper().readTree(data.group(1));
    }

    @Test
    void oneFileThatNeedsNothingElse() throws Exception {
        Path file = folder.resolve("report.html");
        Report.write(file, List.of(RunView.read(run("a", 1, 5, lines(0.25)))));
        String html = Files.readString(file);
        String frame = html.substring(0, html.lastIndexOf("<script>")); // the scripts' own texts are no links
        assertThat(frame)
                .startsWith("<!doctype html>")
                .contains("Content-Security-Policy")
                .doesNotContain("{{")
                .doesNotContainPattern("(src|href)=\"(?!#|data:)");
        assertThat(html.contains("echarts.init")).isTrue();
        JsonNode run = data(html).path("runs").path(0);
        assertThat(run.path("settings").path("k-top").asString()).isEqualTo("5");
        assertThat(run.path("madeBy").path("kernels").asString()).isEqualTo("vector, 16 lanes");
        assertThat(run.path("history").path("best").path("accuracy").asDouble()).isEqualTo(0.25);
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("a", "report.html");
        }
    }

    /** A page of them all could not be drawn. */
    @Test
    void onlySoManyStepsAreExplained() throws Exception {
        Path run = folder.resolve("a copy");
        Small.train(run, event -> {}, "--updates=10", "--model=lstm");
        RunView view = RunView.read(run);
        view.explain(3, Small.KERNELS, new OpenTask(new CopyTask(4_000), "of 4,020 steps"));
        assertThat(Objects.requireNonNull(view.explanation()).sequences())
                .extracting(Explanation.Sequence::name)
                .containsExactly("sequence 1", "sequence 2");
        assertThatThrownBy(() -> view.explain(3, Small.KERNELS, new OpenTask(new CopyTask(10_000), "longer")))
                .hasMessage("a sequence has 10,020 steps, and a page shows 10,000 at the most: sab explain '"
                        + run.resolve("model.safetensors") + "' shows it");
    }

    /** Names and settings come from folders and files that anybody may have made. */
    @Test
    void nothingBreaksOutOfTheData() throws Exception {
        Path run = run("</script><script>alert(1)</script>{{style}} $1 \\", 1, 5, lines(0.25));
        String html = Report.html(List.of(RunView.read(run)));
        assertThat(html).doesNotContain("<script>alert");
        assertThat(data(html).path("runs").path(0).path("name").asString())
                .isEqualTo("</script><script>alert(1)</script>{{style}} $1 \\"
                        .substring("</script><script>alert(1)<".length() + 1));
    }

    @Test
    void seedsAreGroupedByConfiguration() throws Exception {
        List<RunView> runs = List.of(
                RunView.read(run("a", 1, 5, lines(0.25))),
                RunView.read(run("b", 1, 10, lines(0.5))),
                RunView.read(run("c", 2, 5, lines(0.75))));
        List<Groups.Group> groups = Groups.of(runs);
        assertThat(groups).extracting(Groups.Group::label).containsExactly("k-top 5", "k-top 10");
        assertThat(groups).extracting(Groups.Group::members).containsExactly(List.of(0, 2), List.of(1));
    }

    /** A run that trains longer is no other seed of the same; of another task only the task is named. */
    @Test
    void budgetsAndTasksAreApart() throws Exception {
        Path longer = run("longer", 1, 5, lines(0.5));
        Path config = longer.resolve("config.yaml");
        Files.writeString(config, Files.readString(config) + "updates: 500\n");
        Path adding = run("adding", 1, 7, lines(0.5));
        Path other = adding.resolve("config.yaml");
        Files.writeString(other, Files.readString(other).replace("task: copy", "task: adding") + "features: \"\"\n");
        List<Groups.Group> groups = Groups.of(
                List.of(RunView.read(run("shorter", 1, 5, lines(0.5))), RunView.read(longer), RunView.read(adding)));
        assertThat(groups)
                .extracting(Groups.Group::label)
                .containsExactly("task copy", "task copy, updates 500", "task adding");
    }

    /** A setting that a run leaves out sets it apart all the same. */
    @Test
    void aSettingThatIsNotSet() throws Exception {
        List<RunView> runs = new ArrayList<>();
        for (String features : List.of("a,b", "\"\"")) {
            Path run = run("r" + runs.size(), 1, 5, lines(0.5));
            Path config = run.resolve("config.yaml");
            Files.writeString(config, Files.readString(config) + "features: " + features + "\n");
            runs.add(RunView.read(run));
        }
        assertThat(Groups.of(runs)).extracting(Groups.Group::label).containsExactly("features a,b", "features not set");
    }

    @Test
    void complainsOfWhatIsNoRun() throws Exception {
        assertThatThrownBy(() -> RunView.read(folder.resolve("nowhere")))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> RunView.read(folder)).hasMessageContaining("has no config.yaml");
        Path broken = run("broken", 1, 5, "");
        Files.writeString(broken.resolve("config.yaml"), "task: [copy\n");
        assertThatThrownBy(() -> RunView.read(broken)).hasMessageContaining("config.yaml, line");
    }

    @Test
    void aRunThatHasJustBegun() throws Exception {
        Path run = run("young", 1, 5, "");
        Files.delete(run.resolve("metrics.jsonl"));
        assertThat(data(Report.html(List.of(RunView.read(run))))
                        .path("runs")
                        .path(0)
                        .path("history")
                        .path("update")
                        .asInt())
                .isZero();
    }
}
