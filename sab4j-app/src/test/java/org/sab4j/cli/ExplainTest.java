package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.run.Small;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code sab explain} and {@code sab report} on a run that was really trained, a little. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainTest extends CommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    private Path folder = Path.of("");

    @BeforeAll
    void makeFolder(@TempDir Path temporary) {
        folder = temporary;
    }

    /** A trained run of a task, made once. */
    private String run(String task) {
        Path run = folder.resolve(task);
        if (!Files.exists(run)) {
            List<String> args = new ArrayList<>(List.of("train", task, "--run", run.toString(), "--updates=20"));
            args.addAll(Small.OPTIONS);
            if (task.equals("copy")) {
                args.add("--sparsifier=softmax");
            }
            assertThat(sab(args.toArray(String[]::new))).as(err()).isZero();
        }
        return run.toString();
    }

    private List<JsonNode> lines(String kind) {
        return out().lines()
                .map(JSON::readTree)
                .filter(line -> line.path("kind").asString().equals(kind))
                .toList();
    }

    @Test
    void aPicture() {
        assertThat(sab("explain", run("copy"))).isZero();
        assertThat(out())
                .contains("sequence 1, 24 steps", "reminded of", "credit from step 24", "mental updates", "without");
        assertThat(out().lines().mapToInt(String::length).max().orElse(0)).isLessThanOrEqualTo(100);
        assertThat(sab("explain", run("adding"))).isZero();
        assertThat(out()).contains("number", "mark", "credit from step 4", "nothing: ");
    }

    @Test
    void aModelWithoutMemoryHasNoRemindersToTakeAway() {
        String run = folder.resolve("lstm").toString();
        assertThat(sab(
                        "train",
                        "copy",
                        "--model=lstm",
                        "--length=4",
                        "--hidden=4",
                        "--updates=1",
                        "--evaluation-sequences=4",
                        "--run=" + run))
                .isZero();
        assertThat(sab("explain", run)).isZero();
        assertThat(out())
                .contains("This model has no memory", "credit from step 24")
                .doesNotContain("mental updates", "without");
        assertThat(sab("explain", run, "--json")).isZero();
        assertThat(out()).contains("\"mentalUpdates\":false");
    }

    /** A run that has made one update on a text. */
    private String ofCharacters(Path text, String... more) {
        String run = folder.resolve("run of " + text.getFileName()).toString();
        List<String> command = new ArrayList<>(List.of("train", "chars", "--text=" + text, "--length=8", "--hidden=4"));
        command.addAll(List.of("--batch=4", "--updates=1", "--epochs=0", "--threads=1", "--run", run));
        command.addAll(List.of(more));
        assertThat(sab(command.toArray(String[]::new))).as(err()).isZero();
        return run;
    }

    /** Control characters look alike, and are not. */
    @Test
    void charactersAreTakenAsTheyAre() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "a\u0001b\u0002c\u0001a\u0002".repeat(40));
        String run = ofCharacters(text);
        Files.delete(text); // the model has its characters
        assertThat(sab("explain", run, "--input", "a\u0002\u0001Ω", "--json")).isZero();
        assertThat(lines("step"))
                .extracting(step -> step.path("input").asInt())
                .containsExactly(2, 1, 0, 5); // \u0001 \u0002 a b c, and what is none of these
    }

    /** Without spaces at the ends of lines and a byte order mark, where training had none of them. */
    @Test
    void aFileIsReadAsTheTrainingsText() throws IOException {
        Path text = Files.writeString(folder.resolve("words.txt"), " ab c \n".repeat(80));
        String run = ofCharacters(text, "--preset=ptb");
        Path own = Files.writeString(folder.resolve("own words.txt"), "\uFEFF a c \n b \n");
        assertThat(sab("explain", run, "--input-file", own.toString(), "--json"))
                .as(err())
                .isZero();
        assertThat(lines("step"))
                .extracting(step -> step.path("input").asInt())
                .containsExactly(2, 1, 4, 0, 3); // of \n _ a b c
        assertThat(sab("explain", run, "--input", "a c ", "--json")).isZero();
        assertThat(lines("step")).extracting(step -> step.path("input").asInt()).containsExactly(2, 1, 4, 1);
    }

    @Test
    void linesForPrograms() {
        assertThat(sab("explain", run("copy"), "--json", "--sequence", "2,1", "--output=24,20"))
                .isZero();
        assertThat(lines("sequence"))
                .extracting(line -> line.path("sequence").asString())
                .containsExactly("sequence 2", "sequence 1");
        List<JsonNode> steps = lines("step");
        assertThat(steps).hasSize(2 * 24);
        for (JsonNode step : steps.subList(2, 24)) { // there are memories from step 3 on
            double sum = step.path("reminders")
                    .valueStream()
                    .mapToDouble(JsonNode::asDouble)
                    .sum();
            assertThat(sum).isCloseTo(1, within(0.01)); // no null memory
            step.path("reminders")
                    .propertyNames()
                    .forEach(name -> assertThat(Integer.parseInt(name))
                            .isLessThan(step.path("step").asInt())
                            .isEven()); // k_att 2
        }
        assertThat(steps).noneMatch(step -> step.has("nothing"));
        List<JsonNode> credits = lines("credit");
        assertThat(credits).extracting(line -> line.path("output").asInt()).containsExactly(24, 20, 24, 20);
        JsonNode credit = credits.getFirst();
        assertThat(credit.path("withoutMentalUpdates").propertyNames())
                .allSatisfy(step -> assertThat(Integer.parseInt(step)).isBetween(21, 24)); // the block of step 24
        assertThat(credit.path("credit").size())
                .isGreaterThan(credit.path("withoutMentalUpdates").size());
    }

    /** Where mental updates are off it has the credit that it was trained with, into the very steps that wrote memories. */
    @Test
    void aModelOfDirectCredit() {
        String run = folder.resolve("direct").toString();
        List<String> args = new ArrayList<>(List.of(
                "train",
                "copy",
                "--no-mental-updates",
                "--direct-credit",
                "--sparsifier=softmax",
                "--run",
                run,
                "--updates=1"));
        args.addAll(Small.OPTIONS);
        assertThat(sab(args.toArray(String[]::new))).as(err()).isZero();
        assertThat(sab("explain", run, "--json", "--output=24")).as(err()).isZero();
        assertThat(lines("sequence").getFirst().path("directCredit").asBoolean())
                .isTrue();
        JsonNode credit = lines("credit").getFirst();
        List<Integer> without = credit.path("withoutMentalUpdates").propertyNames().stream()
                .map(Integer::valueOf)
                .filter(step -> step < 21) // before the block of step 24
                .toList();
        assertThat(without).isNotEmpty().allSatisfy(step -> assertThat(step).isEven()); // k_att 2
        assertThat(credit.path("credit").size())
                .isGreaterThan(credit.path("withoutMentalUpdates").size());
        assertThat(sab("explain", run)).isZero();
        assertThat(out()).contains("mental updates", "direct credit");
    }

    /** Of dense attention there are more memories than are listed: the rest is not the null memory's. */
    @Test
    void moreMemoriesThanAreListed() throws IOException {
        String run = folder.resolve("dense").toString();
        assertThat(sab(
                        "train",
                        "adding",
                        "--length=80",
                        "--hidden=4",
                        "--batch=4",
                        "--updates=1",
                        "--evaluation-sequences=4",
                        "--k-top=all",
                        "--k-att=1",
                        "--threads=1",
                        "--run",
                        run))
                .as(err())
                .isZero();
        assertThat(sab("explain", run, "--json")).isZero();
        JsonNode last = lines("step").getLast();
        assertThat(last.path("reminders").size()).isEqualTo(64);
        assertThat(last.has("nothing")).isFalse();
        assertThat(last.path("others").asDouble()).isBetween(0.05, 0.95);
        assertThat(lines("step").get(40).has("nothing")).isTrue();
        assertThat(sab("explain", run)).isZero();
        assertThat(out()).contains("others, not drawn: 0.").doesNotContain("nothing: ");
        Path own = Files.writeString(folder.resolve("own.txt"), "\n0.5 1\n\n0.5 x\n");
        assertThat(sab("explain", run, "--input-file", own.toString())).isEqualTo(1);
        assertThat(err()).contains(own + ", line 4: not a finite number: 'x'");
        Files.writeString(own, "0.5 1\n0.5 0\n0.25 1\n");
        assertThat(sab("explain", run, "--input-file", own.toString(), "--json"))
                .isZero();
        assertThat(lines("step")).hasSize(3).allMatch(step -> step.has("said"));
    }

    /** The weights of the reminders and of the null memory sum to 1. */
    @Test
    void whatTheNullMemoryHas() {
        assertThat(sab("explain", run("adding"), "--json")).isZero();
        List<JsonNode> reminded = lines("step").stream()
                .filter(step -> !step.path("reminders").isEmpty())
                .toList();
        assertThat(reminded).isNotEmpty().allSatisfy(step -> {
            double sum = step.path("reminders")
                    .valueStream()
                    .mapToDouble(JsonNode::asDouble)
                    .sum();
            assertThat(step.path("nothing").asDouble()).isBetween(0.01, 0.99).isCloseTo(1 - sum, within(1e-4));
        });
    }

    @Test
    void aSequenceOfOnesOwn() throws Exception {
        assertThat(sab("explain", run("copy"), "--input", "123···9··", "--json"))
                .isZero();
        assertThat(lines("step"))
                .extracting(line -> line.path("input").asInt())
                .containsExactly(1, 2, 3, 0, 0, 0, 9, 0, 0);
        Path file = folder.resolve("mine.csv");
        Files.writeString(file, "0.5,1\n0.25 0\n1,1\n");
        assertThat(sab("explain", run("adding"), "--input-file", file.toString(), "--json"))
                .isZero();
        assertThat(lines("step")).hasSize(3);
        JsonNode last = lines("step").getLast();
        assertThat(last.path("said").get(0).asDouble())
                .as("a number, not a class")
                .isNotZero();
        assertThat(last.has("probability")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | --sequence must be a whole number | --sequence 0",
                "2 | --output must be a whole number from 1 to 24 | --output 25",
                "1 | --input, step 2: the model has no symbol 'x' | --input 1x",
                "2 | give one of them | --input 1 --input-file a",
                "2 | give one of them | --input 1 --sequence 1",
                "1 | nowhere.txt cannot be read: it does not exist | --input-file nowhere.txt"
            })
    void oneSentence(int code, String sentence, String args) {
        List<String> all = new ArrayList<>(List.of("explain", run("copy")));
        all.addAll(Arrays.asList(args.split(" ", -1)));
        assertThat(sab(all.toArray(String[]::new))).isEqualTo(code);
        assertThat(err()).contains(sentence).doesNotContain("\tat ");
    }

    @Test
    void everyOutputThatIsAskedForIsShown() {
        assertThat(sab("explain", run("copy"), "--output", "20,22")).isZero();
        assertThat(out()).contains("credit from step 20", "credit from step 22");
        assertThat(sab("explain", run("copy"))).isZero();
        assertThat(out()).containsOnlyOnce("credit from step");
    }

    @Test
    void everyRunEndsWithAReport() throws Exception {
        Path report = Path.of(run("copy")).resolve("report.html");
        String html = Files.readString(report);
        assertThat(html.contains("\"explanation\":{\"update\":")).isTrue();
        assertThat(html.contains("\"attention\":[{\"update\":10,")).isTrue();
        Path other = folder.resolve("both.html");
        assertThat(sab("report", run("copy"), run("adding"), "--out", other.toString()))
                .isZero();
        assertThat(out()).isEqualTo(other + System.lineSeparator());
        assertThat(Files.size(other)).isGreaterThan(1_000_000);
        assertThat(sab("report", folder.resolve("nowhere").toString())).isEqualTo(1);
        assertThat(err()).contains("does not exist");
    }
}
