package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.model.SequenceModel;
import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;

/** What can't be trained on is noticed at that update, said, and left out. */
class SkippedUpdatesTest {

    private static final int HIDDEN = 6;

    /** The adding task, in which the updates that {@code bad} names, from 1, have a number put in. */
    private static Scripted task(IntPredicate bad, float input, float targetFactor) {
        AtomicInteger update = new AtomicInteger();
        return Scripted.spoilt(new AddingTask(6), Session.BATCH, (batch, random) -> {
            if (!bad.test(update.incrementAndGet())) {
                return;
            }
            if (input != 0) {
                inputs(batch)[4 * 6 * 2 + 3] = input; // row 4: not the first shard
            }
            float[] targets = ((Targets.Values) batch.targets()).values();
            for (int i = 0; i < targets.length; i++) {
                targets[i] *= targetFactor;
            }
        });
    }

    private static float[] inputs(Batch batch) {
        return ((Inputs.Vectors) batch.inputs()).values();
    }

    private static Session session(Scripted task, int mostSkipped) {
        return Session.start(task, HIDDEN, Session.config(12, 100, 1, 0.5, mostSkipped), 2);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, 0})
    void leavesEverythingAsItWas(float input) {
        // Either NaN among the inputs, or an output so far off that the loss is many times the first.
        float off = input == 0 ? 100 : 0;
        try (Session session = session(task(update -> update == 3, input, 1), 5)) {
            session.trainer.update();
            session.trainer.update();
            addToOutput(session.model, off);
            TrainState state = session.state;
            float[] parameters = session.model.parameters().clone();
            float[] first = state.firstMoment.clone();
            float[] second = state.secondMoment.clone();
            float[] average = state.average.clone();
            long stream = state.data.state();
            double milliseconds = state.milliseconds();
            TrainEvent event = session.trainer.update();
            assertThat(event).isInstanceOfSatisfying(TrainEvent.Skipped.class, skipped -> {
                assertThat(skipped.update()).isEqualTo(3);
                assertThat(skipped.inRow()).isEqualTo(1);
                assertThat(state.milliseconds()).isGreaterThan(milliseconds);
                if (input == 0) {
                    assertThat(skipped.loss()).isGreaterThan(10 * state.firstLoss);
                    assertThat(skipped.gradientNorm()).isFinite();
                    assertThat(skipped.reason()).contains("more than 10.0 times that of the first update");
                } else {
                    assertThat(skipped.loss()).isNaN();
                    assertThat(skipped.reason()).isEqualTo("the loss is NaN: input 1 of step 1 of sequence 4 is NaN");
                }
            });
            assertThat(session.model.parameters()).isEqualTo(parameters);
            assertThat(state.firstMoment).isEqualTo(first);
            assertThat(state.secondMoment).isEqualTo(second);
            assertThat(state.average).isEqualTo(average);
            assertThat(state.update()).isEqualTo(3);
            assertThat(state.applied).isEqualTo(2);
            assertThat(state.skipped()).isEqualTo(1);
            // The next batch is fresh, and the next update clean.
            addToOutput(session.model, -off);
            assertThat(state.data.state()).isNotEqualTo(stream);
            assertThat(session.trainer.update()).isInstanceOfSatisfying(TrainEvent.Updated.class, updated -> {
                assertThat(updated.loss()).isFinite();
                assertThat(updated.gradientNorm()).isFinite();
            });
            assertThat(session.model.parameters()).isNotEqualTo(parameters).doesNotContain(Float.NaN);
        }
    }

    private static void addToOutput(SequenceModel model, float change) {
        model.parameters()[model.layout().view("output.bias").offset()] += change;
        model.prepare();
    }

    /** A batch whose numbers are large has a large loss, and is to be learnt from like others. */
    @Test
    void largeTargetsAreNoExplosion() {
        try (Session session = session(task(update -> update == 3, 0, 100), 5)) {
            session.run(() -> session.state.update() == 3);
            assertThat(session.state.skipped()).isZero();
            assertThat(session.events(TrainEvent.Updated.class).getLast().loss())
                    .isGreaterThan(10 * session.state.firstLoss);
        }
    }

    /** A skipped batch leaves no trace: what follows is as if it had been drawn and thrown away. */
    @Test
    void leavesNoTrace() {
        try (Session spoilt = session(task(update -> update == 3, Float.NaN, 1), 5);
                Session clean = session(task(update -> false, 0, 1), 5)) {
            for (int update = 1; update <= 2; update++) {
                spoilt.trainer.update();
                clean.trainer.update();
            }
            spoilt.trainer.update();
            clean.task.batch(Session.BATCH, clean.state.data);
            for (int update = 4; update <= 6; update++) {
                spoilt.trainer.update();
                clean.trainer.update();
            }
            assertThat(spoilt.state.applied).isEqualTo(clean.state.applied);
            assertThat(spoilt.model.parameters()).isEqualTo(clean.model.parameters());
            assertThat(spoilt.state.secondMoment).isEqualTo(clean.state.secondMoment);
        }
    }

    @Test
    void stopsAfterManyInARow() {
        try (Session session = session(task(update -> update == 2 || update >= 5, Float.NaN, 1), 3)) {
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.DIVERGED);
            assertThat(session.events.stream().map(e -> e.getClass().getSimpleName()))
                    .containsExactly(
                            "Updated", "Skipped", "Updated", "Updated", "Skipped", "Skipped", "Skipped", "Finished");
            assertThat(session.events(TrainEvent.Skipped.class).stream().map(TrainEvent.Skipped::inRow))
                    .containsExactly(1L, 1L, 2L, 3L);
            assertThat(session.events.getLast()).isEqualTo(new TrainEvent.Finished(7, TrainEvent.Reason.DIVERGED));
            assertThat(session.state.skipped()).isEqualTo(4);
            assertThat(session.state.applied).isEqualTo(3);
        }
    }

    @Test
    void goesOnAfterFewInARow() {
        try (Session session = session(task(update -> update % 3 != 0, Float.POSITIVE_INFINITY, 1), 3)) {
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.UPDATES);
            assertThat(session.state.update()).isEqualTo(12);
            assertThat(session.state.skipped()).isPositive();
            assertThat(session.events(TrainEvent.Skipped.class))
                    .allSatisfy(skipped ->
                            assertThat(skipped.reason()).endsWith("input 1 of step 1 of sequence 4 is Infinity"));
        }
    }

    /** A first loss that can't be used is not what later ones are measured by. */
    @ParameterizedTest
    @ValueSource(floats = {1, 1.7e38f})
    void aBadFirstUpdate(float targetFactor) {
        // 1.7e38: the loss fits double precision, its gradient no longer single precision.
        float input = targetFactor == 1 ? Float.NaN : 0;
        try (Session session = session(task(update -> update == 1 || update == 3, input, targetFactor), 3)) {
            assertThat(session.trainer.update()).isInstanceOf(TrainEvent.Skipped.class);
            TrainEvent.Updated second = (TrainEvent.Updated) session.trainer.update();
            assertThat(session.state.firstLoss).isEqualTo(second.loss());
            assertThat(session.trainer.update()).isInstanceOf(TrainEvent.Skipped.class);
            assertThat(session.model.parameters()).doesNotContain(Float.NaN);
        }
    }

    /** A loss that is finite with a gradient that isn't. */
    @Test
    void anInfiniteGradient() {
        try (Session session = session(task(update -> true, 0, 1.7e38f), 3)) {
            assertThat(session.trainer.update()).isInstanceOfSatisfying(TrainEvent.Skipped.class, skipped -> {
                assertThat(skipped.loss()).isFinite();
                assertThat(skipped.reason()).startsWith("the gradient's norm is ");
            });
        }
    }

    /** A gradient that fits single precision with a square that doesn't: one such update would freeze its parameters. */
    @Test
    void aGradientTooLargeForTheSecondMoment() {
        Scripted task = task(update -> update == 1, 0, 1e22f);
        try (Session session = Session.start(task, HIDDEN, Session.config(12, 100, 0, 0.5, 3), 2)) {
            assertThat(session.trainer.update()).isInstanceOfSatisfying(TrainEvent.Skipped.class, skipped -> {
                assertThat(skipped.gradientNorm()).isFinite();
                assertThat(skipped.reason()).endsWith("whose square passes single precision");
            });
            assertThat(session.trainer.update()).isInstanceOf(TrainEvent.Updated.class);
        }
    }

    /** Where a first loss is next to nothing, a guess is what later ones are measured by. */
    @Test
    void aFirstLossOfNothing() {
        Scripted task = Scripted.spoilt(new CopyTask(2), Session.BATCH, (batch, random) -> {});
        try (Session session = Session.start(task, HIDDEN, Session.config(12, 100, 1, 0.5, 3), 2)) {
            session.state.firstLoss = 1e-3; // of a model that knew the task; ln 9 is far more than ten times that
            assertThat(session.trainer.update()).isInstanceOf(TrainEvent.Updated.class);
            float[] parameters = session.model.parameters();
            parameters[parameters.length - 1] = 1e3f; // the last class's bias: all others are out of the question
            session.model.prepare();
            assertThat(session.trainer.update())
                    .isInstanceOfSatisfying(
                            TrainEvent.Skipped.class,
                            skipped -> assertThat(skipped.reason()).endsWith("more than 10.0 times that of a guess"));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesToClipToNoNumber(double clipNorm) {
        assertThatThrownBy(() -> Session.config(12, 100, clipNorm, 0.5, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clipNorm must be a number from 0 on");
    }
}
