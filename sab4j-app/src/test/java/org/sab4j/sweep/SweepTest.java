package org.sab4j.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.reproduce.Collector;
import org.sab4j.reproduce.Results;
import org.sab4j.run.FolderLock;
import org.sab4j.run.ResumeTest;
import org.sab4j.run.RunException;
import org.sab4j.run.Small;
import org.sab4j.run.YamlNode;
import org.sab4j.train.TrainEvent;

/** A sweep that is stopped, goes on, fails in parts, or is given more to do. */
class SweepTest {

    private static final String FILE = """
            settings: {task: copy, length: 4, hidden: 8, batch: 6, shard-rows: 4, evaluate-every: 10,
                       evaluation-sequences: 16, log-every: 3, updates: 30}
            trials: {lstm: {model: lstm}, sab: {k-top: 1}}
            seeds: [1, 2]
            test: {sequences: 16, lengths: [4, 6]}
            """;

    @TempDir
    private Path folder;

    private final List<TrialEvent> events = new CopyOnWriteArrayList<>(); // workers tell, and ask, at the same time

    private static Plan plan(String text) throws RunException {
        return SweepFile.plan(YamlNode.parse("s.yaml", text), false);
    }

    private List<Trial> run(Path path, String text, boolean retry, long stopAfter) throws RunException {
        return run(path, text, retry, () -> updates() >= stopAfter ? Stop.NOW : Stop.NOT);
    }

    private List<Trial> run(Path path, String text, boolean retry, Supplier<Stop> stop) throws RunException {
        events.clear();
        try (Sweep sweep = Sweep.open(plan(text), path, 1, Small.KERNELS)) {
            Consumer<TrialEvent> listener = events::add;
            new LocalTrialRunner(2, Small.KERNELS).run(sweep.left(retry), listener, stop);
            return sweep.trials();
        }
    }

    private List<Trial> whole(Path path, String text) throws RunException {
        return run(path, text, false, Long.MAX_VALUE);
    }

    private synchronized long updates() {
        return List.copyOf(events).stream()
                .filter(event -> event instanceof TrialEvent.Trained(var trial, TrainEvent.Updated updated))
                .count();
    }

    private boolean trained(String name) {
        return List.copyOf(events).stream()
                .anyMatch(event -> event instanceof TrialEvent.Trained(var trial, TrainEvent.Updated updated)
                        && trial.name().equals(name));
    }

