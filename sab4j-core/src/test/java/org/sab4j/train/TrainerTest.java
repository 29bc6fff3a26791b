package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;
import org.sab4j.testing.Pass;

/** Updates, evaluations, the best model, and how training ends. */
class TrainerTest {

    private static final int HIDDEN = 8;

    private static List<List<Integer>> sequences(Batch batch) {
        int[] symbols = ((Inputs.Symbols) batch.inputs()).values();
        return java.util.stream.IntStream.range(0, batch.sequences())
                .mapToObj(b -> Arrays.stream(symbols, b * batch.steps(), (b + 1) * batch.steps())
                        .boxed()
                        .toList())
                .toList();
    }

    @Test
    void evaluatesOnTheSameUnseenSequences() {
        Scripted task = Scripted.spoilt(new CopyTask(2), Session.BATCH, (batch, random) -> {});
        try (Session session = Session.start(task, HIDDEN, Session.config(6, 2, 1, 0, 9), 1)) {
            session.run();
            assertThat(task.evaluated).hasSize(3);
            assertThat(task.trained).hasSize(6);
            Set<List<Integer>> seen = new HashSet<>();
            task.trained.forEach(batch -> seen.addAll(sequences(batch)));
            assertThat(seen).as("every batch is fresh").hasSize(6 * Session.BATCH);
            List<List<Integer>> first = sequences(task.evaluated.getFirst());
            assertThat(first).hasSize(23).doesNotContainAnyElementsOf(seen);
            for (Batch batch : task.evaluated) {
                assertThat(sequences(batch)).isEqualTo(first);
            }
        }
    }

    /** What a model is judged by in the end must have chosen it as little as it has taught it. */
    @Test
    void testsOnSequencesThatNothingElseHasSeen() {
        Scripted task = Scripted.spoilt(new CopyTask(2), Session.BATCH, (batch, random) -> {});
        try (Session session = Session.start(task, HIDDEN, Session.config(6, 2, 1, 0, 9), 1)) {
            session.run();
            Set<List<Integer>> seen = new HashSet<>();
            task.trained.forEach(batch -> seen.addAll(sequences(batch)));
            task.evaluated.forEach(batch -> seen.addAll(sequences(batch)));
            task.evaluated.clear();
            Evaluator evaluator = new Evaluator(session.model, task, session.team, 5);
            evaluator.evaluate(Part.VALIDATION, 23, session.state.seed, done -> {});
            evaluator.evaluate(Part.TEST, 23, session.state.seed, done -> {});
            assertThat(seen).containsAll(sequences(task.evaluated.getFirst()));
            assertThat(sequences(task.evaluated.getLast())).hasSize(23).doesNotContainAnyElementsOf(seen);
        }
    }

