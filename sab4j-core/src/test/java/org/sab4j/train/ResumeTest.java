package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.batch.Inputs;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;

/** A run that is stopped anywhere and goes on from a file gives the bits of one that never stopped. */
class ResumeTest {

    private static final int HIDDEN = 9;

    /** Adding, in which more than half of the training batches have NaN in them: which ones, the stream of data says. */
    private static Task flaky() {
        return Scripted.spoilt(new AddingTask(7), Session.BATCH, (batch, random) -> {
            if (random.nextInt(5) < 3) {
                ((Inputs.Vectors) batch.inputs()).values()[2] = Float.NaN;
            }
        });
    }

    private static Path save(Session session, Path folder, String name) {
        try {
            Path file = folder.resolve(name + ".safetensors");
            Safetensors.write(file, ModelTensors.metadata(session.model.config()), session.state.tensors());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Session resume(Path file, Task task, TrainConfig config, int threads) throws FormatException {
        SequenceModel model = Session.model(task, HIDDEN);
        TrainState state = TrainState.resume(model, Safetensors.read(file));
        return new Session(task, config, state, model, threads);
    }

    private static void sameState(Session expected, Session found) {
        assertThat(found.model.parameters()).isEqualTo(expected.model.parameters());
        TrainState a = expected.state;
        TrainState b = found.state;
        assertThat(b.firstMoment).isEqualTo(a.firstMoment);
        assertThat(b.secondMoment).isEqualTo(a.secondMoment);
        assertThat(b.average).isEqualTo(a.average);
        assertThat(b.update()).isEqualTo(a.update());
        assertThat(b.applied).isEqualTo(a.applied);
        assertThat(b.skipped()).isEqualTo(a.skipped());
        assertThat(b.skippedInRow).isEqualTo(a.skippedInRow);
        assertThat(b.bestUpdate()).isEqualTo(a.bestUpdate());
        assertThat(b.bestMerit()).isEqualTo(a.bestMerit());
        assertThat(b.firstLoss).isEqualTo(a.firstLoss);
        assertThat(b.seed).isEqualTo(a.seed);
        assertThat(b.data.state()).isEqualTo(a.data.state());
        assertThat(b.solved()).isEqualTo(a.solved());
    }

    @ParameterizedTest(name = "{0}, average {1}")
    @CsvSource({"copy, 0", "copy, 0.8", "flaky, 0", "flaky, 0.8"})
    void givesTheSameBits(String name, double averageDecay, @TempDir Path folder) throws FormatException {
        Task task = name.equals("copy") ? new CopyTask(3) : flaky();
        TrainConfig config = Session.config(11, 3, 0.5, averageDecay, 9);
        List<Path> files = new ArrayList<>();
        IntFunction<String> named = number -> name + number;
        try (Session whole = Session.start(task, HIDDEN, config, 2)) {
            files.add(save(whole, folder, named.apply(0)));
            // A file at every event: after an update, before its evaluation, after that.
            whole.trainer.run(
                    event -> {
                        whole.events.add(event);
                        files.add(save(whole, folder, named.apply(files.size())));
                    },
                    () -> false);
            assertThat(whole.events.size()).isEqualTo(files.size() - 1).isEqualTo(11 + 4 + 1);
            if (name.equals("flaky")) {
                // A file between two skipped updates has to know of the first.
                assertThat(whole.events(TrainEvent.Skipped.class)).anyMatch(skipped -> skipped.inRow() > 1);
                assertThat(whole.state.applied).isGreaterThan(2);
            }
            for (int from = 0; from < files.size(); from++) {
                try (Session rest = resume(files.get(from), task, config, 1 + from % 2)) {
                    assertThat(rest.state.milliseconds()).isLessThanOrEqualTo(whole.state.milliseconds());
                    assertThat(rest.run()).isEqualTo(TrainEvent.Reason.UPDATES);
                    List<TrainEvent> expected = whole.timeless();
                    assertThat(rest.timeless())
                            .as("from event %d on", from)
                            .isEqualTo(expected.subList(Math.min(from, expected.size() - 1), expected.size()));
                    sameState(whole, rest);
                    assertThat(rest.trainer.evaluated().parameters())
                            .isEqualTo(whole.trainer.evaluated().parameters());
                }
            }
        }
    }

    /** Stopped when asked, before the next update, and gone on with in the same process. */
    @Test
    void stopsWhenAsked() {
        TrainConfig config = Session.config(6, 2, 1, 0, 9);
        try (Session whole = Session.start(new CopyTask(3), HIDDEN, config, 1);
                Session parts = Session.start(new CopyTask(3), HIDDEN, config, 1)) {
            whole.run();
            assertThat(parts.run(() -> true)).isEqualTo(TrainEvent.Reason.STOPPED);
            assertThat(parts.events).containsExactly(new TrainEvent.Finished(0, TrainEvent.Reason.STOPPED));
            assertThat(parts.run(() -> parts.state.update() == 4)).isEqualTo(TrainEvent.Reason.STOPPED);
            assertThat(parts.state.update()).isEqualTo(4);
            assertThat(parts.run()).isEqualTo(TrainEvent.Reason.UPDATES);
            sameState(whole, parts);
        }
    }

    /** What is done stays done. */
    @Test
    void aSolvedRunStaysSolved(@TempDir Path folder) throws FormatException {
        Task task = Scripted.judged(new CopyTask(3), sums -> 1, sums -> true);
        TrainConfig config = Session.config(9, 2, 1, 0, 9);
        try (Session session = Session.start(task, HIDDEN, config, 1)) {
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.SOLVED);
            assertThat(session.state.update()).isEqualTo(2);
            try (Session again = resume(save(session, folder, "solved"), task, config, 1)) {
                assertThat(again.run()).isEqualTo(TrainEvent.Reason.SOLVED);
                assertThat(again.events).containsExactly(new TrainEvent.Finished(2, TrainEvent.Reason.SOLVED));
                sameState(session, again);
            }
        }
    }

    @Test
    void copiesWhatItHandsOut() {
        try (Session session = Session.start(new CopyTask(3), HIDDEN, Session.config(2, 2, 1, 0.5, 9), 1)) {
            List<float[]> handedOut = session.state.tensors().values().stream()
                    .filter(TensorData.Floats.class::isInstance)
                    .map(tensor -> ((TensorData.Floats) tensor).values())
                    .toList();
            List<float[]> copies = handedOut.stream().map(float[]::clone).toList();
            session.run();
            for (int i = 0; i < copies.size(); i++) {
                assertThat(handedOut.get(i)).isEqualTo(copies.get(i));
            }
        }
    }

    @Test
    void refusesAnotherModelsFile(@TempDir Path folder) throws FormatException {
        Task task = new CopyTask(3);
        try (Session session = Session.start(task, HIDDEN, Session.config(2, 2, 1, 0, 9), 1)) {
            Safetensors file = Safetensors.read(save(session, folder, "other"));
            assertThatThrownBy(() -> TrainState.resume(Session.model(task, HIDDEN + 1), file))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("cell.weight_ih");
        }
    }

    /** One that has passed single precision, as it may in a run that is well. */
    @Test
    void goesOnFromAnInfiniteSecondMoment() throws FormatException {
        Task task = new CopyTask(3);
        try (Session session = Session.start(task, HIDDEN, Session.config(2, 2, 1, 0, 9), 1)) {
            session.state.secondMoment[3] = Float.POSITIVE_INFINITY;
            Safetensors file = Safetensors.ofMemory(session.state.tensors());
            assertThat(TrainState.resume(Session.model(task, HIDDEN), file).secondMoment)
                    .isEqualTo(session.state.secondMoment);
        }
    }

    /** Nothing of a file is taken over that lacks something. */
    @Test
    void leavesTheModelWhereAFileLacksSomething() {
        Task task = new CopyTask(3);
        try (Session session = Session.start(task, HIDDEN, Session.config(2, 2, 1, 0.5, 9), 1)) {
            session.run();
            SequenceModel model = Session.model(task, HIDDEN);
            float[] before = model.parameters().clone();
            for (String name : List.of("average.output.bias", "adam.second_moment.output.bias", "output.bias")) {
                var tensors = session.state.tensors();
                tensors.remove(name);
                assertThatThrownBy(() -> TrainState.resume(model, Safetensors.ofMemory(tensors)))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining(name);
            }
            for (String name :
                    List.of("average.output.bias", "adam.first_moment.output.bias", "adam.second_moment.output.bias")) {
                var tensors = session.state.tensors();
                float[] bias = new float[model.config().outputs()];
                bias[0] = Float.NaN;
                tensors.put(name, TensorData.of(bias, bias.length));
                assertThatThrownBy(() -> TrainState.resume(model, Safetensors.ofMemory(tensors)))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining("holds NaN in the tensor \"" + name + "\"");
            }
            var tensors = session.state.tensors();
            float[] negative = new float[model.config().outputs()];
            negative[0] = -1;
            tensors.put("adam.second_moment.output.bias", TensorData.of(negative, negative.length));
            assertThatThrownBy(() -> TrainState.resume(model, Safetensors.ofMemory(tensors)))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("holds -1.0 in the tensor \"adam.second_moment.output.bias\"");
            var counters = session.state.tensors();
            ((TensorData.Longs) Objects.requireNonNull(counters.get("train.counters"))).values()[1] = -1;
            assertThatThrownBy(() -> TrainState.resume(model, Safetensors.ofMemory(counters)))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("counts -1 of \"applied\"");
            assertThat(model.parameters()).isEqualTo(before).isNotEqualTo(session.model.parameters());
        }
    }
}