    private static TrialRecord record(Trial trial) {
        try {
            return TrialRecord.read(trial.folder()).orElseThrow();
        } catch (RunException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void stoppedAgainAndAgainItGivesTheSameBits() throws Exception {
        List<Trial> whole = whole(folder.resolve("whole"), FILE);
        List<Trial> parts = List.of();
        int sittings = 0;
        while (sittings == 0 || events.stream().anyMatch(TrialEvent.PutOff.class::isInstance) || !events.isEmpty()) {
            parts = run(folder.resolve("parts"), FILE, false, 17);
            sittings++;
        }
        assertThat(sittings).isGreaterThan(4);
        for (int i = 0; i < whole.size(); i++) {
            ResumeTest.assertSame(whole.get(i).folder(), parts.get(i).folder());
            TrialRecord expected = record(whole.get(i));
            TrialRecord actual = record(parts.get(i));
            assertThat(actual.ended()).isEqualTo(TrialRecord.End.UPDATES);
            assertThat(actual.updates()).isEqualTo(30);
            assertThat(actual.bestUpdate()).isEqualTo(expected.bestUpdate());
            assertThat(actual.tests().stream().map(TrialRecord.Test::length)).containsExactly(4, 6);
            assertThat(actual.tests().stream().map(TrialRecord.Test::measures))
                    .isEqualTo(expected.tests().stream()
                            .map(TrialRecord.Test::measures)
                            .toList());
        }
    }

    /** A model would be trained, and nothing measured. */
    @Test
    void aTableWithoutATestPart() throws Exception {
        StringBuilder table = new StringBuilder("m,x,y\n");
        for (int m = 0; m < 20; m++) {
            table.append("a" + m + ",1," + (m % 2 == 0 ? "ok" : "fault") + "\na" + m + ",2,\n");
        }
        Path data = Files.writeString(folder.resolve("t.csv"), table);
        String text = "settings: {task: classify, data: " + data
                + ", sequence: m, target: y, test: 0, hidden: 8, batch: 6, updates: 30, evaluate-every: 10}\n";
        TrialRecord refused = record(whole(folder.resolve("sweep"), text).getFirst());
        assertThat(refused.ended()).isEqualTo(TrialRecord.End.FAILED);
        assertThat(refused.reason()).contains("the data have no test part");
        assertThat(updates()).isZero();
    }

    private boolean happened(Predicate<TrialEvent> what) {
        return events.stream().anyMatch(what);
    }

    private static boolean isUpdate(TrialEvent event, long number) {
        return event instanceof TrialEvent.Trained(var trial, TrainEvent.Updated updated) && updated.update() == number;
    }

    private static boolean isEvaluation(TrialEvent event) {
        return event instanceof TrialEvent.Trained(var trial, TrainEvent.Evaluated evaluated);
    }

    /** As with --hours: however soon an end is wanted, what takes long is made, so that the next time goes on from there. */
    @Test
    void anEvaluationOrAMeasurementThatHasBegunIsMade() throws Exception {
        String one = FILE.replace("[1, 2]", "[1]").replace(", sab: {k-top: 1}", "");
        run(folder, one, false, () -> happened(event -> isUpdate(event, 10)) ? Stop.NOW : Stop.NOT);
        assertThat(events).noneMatch(SweepTest::isEvaluation);
        run(folder, one, false, () -> happened(TrialEvent.Began.class::isInstance) ? Stop.SOON : Stop.NOT);
        assertThat(events).anyMatch(SweepTest::isEvaluation);
        assertThat(updates()).isZero();

        List<Trial> trials =
                run(folder, one, false, () -> happened(TrialEvent.Testing.class::isInstance) ? Stop.SOON : Stop.NOT);
        assertThat(events).noneMatch(TrialEvent.Ended.class::isInstance);
        assertThat(record(trials.getFirst()).tests()).hasSize(1);
    }

    @Test
    void whatIsOverIsNotRunAgainUnlessThereIsMoreToDo() throws Exception {
        List<Trial> trials = whole(folder, FILE);
        whole(folder, FILE);
        assertThat(events).isEmpty();

        whole(folder, FILE.replace("[4, 6]", "[4, 6, 9]")); // only measures
        assertThat(events).noneMatch(event -> event instanceof TrialEvent.Trained);
        assertThat(record(trials.getFirst()).tests()).hasSize(3);

        TrialRecord now = record(trials.getFirst());
        SequencedMap<String, String> earlier = new LinkedHashMap<>(now.madeBy());
        earlier.put("commit", "of old");
        madeBy(now, earlier).write(trials.getFirst().folder());
        whole(folder, FILE.replace("[4, 6]", "[4, 6, 9, 10]")); // who measures has not trained
        assertThat(record(trials.getFirst()).tests()).hasSize(4);
        assertThat(record(trials.getFirst()).madeBy()).isEqualTo(earlier);

        // As if it had been killed before it was measured.
        Files.delete(trials.getFirst().folder().resolve("trial.json"));
        Path config = trials.getFirst().folder().resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replaceFirst("commit: .*", "commit: of old"));
        whole(folder, FILE);
        assertThat(record(trials.getFirst()).madeBy()).isEqualTo(earlier);

        whole(folder, FILE.replace("updates: 30", "updates: 50"));
        assertThat(updates()).isEqualTo(4 * 20);
        assertThat(record(trials.getFirst()).updates()).isEqualTo(50);
        assertThat(record(trials.getFirst()).madeBy()).isEqualTo(now.madeBy());
    }

    private static TrialRecord madeBy(TrialRecord record, SequencedMap<String, String> madeBy) {
        return new TrialRecord(
                record.ended(),
                record.reason(),
                record.updates(),
                record.bestUpdate(),
                record.skipped(),
                record.minutes(),
                record.course(),
                madeBy,
                record.tests());
    }

    /** 900 characters are 129 sequences for training, 9 updates an epoch; the test part has fewer than are asked for. */
    @Test
    void epochsAreABudgetToo() throws Exception {
        Path text = Files.writeString(
                folder.resolve("text.txt"), "salt and pepper\n".repeat(63).substring(0, 1000));
        String file = """
                settings: {task: chars, text: "%s", length: 7, hidden: 8, batch: 16, shard-rows: 4, updates: 0, epochs: 2}
                trials: {sab: {k-top: 1}}
                seeds: [1]
                """.formatted(text);
        Path path = folder.resolve("sweep");
        Trial trial = whole(path, file).getFirst();
        assertThat(record(trial).updates()).isEqualTo(18);
        assertThat(record(trial).tests()).hasSize(1);
        assertThat(record(trial).tests().getFirst().sequences()).isLessThan(20);
        whole(path, file);
        assertThat(events).isEmpty();
        whole(path, file.replace("epochs: 2", "epochs: 3"));
        assertThat(record(trial).updates()).isEqualTo(27);
        Results results = Collector.collect("s", plan(file.replace("[1]", "[1, 2]")), path, false, "sab sweep s");
        assertThat(results.settings()).containsEntry("epochs", 3L);
    }

    @Test
    void withoutPatienceItTrainsOn() throws Exception {
        String file = FILE.replace("updates: 30", "updates: 60, learning-rate: 1e-9, patience: 1");
        List<Trial> trials = whole(folder, file);
        assertThat(trials).anySatisfy(trial -> {
            assertThat(record(trial).ended()).isEqualTo(TrialRecord.End.PATIENCE);
            assertThat(record(trial).updates()).isLessThan(60);
        });
        whole(folder, file);
        assertThat(events).isEmpty();
        whole(folder, file.replace("patience: 1", "patience: 0"));
        assertThat(trials)
                .allSatisfy(trial -> assertThat(record(trial).updates()).isEqualTo(60));
    }

    /** Records from before epochs and patience were noted go on with a larger budget all the same. */
    @Test
    void earlierRecordsGoOn() throws Exception {
        String file = FILE.replace("updates: 30", "updates: 30, patience: 9");
        Trial trial = whole(folder, file).getFirst();
        TrialRecord now = record(trial);
        TrialRecord earlier = new TrialRecord(
                now.ended(),
                null,
                now.updates(),
                now.bestUpdate(),
                now.skipped(),
                now.minutes(),
                null,
                now.madeBy(),
                now.tests());
        assertThat(trial.isOver(earlier)).isTrue();
        try (Sweep sweep = Sweep.open(plan(file.replace("30,", "50,")), folder, 1, Small.KERNELS)) {
            assertThat(sweep.trials().getFirst().isOver(earlier)).isFalse();
        }
    }

    private List<String> notes() {
        return events.stream()
                .filter(TrialEvent.Began.class::isInstance)
                .flatMap(event -> ((TrialEvent.Began) event).notes().stream())
                .toList();
    }

    /** As of a run: of its settings when it begins, and afterwards only of what has happened to it. */
    @Test
    void whatTheUserShouldKnowIsTold() throws Exception {
        String file = FILE.replace("[1, 2]", "[1]").replace("sab: {k-top: 1}", "sab: {k-att: 24, epsilon: 1}");
        List<Trial> trials = whole(folder, file);
        assertThat(notes())
                .hasSize(2)
                .anySatisfy(note -> assertThat(note).startsWith("no step is ever reminded of anything: "))
                .contains("--epsilon plays no part with --sparsifier null-softmax");
        Path model = trials.getLast().folder().resolve("model.safetensors");
        Files.delete(model);
        whole(folder, file.replace("updates: 30", "updates: 50"));
        assertThat(notes())
                .containsExactly(model + " is gone: there will be one again when an evaluation is the best so far");
    }

    /** Studies that share a folder don't take each other's measurements for their own. */
    @Test
    void resultsAreOfTheTestsThatThePlanAsksFor() throws Exception {
        whole(folder, FILE);
        String other = FILE.replace("sequences: 16, lengths: [4, 6]", "sequences: 8, lengths: [4]");
        List<Trial> trials = whole(folder, other);
        assertThat(record(trials.getFirst()).tests()).hasSize(3);
        assertThat(tests(FILE)).containsExactly(16, 16);
        assertThat(tests(other)).containsExactly(8);
    }

    private List<Integer> tests(String text) throws RunException {
        Results results = Collector.collect("s", plan(text), folder, false, "sab sweep s");
        return results.rows().getFirst().trials().getFirst().record().tests().stream()
                .map(TrialRecord.Test::sequences)
                .toList();
    }

    /** Not those of a row whose name goes on where its own ends. */
    @Test
    void aRowHasItsOwnTrials() throws Exception {
        String text = FILE.replace("sab: {k-top: 1}", "lstm.seed-1: {k-top: 1}");
        whole(folder, text);
        Results results = Collector.collect("s", plan(text), folder, false, "sab sweep s");
        assertThat(results.rows()).allSatisfy(row -> assertThat(row.trials()).hasSize(2));
    }

    @Test
    void timeIsABudgetToo() throws Exception {
        List<Trial> trials = whole(folder, FILE.replace("updates: 30", "updates: 1000000") + "minutes: 1e-9\n");
        assertThat(trials).allSatisfy(trial -> {
            assertThat(record(trial).ended()).isEqualTo(TrialRecord.End.MINUTES);
            assertThat(record(trial).updates()).isEqualTo(1);
            assertThat(record(trial).bestUpdate()).isEqualTo(1);
            assertThat(record(trial).tests()).hasSize(2);
        });
        whole(folder, FILE.replace("updates: 30", "updates: 20"));
        assertThat(trials).allSatisfy(trial -> {
            assertThat(record(trial).ended()).isEqualTo(TrialRecord.End.UPDATES);
            assertThat(record(trial).tests()).hasSize(2);
        });
    }

    /** Seeds that had more minutes than others are put together with them, but not in silence. */
    @Test
    void otherMinutesAreTold() throws Exception {
        String text = FILE.replace("updates: 30", "updates: 1000000") + "minutes: 1e-9\n";
        Trial second = whole(folder, text).get(2);
        TrialRecord once = record(second);
        new TrialRecord(
                        TrialRecord.End.UPDATES,
                        null,
                        once.updates(),
                        once.bestUpdate(),
                        0,
                        5,
                        once.course(),
                        once.madeBy(),
                        once.tests())
                .write(second.folder());
        assertThat(Collector.collect("s", plan(text), folder, false, "sab sweep s")
                        .notes())
                .contains("lstm.seed-1 ended when its 0.0 minutes were over, while another seed had 5.0");
    }

    @Test
    void aFailedTrialIsRecordedAndDoesNotStopTheRest() throws Exception {
        List<Trial> trials = run(folder, FILE, false, () -> trained("lstm.seed-1") ? Stop.NOW : Stop.NOT);
        Path checkpoint = trials.getFirst().folder().resolve("checkpoint.safetensors");
        byte[] bytes = Files.readAllBytes(checkpoint);
        Files.write(checkpoint, new byte[] {1, 2, 3});
        whole(folder, FILE);
        TrialRecord failed = record(trials.getFirst());
        assertThat(failed.ended()).isEqualTo(TrialRecord.End.FAILED);
        assertThat(failed.reason()).startsWith(checkpoint + " is ");
        assertThat(trials.subList(1, 4))
                .allSatisfy(trial -> assertThat(record(trial).updates()).isEqualTo(30));

        whole(folder, FILE);
        assertThat(events).isEmpty();
        Files.write(checkpoint, bytes);
        run(folder, FILE, true, Long.MAX_VALUE);
        assertThat(record(trials.getFirst()).ended()).isEqualTo(TrialRecord.End.UPDATES);
        assertThat(events).allSatisfy(event -> assertThat(event.trial().name()).isEqualTo("lstm.seed-1"));
    }

    @Test
    void aTrialThatAnotherProcessHoldsIsLeftForLater() throws Exception {
        List<Trial> trials = run(folder, FILE, false, 0);
        FolderLock held = FolderLock.take(trials.getFirst().folder());
        whole(folder, FILE);
        held.close();
        assertThat(TrialRecord.read(trials.getFirst().folder())).isEmpty();
        assertThat(events)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                TrialEvent.PutOff.class,
                                putOff -> assertThat(putOff.reason()).contains("in use")));
        FolderLock all = FolderLock.take(folder);
        assertThatThrownBy(() -> whole(folder, FILE)).isInstanceOf(FolderLock.InUse.class);
        all.close();
        whole(folder, FILE);
        assertThat(events).allSatisfy(event -> assertThat(event.trial().name()).isEqualTo("lstm.seed-1"));
    }

    @Test
    void dataMayMoveBeforeASweepGoesOn() throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), "salt and pepper\n".repeat(20));
        String file =
                "{settings: {task: chars, length: 7, hidden: 8, batch: 4, text: PATH, updates: 4, evaluate-every: 4}}";
        Path sweep = folder.resolve("sweep");
        whole(sweep, file.replace("PATH", text.toString()));
        Path moved = Files.move(text, folder.resolve("moved.txt"));
        List<Trial> trials = whole(sweep, file.replace("PATH", moved.toString()).replace("updates: 4", "updates: 8"));
        assertThat(record(trials.getFirst()).updates()).isEqualTo(8);
        Path other = Files.writeString(folder.resolve("other.txt"), "salt or pepper\n".repeat(20));
        assertThatThrownBy(() -> whole(sweep, file.replace("PATH", other.toString())))
                .hasMessageContaining("had, when it was laid out, text " + moved + ", now " + other);
    }

    /** Where no place was named nothing has moved. */
    @Test
    void otherDataAreRefusedWhereNoPlaceWasNamed() throws Exception {
        String preset = "{settings: {task: chars, preset: ptb, hidden: 8}}";
        Sweep.open(plan(preset), folder, 1, Small.KERNELS).close();
        Path text = Files.writeString(folder.resolve("text.txt"), "salt");
        assertThatThrownBy(() -> Sweep.open(
                        plan(preset.replace("hidden", "text: " + text + ", hidden")), folder, 1, Small.KERNELS))
                .hasMessageContaining("had, when it was laid out, text ");
    }

    @Test
    void aRunsFolderIsNoSweeps() throws Exception {
        Small.train(folder.resolve("copy"), event -> {}, "--updates=1");
        assertThatThrownBy(() -> whole(folder.resolve("copy"), FILE)).hasMessageContaining("is the folder of a run");
    }

    @Test
    void trialsKeepTheSettingsTheyWereLaidOutWith() throws Exception {
        List<Trial> trials = run(folder, FILE, false, 0);
        assertThatThrownBy(() -> whole(folder, FILE.replace("hidden: 8", "hidden: 9")))
                .hasMessageContaining("lstm.seed-1, like 3 others, had, when it was laid out, hidden 8, now 9");
        Path config = trials.getFirst().folder().resolve("config.yaml"); // as if a default had been another then
        Files.writeString(config, Files.readString(config).replace("average: 0.99", "average: 0.5"));
        try (Sweep sweep = Sweep.open(plan(FILE), folder, 1, Small.KERNELS)) {
            assertThat(sweep.notes()).singleElement().asString().contains("average 0.5, now 0.99");
            assertThat(sweep.trials().getFirst().config().average()).isEqualTo(0.5);
        }
    }

    /** Such as where there is room, or what takes less memory: the remedy of a trial that has failed. */
    @Test
    void whatDecidesOnNoResultMayChange() throws Exception {
        List<Trial> trials = run(folder, FILE, false, 0);
        whole(folder, FILE.replace("log-every: 3", "log-every: 5").replace("k-top: 1", "k-top: 1, recompute: true"));
        assertThat(trials)
                .allSatisfy(trial -> assertThat(trial.folder().resolve("config.yaml"))
                        .content()
                        .contains("log-every: 5"));
        assertThat(trials.getLast().folder().resolve("config.yaml")).content().contains("recompute: true");
    }

    @Test
    void lengthsThatATaskCannotHave() {
        assertThatThrownBy(() ->
                        whole(folder, FILE.replace("task: copy", "task: adding").replace("[4, 6]", "[1, 6]")))
                .hasMessage("test: lengths must be at least 2 for the task adding: 1");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aNameThatTheSystemDoesNotTake() {
        String value = "0.1" + "0".repeat(250); // which becomes part of the folder's name
        assertThatThrownBy(() -> whole(folder, FILE.replace("k-top: 1", "learning-rate: [" + value + ", 0.2]")))
                .hasMessageContaining("cannot be made: ")
                .hasMessageEndingWith("; shorter names for the trials, or another folder (--dir), may help");
    }

    @Test
    void aFolderLeftByAKillBeforeItsSettingsIsLaidOut() throws Exception {
        Path trial = Files.createDirectories(folder.resolve("lstm.seed-1"));
        Files.writeString(trial.resolve(".config.yaml.0.tmp"), "x");
        Files.writeString(trial.resolve(".lock"), "1");
        assertThat(record(whole(folder, FILE).getFirst()).updates()).isEqualTo(30);
    }
}