    @Test
    void refusesATaskOfAnotherModel() {
        try (Session session = Session.start(new CopyTask(2), HIDDEN, Session.config(1, 1, 1, 0, 9), 1)) {
            assertThatThrownBy(() -> new Evaluator(session.model, new AddingTask(4), session.team, 5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has 2 inputs and 1 outputs, the model 10 and 9");
        }
    }

    /** Before there is room for it: a task without steps has no blocks to compute again. */
    @Test
    void refusesATaskWithoutSteps() {
        Task task = new CopyTask(2);
        SequenceModel model = Session.model(task, HIDDEN);
        Scripted none = Scripted.spoilt(task, Session.BATCH, (batch, random) -> {});
        none.saidSteps = -1;
        try (ThreadTeam team = new ThreadTeam(1)) {
            TrainState state = TrainState.start(model, 1);
            TrainConfig config = Session.config(1, 1, 1, 0, 9);
            assertThatThrownBy(() -> new Trainer(model, none, config, state, team, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has -1 steps");
        }
    }

    @Test
    void refusesAStateOfAnotherModel() {
        CopyTask task = new CopyTask(2);
        TrainState state = TrainState.start(Session.model(task, HIDDEN), 1);
        assertThatThrownBy(
                        () -> new Session(task, Session.config(1, 1, 1, 0, 9), state, Session.model(task, HIDDEN), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another model's");
    }

    /** Longer than the task says, or of more sequences than asked for: there is no room for them. */
    @Test
    void refusesABatchThatDoesNotFit() {
        CopyTask task = new CopyTask(2);
        Scripted longer = Scripted.spoilt(new CopyTask(3), Session.BATCH, (batch, random) -> {});
        longer.saidSteps = task.steps();
        try (Session session = Session.start(longer, HIDDEN, Session.config(1, 1, 1, 0, 9), 1)) {
            assertThatThrownBy(session.trainer::update)
                    .hasMessageContaining(
                            "has made a batch of 10 sequences of 23 steps, and was asked for 10 of at most 22");
            Evaluator evaluator = new Evaluator(session.model, longer, session.team, 5);
            assertThatThrownBy(() -> evaluator.evaluate(7, 1)).hasMessageContaining("was asked for 7 of at most 22");
        }
        Batch fits = task.batch(Session.BATCH, RandomStream.of(1, "x"));
        Evaluator.checkBatch(fits, task, Session.BATCH);
        assertThatThrownBy(() -> Evaluator.checkBatch(fits, task, Session.BATCH - 1))
                .hasMessageContaining("asked for 9");
        assertThatThrownBy(() -> Evaluator.checkBatch(fits, task, Session.BATCH + 1))
                .hasMessageContaining("has made a batch of 10 sequences of 22 steps, and was asked for 11");
    }

    /** What is no number must not be taken for a model that is bad, or good. */
    @Test
    void saysWhatCannotBeMeasured() {
        Scripted spoilt = Scripted.spoilt(
                new AddingTask(10), 7, (batch, random) -> ((Inputs.Vectors) batch.inputs()).values()[25] = Float.NaN);
        try (Session session = Session.start(spoilt, HIDDEN, Session.config(1, 1, 1, 0, 9), 1)) {
            Evaluator evaluator = new Evaluator(session.model, spoilt, session.team, 5);
            assertThatThrownBy(() -> evaluator.evaluate(7, 1))
                    .isInstanceOf(UnmeasurableException.class)
                    .hasMessage("Nothing can be measured on the validation sequences of the task adding: of a batch of"
                            + " them, input 1 of step 2 of sequence 1 is NaN");
            assertThat(evaluator.evaluate(6, 1).loss()).isFinite();
        }
    }

    /** Sequences of which none is scored say nothing against those that are. */
    @Test
    void measuresWhereSomeIsScored() {
        Scripted first = Scripted.spoilt(
                new CopyTask(2),
                256,
                (batch, random) -> Arrays.fill(((Targets.Classes) batch.targets()).values(), Targets.NONE));
        try (Session session = Session.start(first, HIDDEN, Session.config(1, 1, 1, 0, 9), 1)) {
            LossSums sums = new Evaluator(session.model, first, session.team, 5).evaluate(300, 1);
            assertThat(sums.scored()).isEqualTo(44 * 22);
            assertThat(sums.loss()).isFinite();
            assertThatThrownBy(() -> new Evaluator(session.model, first, session.team, 5).evaluate(256, 1))
                    .isInstanceOf(UnmeasurableException.class)
                    .hasMessage(
                            "Nothing can be measured on the validation sequences of the task copy: none of their steps is scored");
        }
    }

    @Test
    void refusesATaskThatReportsOnNoStep() {
        Scripted shorter = Scripted.spoilt(new CopyTask(2), Session.BATCH, (batch, random) -> {});
        shorter.saidSteps = shorter.reportFrom();
        assertThatThrownBy(() -> Session.start(shorter, HIDDEN, Session.config(1, 1, 1, 0, 9), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The task copy reports on steps from 12, from 0, and has 12");
    }

    /** Also before the first evaluation: what is kept then is no empty model. */
    @Test
    void theAverageIsThereFromTheStart() {
        try (Session session = Session.start(new CopyTask(2), HIDDEN, Session.config(9, 9, 1, 0.99, 9), 1)) {
            assertThat(session.trainer.evaluated().parameters()).isEqualTo(session.model.parameters());
            session.run(() -> session.state.update() == 2);
            assertThat(session.trainer.evaluated().parameters())
                    .isEqualTo(session.state.average)
                    .isNotEqualTo(session.model.parameters());
        }
    }

    /** Nothing is lost of a run that is stopped while it is evaluated: going on begins with the evaluation. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anEvaluationMayBeLeftUndone(int threads) {
        TrainConfig config = Session.config(6, 3, 1, 0.9, 9);
        try (Session whole = Session.start(new CopyTask(2), HIDDEN, config, 1);
                Session left = Session.start(new CopyTask(2), HIDDEN, config, threads)) {
            whole.run();
            for (int update : new int[] {3, 6}) {
                int[] shards = {threads == 1 ? 2 : 0}; // how often the calling thread is asked depends on the others
                Pace pace = (at, evaluating, share) -> !evaluating || at != update || shards[0]-- > 0;
                assertThat(left.trainer.run(left.events::add, pace, () -> false, () -> false))
                        .isEqualTo(TrainEvent.Reason.STOPPED);
                assertThat(left.events.removeLast())
                        .isEqualTo(new TrainEvent.Finished(update, TrainEvent.Reason.STOPPED));
                assertThat(left.events.getLast()).isInstanceOf(TrainEvent.Updated.class);
            }
            assertThat(left.run()).isEqualTo(TrainEvent.Reason.UPDATES);
            assertThat(left.timeless()).isEqualTo(whole.timeless());
            assertThat(left.model.parameters()).isEqualTo(whole.model.parameters());
        }
    }

    /** As with a budget of time: what was trained since the last evaluation is evaluated, once. */
    @Test
    void whoseBudgetIsSpentIsEvaluated() {
        try (Session session = Session.start(new CopyTask(2), HIDDEN, Session.config(100, 3, 1, 0.9, 9), 1)) {
            for (int time = 0; time < 2; time++) {
                assertThat(session.trainer.run(
                                session.events::add, Pace.NONE, () -> false, () -> session.state.update() >= 4))
                        .isEqualTo(TrainEvent.Reason.STOPPED);
            }
            assertThat(session.state.update()).isEqualTo(4);
            assertThat(session.events.stream()
                            .filter(TrainEvent.Evaluated.class::isInstance)
                            .map(TrainEvent::update))
                    .containsExactly(3L, 4L);
        }
    }

    /** An evaluation where a budget ends costs no patience: with more of it, training ends where it would have. */
    @Test
    void aSpentBudgetCostsNoPatience() {
        Task task = Scripted.judged(new CopyTask(2), sums -> 0, sums -> false);
        TrainConfig config = Session.config(100, 3, 1, 0, 9).withPatience(2);
        try (Session session = Session.start(task, HIDDEN, config, 1)) {
            assertThat(session.trainer.run(
                            session.events::add, Pace.NONE, () -> false, () -> session.state.update() >= 4))
                    .isEqualTo(TrainEvent.Reason.STOPPED);
            assertThat(session.state.sinceBest()).isZero();
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.PATIENCE);
            assertThat(session.state.update()).isEqualTo(9);
        }
    }

    /** Solved at that evaluation, it is solved, and not out of time. */
    @Test
    void whoseBudgetIsSpentMayBeSolved() {
        Task task = Scripted.judged(new CopyTask(2), sums -> -1, sums -> true);
        try (Session session = Session.start(task, HIDDEN, Session.config(100, 9, 1, 0, 9), 1)) {
            assertThat(session.trainer.run(
                            session.events::add, Pace.NONE, () -> false, () -> session.state.update() >= 4))
                    .isEqualTo(TrainEvent.Reason.SOLVED);
        }
    }

    /** The sequences come from the seed, not from how far training has come. */
    @Test
    void anotherSeedIsAnotherSet() {
        Scripted task = Scripted.spoilt(new CopyTask(2), Session.BATCH, (batch, random) -> {});
        try (Session session = Session.start(task, HIDDEN, Session.config(1, 1, 1, 0, 9), 1)) {
            Evaluator evaluator = new Evaluator(session.model, task, session.team, 5);
            evaluator.evaluate(40, 1);
            evaluator.evaluate(30, 1);
            evaluator.evaluate(40, 2);
            List<List<Integer>> forty = sequences(task.evaluated.get(0));
            assertThat(sequences(task.evaluated.get(1))).isEqualTo(forty.subList(0, 30));
            assertThat(sequences(task.evaluated.get(2))).doesNotContainAnyElementsOf(forty);
        }
    }

    /** In pieces of steps, shards and groups, an evaluation measures what one pass over everything measures. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void measuresTheModel(boolean copy) {
        // Copy: 65 steps, which are three pieces of a trace.
        Task inner = copy ? new CopyTask(45) : new AddingTask(40);
        Scripted task = Scripted.spoilt(inner, Session.BATCH, (batch, random) -> {});
        try (Session session = Session.start(task, HIDDEN, Session.config(1, 1, 1, 0, 9), 2)) {
            var sums = new Evaluator(session.model, task, session.team, 4).evaluate(30, 5);
            Pass pass = Pass.forward(session.model, task.evaluated.getFirst(), 1);
            assertThat(sums.scored()).isEqualTo(pass.sums().scored());
            assertThat(sums.loss()).isCloseTo(pass.sums().loss(), within(1e-9));
            assertThat(sums.scored()).isEqualTo(copy ? 30 * 65 : 30);
            // Only the last ten steps are reported on.
            if (copy) {
                assertThat(sums.reportedLoss()).isNotCloseTo(sums.loss(), within(1e-6));
            }
        }
    }

    @Test
    void keepsTheBest() {
        Iterator<Double> merits =
                List.of(-5.0, -3.0, -4.0, Double.NaN, -3.0, -2.0).iterator();
        Task task = Scripted.judged(new CopyTask(2), sums -> merits.next(), sums -> false);
        try (Session session = Session.start(task, HIDDEN, Session.config(11, 2, 1, 0, 9), 1)) {
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.UPDATES);
            List<TrainEvent.Evaluated> evaluations = session.events(TrainEvent.Evaluated.class);
            // Every second update, and the last.
            assertThat(evaluations.stream().map(TrainEvent.Evaluated::update))
                    .containsExactly(2L, 4L, 6L, 8L, 10L, 11L);
            assertThat(evaluations.stream().map(TrainEvent.Evaluated::best))
                    .containsExactly(true, true, false, false, false, true);
            assertThat(session.state.bestUpdate()).isEqualTo(11);
            assertThat(session.state.bestMerit()).isEqualTo(-2);
        }
    }

    @Test
    void goesOnBeyondSolved() {
        Task task = Scripted.judged(new CopyTask(2), sums -> -1, sums -> true);
        TrainConfig config = Session.config(6, 3, 1, 0, 9).beyondSolved();
        try (Session session = Session.start(task, HIDDEN, config, 1)) {
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.UPDATES);
            assertThat(session.state.solved()).isTrue();
        }
    }

    @Test
    void stopsWhenSolved() {
        Iterator<Boolean> solved = List.of(false, true).iterator();
        Task task = Scripted.judged(new CopyTask(2), sums -> -1, sums -> solved.next());
        try (Session session = Session.start(task, HIDDEN, Session.config(100, 3, 1, 0, 9), 1)) {
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.SOLVED);
            assertThat(session.events.getLast()).isEqualTo(new TrainEvent.Finished(6, TrainEvent.Reason.SOLVED));
            assertThat(session.state.solved()).isTrue();
            assertThat(session.events.stream().map(e -> e.getClass().getSimpleName()))
                    .containsExactly(
                            "Updated",
                            "Updated",
                            "Updated",
                            "Evaluated",
                            "Updated",
                            "Updated",
                            "Updated",
                            "Evaluated",
                            "Finished");
        }
    }

    /** The gradient that an update uses: that of the batch's mean loss, whatever the shards. */
    @ParameterizedTest(name = "H {0}")
    @ValueSource(ints = {HIDDEN, 64}) // 64: the parameters fall into several pieces, each with a first and a last
    void updatesByTheBatchsGradient(int hidden) {
        Scripted task = Scripted.spoilt(new CopyTask(2), Session.BATCH, (batch, random) -> {});
        try (Session session = Session.start(task, hidden, Session.config(1, 1, 0, 0, 9), 2)) {
            SequenceModel before = Session.model(task, hidden);
            System.arraycopy(session.model.parameters(), 0, before.parameters(), 0, before.parameters().length);
            before.prepare();
            TrainEvent.Updated event = (TrainEvent.Updated) session.trainer.update();
            Pass pass = Pass.of(before, task.trained.getFirst());
            assertThat(event.loss()).isCloseTo(pass.sums().loss(), within(1e-9));
            double squares = 0;
            for (int i = 0; i < pass.gradients().length; i++) {
                squares += (double) pass.gradients()[i] * pass.gradients()[i];
                // Adam's first moment is a tenth of the first gradient.
                assertThat((double) session.state.firstMoment[i])
                        .isCloseTo(0.1 * pass.gradients()[i], within(1e-7 + 1e-5 * Math.abs(pass.gradients()[i])));
            }
            assertThat(event.gradientNorm()).isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares)));
            assertThat(event.learningRate()).isEqualTo(0.01);
            assertThat(event.replayed().rows()).isEqualTo(event.replayed().allRows()); // copy is scored at every step
            assertThat(event.measures()).containsOnlyKeys("accuracy", "ceLast");
        }
    }

    /** Where classes have weights, shards of other classes have other weights: the loss is the batch's, and so is the evaluation's. */
    @Test
    void weighsClassesOverTheBatch() {
        Scripted task = Scripted.spoilt(new CopyTask(2), Session.BATCH, (batch, random) -> {});
        task.weights = new float[] {0.1f, 1, 2, 3, 4, 5, 6, 7, 8};
        try (Session session = Session.start(task, HIDDEN, Session.config(1, 1, 0, 0, 9), 2)) {
            SequenceModel before = Session.model(task, HIDDEN);
            System.arraycopy(session.model.parameters(), 0, before.parameters(), 0, before.parameters().length);
            before.prepare();
            var measured = new Evaluator(before, task, session.team, 4).evaluate(30, 5);
            assertThat(measured.loss())
                    .isCloseTo(
                            Pass.forward(before, task.evaluated.getFirst(), 1)
                                    .sums()
                                    .loss(),
                            within(1e-9));
            TrainEvent.Updated event = (TrainEvent.Updated) session.trainer.update();
            Batch batch = task.trained.getFirst();
            Pass pass = Pass.of(before, batch, batch.weight());
            assertThat(event.loss()).isCloseTo(pass.sums().loss(), within(1e-9));
            for (int i = 0; i < pass.gradients().length; i++) {
                assertThat((double) session.state.firstMoment[i])
                        .isCloseTo(0.1 * pass.gradients()[i], within(1e-7 + 1e-5 * Math.abs(pass.gradients()[i])));
            }
        }
    }

    @ParameterizedTest(name = "clip {0}")
    @ValueSource(doubles = {0, 1e-3, 1e9})
    void clipsByTheGlobalNorm(double clipNorm) {
        try (Session session = Session.start(new CopyTask(2), HIDDEN, Session.config(1, 1, clipNorm, 0, 9), 1)) {
            TrainEvent.Updated event = (TrainEvent.Updated) session.trainer.update();
            double squares = 0;
            for (float m : session.state.firstMoment) {
                squares += (double) m * m;
            }
            double used = 10 * Math.sqrt(squares);
            double expected = clipNorm == 1e-3 ? 1e-3 : event.gradientNorm();
            assertThat(event.gradientNorm()).isGreaterThan(0.01);
            assertThat(used).isCloseTo(expected, within(1e-5 * expected));
        }
    }

    /** The moments are those of a gradient of norm 1, and the event tells the norm that it had. */
    @Test
    void normalizes() {
        TrainConfig plain = Session.config(3, 3, 1, 0, 9);
        TrainConfig config = TrainConfig.of(3)
                .withBatch(plain.batch())
                .withShardRows(plain.shardRows())
                .with(EarlyRate.NONE)
                .normalizing();
        try (Session session = Session.start(new CopyTask(2), HIDDEN, config, 1)) {
            TrainEvent.Updated event = (TrainEvent.Updated) session.trainer.update();
            double squares = 0;
            for (float m : session.state.firstMoment) {
                squares += (double) m * m;
            }
            assertThat(10 * Math.sqrt(squares)).isCloseTo(1, within(1e-5));
            assertThat(event.gradientNorm()).isBetween(0.01, 0.9);
        }
    }

    /** Where a model says exactly what it should there is nothing to learn, and no direction to be made of it. */
    @Test
    void normalizesAGradientOfZero() {
        Scripted task = Scripted.spoilt(
                new AddingTask(6),
                Session.BATCH,
                (batch, random) -> Arrays.fill(((Targets.Values) batch.targets()).values(), 0.5f));
        TrainConfig config = Session.config(2, 9, 0, 0, 9).normalizing();
        try (Session session = Session.start(task, HIDDEN, config, 1)) {
            float[] parameters = session.model.parameters();
            Arrays.fill(parameters, 0);
            parameters[session.model.layout().view("output.bias").offset()] = 0.5f;
            session.model.prepare();
            float[] before = parameters.clone();
            for (int update = 1; update <= 2; update++) {
                assertThat(((TrainEvent.Updated) session.trainer.update()).gradientNorm())
                        .isZero();
            }
            assertThat(parameters).isEqualTo(before);
        }
    }

    /** Adam's first step is the rate, whatever the gradient; so an early rate shows in it. */
    @Test
    void usesTheEarlyRate() {
        TrainConfig plain = Session.config(3, 3, 1, 0, 9);
        TrainConfig early = plain.with(new EarlyRate(2, 1, 3));
        try (Session slow = Session.start(new CopyTask(2), HIDDEN, plain, 1);
                Session fast = Session.start(new CopyTask(2), HIDDEN, early, 1)) {
            float[] before = slow.model.parameters().clone();
            slow.trainer.update();
            assertThat(((TrainEvent.Updated) fast.trainer.update()).learningRate())
                    .isEqualTo(0.02);
            for (int i = 0; i < before.length; i++) {
                assertThat((double) fast.model.parameters()[i] - before[i])
                        .isCloseTo(2.0 * (slow.model.parameters()[i] - before[i]), within(1e-6));
            }
            assertThat(((TrainEvent.Updated) fast.trainer.update()).learningRate())
                    .isCloseTo(0.015, within(1e-12));
            assertThat(((TrainEvent.Updated) fast.trainer.update()).learningRate())
                    .isEqualTo(0.01);
        }
    }

    /** The average follows by the documented decay, and is what is measured. */
    @Test
    void averagesParameters() {
        Task task = new CopyTask(2);
        try (Session session = Session.start(task, HIDDEN, Session.config(6, 6, 1, 0.4, 9), 2)) {
            double[] average = new double[session.model.parameters().length];
            Arrays.setAll(average, i -> session.model.parameters()[i]);
            session.trainer.run(
                    event -> {
                        session.events.add(event);
                        if (event instanceof TrainEvent.Updated e) {
                            double decay = Math.min(0.4, (1.0 + e.update()) / (10.0 + e.update()));
                            Arrays.setAll(
                                    average,
                                    i -> decay * average[i]
                                            + (1 - decay) * session.model.parameters()[i]);
                        }
                    },
                    () -> false);
            for (int i = 0; i < average.length; i++) {
                assertThat((double) session.state.average[i]).isCloseTo(average[i], within(1e-6));
            }
            SequenceModel evaluated = session.trainer.evaluated();
            assertThat(evaluated).isNotSameAs(session.model);
            assertThat(evaluated.parameters())
                    .isEqualTo(session.state.average)
                    .isNotEqualTo(session.model.parameters());
            TrainEvent.Evaluated event =
                    session.events(TrainEvent.Evaluated.class).getFirst();
            Evaluator evaluator = new Evaluator(evaluated, task, session.team, Session.SHARD);
            assertThat(event.loss()).isEqualTo(evaluator.evaluate(23, 7).loss());
        }
    }

    @Test
    void withoutAverageTheModelItselfIsMeasured() {
        try (Session session = Session.start(new CopyTask(2), HIDDEN, Session.config(1, 1, 1, 0, 9), 1)) {
            assertThat(session.trainer.evaluated()).isSameAs(session.model);
        }
    }

    /** It does learn: adding, of two numbers in four steps. */
    @Test
    void learns() {
        TrainConfig config = new TrainConfig(20, 300, 300, 200, new Adam(0.02, 0.9, 0.999, 1e-8), 1, 0, 10, 9);
        try (Session session = Session.start(new AddingTask(4), HIDDEN, config, 2)) {
            session.run();
            // To say 1 always costs 1/6.
            assertThat(session.events(TrainEvent.Evaluated.class).getLast().loss())
                    .isLessThan(0.03);
        }
    }
}
