package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.explain.Reminders;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.memory.Keep;
import org.sab4j.memory.WritePolicy;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** A sequence that is gone through step by step gives what the batch's forward pass gives. */
class OnlineTest {

    /** So many steps that keeping all has to make room more than once. */
    private static final int STEPS = 300;

    static Stream<ModelConfig> models() {
        return Stream.of(
                Samples.sab(3, 2, 5),
                Samples.config(Attention.SPARSE, ScoreKind.MLP, Sparsifier.RELU, 2, 1, 4),
                Samples.config(Attention.SPARSE, ScoreKind.SALIENCE, Sparsifier.NULL_SOFTMAX, 3, 2, 5),
                Samples.config(Attention.DENSE, ScoreKind.MLP, Sparsifier.SOFTMAX, 0, 1, 0),
                Samples.sized(Samples.sab(3, 3, 5), 33, 17),
                Samples.sab(3, 1_000_000_000, 5), // no state is ever kept
                Samples.sab(3, 1, 5).searching(8), // many more memories than it looks at
                Samples.lstm(4));
    }

    private static OnlineState step(SequenceModel model, Batch batch, int step, OnlineState state) {
        return switch (batch.inputs()) {
            case Inputs.Symbols in -> model.step(in.values()[step], state);
            case Inputs.Vectors in ->
                model.step(Arrays.copyOfRange(in.values(), step * in.size(), (step + 1) * in.size()), state);
        };
    }

    private static void same(float[] expected, int at, float[] found, String what) {
        for (int o = 0; o < found.length; o++) {
            assertThat(found[o]).as(what).isCloseTo(expected[at + o], within(2e-5f * (1 + Math.abs(expected[at + o]))));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void asTheBatch(ModelConfig config) {
        for (Kernels kernels : new Kernels[] {new ScalarKernels(), KernelProviders.kernels()}) {
            SequenceModel model = Samples.model(config, kernels, 4);
            for (boolean vectors : new boolean[] {false, true}) {
                Batch batch = Samples.batch(config, 1, STEPS, vectors, true, Scoring.EVERY, 5);
                float[] expected = Pass.forward(model, batch, 1).trace().window.y;
                OnlineState all = model.start();
                // A bounded memory is not searched.
                OnlineState enough = model.start(
                        config.beam() > 0 ? config.writePolicy() : new WritePolicy.Latest(config.kAtt(), STEPS));
                for (int step = 0; step < STEPS; step++) {
                    all = step(model, batch, step, all);
                    enough = step(model, batch, step, enough);
                    same(expected, step * config.outputs(), all.outputs(), "step " + step);
                    same(expected, step * config.outputs(), enough.outputs(), "step " + step);
                }
                assertThat(all.steps()).isEqualTo(STEPS);
                assertThat(all.memories()).isEqualTo(config.attends() ? STEPS / config.kAtt() : 0);
            }
        }
    }

    /** Bounded memories, by each policy: as the batch of a model that was made with that policy. */
    @ParameterizedTest
    @CsvSource({
        "ALL, 0",
        "LATEST, 4",
        "USED, 4",
        "SURPRISING, 4",
        "LATEST, 64",
        "LATEST, 100",
        "USED, 64",
        "USED, 100",
        "SURPRISING, 100"
    })
    void boundedAsTheBatch(Keep keep, int bound) {
        ModelConfig config = Samples.sab(3, 2, 5).keeping(keep, bound);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 4);
        SequenceModel unbounded = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(config, 1, STEPS, 5);
        float[] expected = Pass.forward(model, batch, 1).trace().window.y;
        OnlineState state = model.start();
        OnlineState given = unbounded.start(config.writePolicy());
        for (int step = 0; step < STEPS; step++) {
            state = step(model, batch, step, state);
            given = step(unbounded, batch, step, given);
            same(expected, step * config.outputs(), state.outputs(), "step " + step);
            same(expected, step * config.outputs(), given.outputs(), "step " + step);
        }
        assertThat(state.memories()).isEqualTo(keep == Keep.ALL ? STEPS / 2 : bound);
    }

    /** Of many short sequences each has room for what it keeps, not for all that it might. */
    @ParameterizedTest
    @EnumSource(
            value = Keep.class,
            names = {"LATEST", "USED", "SURPRISING"})
    void aBoundedMemoryGetsRoomAsItFills(Keep keep) {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 4);
        OnlineState state = model.start(keep.policy(2, 1_000_000_000));
        Batch batch = Samples.batch(model.config(), 1, STEPS, 5);
        for (int step = 0; step < STEPS; step++) {
            state = step(model, batch, step, state);
        }
        assertThat(state.memories()).isEqualTo(STEPS / 2);
        assertThat(Objects.requireNonNull(state.trace.memory).capacity).isLessThan(STEPS);
    }

    static Stream<ModelConfig> kept() {
        Stream<ModelConfig> bounded = Stream.of(Keep.values())
                .filter(keep -> keep != Keep.ALL)
                .map(keep -> Samples.sab(3, 2, 5).keeping(keep, 4));
        return Stream.concat(models(), bounded);
    }

    /** What a step was reminded of is what a walk over the batch says. */
    @ParameterizedTest
    @MethodSource("kept")
    void tellsWhatItWasRemindedOf(ModelConfig config) {
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(config, 1, STEPS, 5);
        Reminders expected = Reminders.of(model, batch);
        OnlineState state = model.start();
        assertThat(state.reminders()).isEmpty();
        for (int step = 0; step < STEPS; step++) {
            List<Reminder> found = step(model, batch, step, state).reminders();
            List<Reminder> walked = expected.at(0, step);
            assertThat(found)
                    .extracting(Reminder::step)
                    .isEqualTo(walked.stream().map(Reminder::step).toList());
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).weight()).isCloseTo(walked.get(i).weight(), within(1e-5f));
            }
        }
        assertThat(state.copy().reminders()).isEmpty();
    }

    @Test
    void refusesWhatIsNoNumberAndStaysWhereItIs() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        OnlineState state = model.step(new float[] {1, 2, 3}, model.start());
        OnlineState same = state.copy();
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> model.step(new float[] {0, bad, 0}, state))
                    .hasMessageContaining("Input 1 is " + bad);
        }
        float[] next = {3, 2, 1};
        assertThat(model.step(next, state).outputs())
                .isEqualTo(model.step(next, same).outputs());
    }

    /** A step whose ĥ is no number is not made: no later one would be of any use. */
    @Test
    void refusesWhatIsTooLargeAndStaysWhereItIs() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5).keeping(Keep.USED, 4), KernelProviders.kernels(), 1);
        int weight = Objects.requireNonNull(model.layout().views().get("cell.weight_ih"))
                .offset();
        model.parameters()[weight] = Float.NaN; // as inf − inf would be
        model.prepare();
        OnlineState state = model.start();
        assertThatThrownBy(() -> model.step(new float[] {1, 2, 3}, state))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("too large");
        assertThat(state.steps()).isZero();
        assertThat(state.memories()).isZero();
        assertThat(state.outputs()).containsOnly(0f);
    }

    /** A copy, and a state that went through a file, go on to the same bits; the state itself goes its own way. */
    @ParameterizedTest
    @MethodSource("kept")
    void goesOnFromACopyAndAFile(ModelConfig config, @TempDir Path folder) throws IOException {
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(config, 1, STEPS, 5);
        Batch other = Samples.batch(config, 1, STEPS, 6);
        OnlineState state = model.start();
        for (int step = 0; step < 150; step++) {
            step(model, batch, step, state);
        }
        float[] outputs = state.outputs();
        OnlineState copy = state.copy();
        Path file = folder.resolve("states.safetensors");
        Safetensors.write(
                file, new LinkedHashMap<>(), OnlineStates.tensors(model, List.of(model.start(), state, model.start())));
        List<OnlineState> read = OnlineStates.read(model, config.writePolicy(), Safetensors.read(file));
        assertThat(read).extracting(OnlineState::steps).containsExactly(0, 150, 0);
        for (OnlineState same : List.of(copy, read.get(1))) {
            assertThat(same.outputs()).isEqualTo(outputs);
            assertThat(same.memories()).isEqualTo(state.memories());
        }
        OnlineState stray = state.copy();
        for (int step = 150; step < STEPS; step++) {
            float[] expected = step(model, batch, step, state).outputs();
            step(model, other, step, stray);
            assertThat(step(model, batch, step, copy).outputs()).isEqualTo(expected);
            assertThat(step(model, batch, step, read.get(1)).outputs()).isEqualTo(expected);
        }
        assertThat(stray.outputs()).isNotEqualTo(state.outputs());
    }

    /** Read by another policy: what was worth something to the first must not stay for ever by the second. */
    @ParameterizedTest
    @EnumSource(
            value = Keep.class,
            names = {"USED", "SURPRISING"})
    void goesOnByAge(Keep keep) throws FormatException {
        ModelConfig config = Samples.sab(3, 1, 5).keeping(keep, 4);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 4);
        Batch batch = Samples.batch(config, 1, 80, 5);
        OnlineState state = model.start();
        for (int step = 0; step < 40; step++) {
            step(model, batch, step, state);
        }
        WritePolicy latest = new WritePolicy.Latest(1, 4);
        OnlineState byAge = OnlineStates.read(
                        model, latest, Safetensors.ofMemory(OnlineStates.tensors(model, List.of(state))))
                .getFirst();
        OnlineState always = model.start(latest);
        for (int step = 0; step < 80; step++) {
            step(model, batch, step, always);
        }
        for (int step = 40; step < 80; step++) {
            step(model, batch, step, byAge);
        }
        int[] steps = IntStream.range(0, 4)
                .map(slot ->
                        java.util.Objects.requireNonNull(byAge.trace.memory).step(0, slot))
                .sorted()
                .toArray();
        assertThat(steps).containsExactly(76, 77, 78, 79);
        Safetensors aged = Safetensors.ofMemory(OnlineStates.tensors(model, List.of(always)));
        if (keep == Keep.SURPRISING) {
            assertThatThrownBy(() -> OnlineStates.read(model, config.writePolicy(), aged))
                    .hasMessageContaining("were kept by another write policy");
        } else {
            assertThat(OnlineStates.read(model, config.writePolicy(), aged)).hasSize(1);
        }
    }

    /** Memories that are more than one array holds go into several tensors. */
    @ParameterizedTest
    @ValueSource(ints = {5, 24, 25, 34, 400})
    void goesOnFromSeveralTensors(int most) throws FormatException {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        List<OnlineState> states = List.of(model.start(), model.start(), model.start());
        for (int step = 0; step < 30; step++) {
            model.step(step % 3, states.get(0));
            model.step(step % 2, states.get(2));
        }
        SequencedMap<String, TensorData> tensors = OnlineStates.copied(model, states, most);
        Safetensors file = Safetensors.ofMemory(tensors);
        int room = most / 5;
        assertThat(tensors.keySet().stream().filter(name -> name.startsWith("memory.values")))
                .hasSize(Math.ceilDiv(30, room));
        assertThat(file.tensor("memory.values").shape()).containsExactly(Math.min(30, room), 5);
        List<OnlineState> read = OnlineStates.restored(model, model.config().writePolicy(), file, most);
        for (int i = 0; i < 3; i++) {
            assertThat(read.get(i).memories()).isEqualTo(states.get(i).memories());
            assertThat(model.step(1, read.get(i)).outputs())
                    .isEqualTo(model.step(1, states.get(i)).outputs());
        }
    }

    /** In any order, whatever would be lost or is missing. */
    @Test
    void refusesStatesOfSeveralPolicies() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        OnlineState surprising = model.start(new WritePolicy.MostSurprising(2, 4));
        OnlineState latest = model.start(new WritePolicy.Latest(2, 4));
        for (List<OnlineState> states : List.of(List.of(surprising, latest), List.of(latest, surprising))) {
            assertThatThrownBy(() -> OnlineStates.tensors(model, states))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The states have different write policies, the first ")
                    .hasMessageContaining(" and number 2 ");
        }
        assertThat(OnlineStates.tensors(model, List.of(latest, model.start(new WritePolicy.Latest(2, 9)))))
                .containsKey("memory.counts");
    }

    @Test
    void refusesStatesThatDoNotFit() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        OnlineState state = model.start();
        for (int step = 0; step < 20; step++) {
            model.step(1, state);
        }
        SequencedMap<String, TensorData> tensors = OnlineStates.tensors(model, List.of(state));
        Safetensors file = new Safetensors(Path.of("x"), new LinkedHashMap<>(), tensors);
        WritePolicy few = new WritePolicy.Latest(2, 9);
        assertThatThrownBy(() -> OnlineStates.read(model, few, file))
                .isInstanceOf(FormatException.class)
                .hasMessage("x holds a sequence with 10 memories, where at most 9 are kept: keep as many");
        SequenceModel larger = Samples.model(Samples.sized(Samples.sab(3, 2, 5), 24, 24), KernelProviders.kernels(), 1);
        assertThatThrownBy(() -> OnlineStates.read(larger, model.config().writePolicy(), file))
                .hasMessageStartingWith("x was left by another model");
        float before = model.parameters()[7];
        model.parameters()[7]++;
        assertThatThrownBy(() -> OnlineStates.read(model, model.config().writePolicy(), file))
                .hasMessageStartingWith("x was left by another model, or by this one before it was trained on");
        model.parameters()[7] = before;
        assertThatThrownBy(() -> OnlineStates.tensors(larger, List.of(state))).hasMessageContaining("another model");
        tensors.put("memory.counts", TensorData.of(new int[] {Integer.MAX_VALUE}, 1));
        assertThatThrownBy(() -> OnlineStates.read(
                        model,
                        model.config().writePolicy(),
                        new Safetensors(Path.of("x"), new LinkedHashMap<>(), tensors)))
                .hasMessage("x holds 10 memories in place of 2147483647");
        assertThatThrownBy(() -> OnlineStates.read(model, new WritePolicy.Latest(1 << 30, 10), file))
                .hasMessage(
                        "x holds a sequence with 10 memories, one of every 1073741824 states, of which no sequence has so many: begin with another file");
        for (String name : List.of("state.c", "memory.values", "memory.worth")) {
            SequencedMap<String, TensorData> spoilt = OnlineStates.tensors(model, List.of(state));
            ((TensorData.Floats) java.util.Objects.requireNonNull(spoilt.get(name))).values()[3] = Float.NaN;
            assertThatThrownBy(() -> OnlineStates.read(
                            model,
                            model.config().writePolicy(),
                            new Safetensors(Path.of("x"), new LinkedHashMap<>(), spoilt)))
                    .hasMessage("x holds NaN in the tensor \"" + name + "\": take an earlier file");
        }
    }

    @Test
    void manyStreamsInManyThreads() throws Exception {
        ModelConfig config = Samples.sized(Samples.sab(3, 2, 5), 24, 24);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 1);
        List<float[]> alone = new ArrayList<>();
        for (int stream = 0; stream < 16; stream++) {
            alone.add(run(model, stream));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<float[]>> together = new ArrayList<>();
            for (int stream = 0; stream < 16; stream++) {
                int seed = stream;
                together.add(threads.submit(() -> run(model, seed)));
            }
            for (int stream = 0; stream < 16; stream++) {
                assertThat(together.get(stream).get()).isEqualTo(alone.get(stream));
            }
        }
    }

    private static float[] run(SequenceModel model, int seed) {
        OnlineState state = model.start(new WritePolicy.Latest(model.config().kAtt(), 20));
        Batch batch = Samples.batch(model.config(), 1, 200, seed);
        for (int step = 0; step < 200; step++) {
            state = step(model, batch, step, state);
        }
        return state.outputs();
    }

    @Test
    void probabilities() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        OnlineState state = model.step(1, model.start());
        double[] p = state.probabilities();
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
        double[] sharp = state.probabilities(0.1);
        int best = 0;
        for (int o = 1; o < p.length; o++) {
            best = p[o] > p[best] ? o : best;
        }
        assertThat(sharp[best]).isGreaterThan(p[best]);
        assertThat(Math.log(p[0] / p[1])).isCloseTo(state.outputs()[0] - state.outputs()[1], within(1e-6));
        assertThatThrownBy(() -> state.probabilities(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatDoesNotFit() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        SequenceModel other = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        OnlineState state = model.start();
        assertThatThrownBy(() -> model.step(3, state)).hasMessageContaining("Symbol 3");
        assertThatThrownBy(() -> model.step(new float[2], state)).hasMessageContaining("has 2 numbers");
        assertThatThrownBy(() -> other.step(1, state)).hasMessageContaining("another model");
        SequenceModel wider = Samples.model(Samples.sab(5, 2, 5), KernelProviders.kernels(), 1);
        assertThatThrownBy(() -> wider.step(new float[5], state)).hasMessageContaining("another model");
        assertThatThrownBy(() -> model.start(new WritePolicy.EveryKAtt(3))).hasMessageContaining("k_att = 2, not 3");
    }

    /** Its memories' keys were made with parameters that are gone. */
    @Test
    void aStateEndsWithTheParametersItBeganWith() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        OnlineState state = model.start();
        model.step(1, state);
        model.parameters()[0] += 1;
        model.prepare();
        assertThatThrownBy(() -> model.step(1, state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prepared again since the state began");
        assertThatThrownBy(state::copy).hasMessageContaining("prepared again");
        assertThatThrownBy(() -> OnlineStates.tensors(model, List.of(state))).hasMessageContaining("prepared again");
        assertThat(model.step(1, model.start()).steps()).isEqualTo(1);
    }

    @Test
    void saysWhatNoArrayHolds() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        for (ModelConfig large : List.of(
                ModelConfig.sab(3, 100_000, 2),
                ModelConfig.sab(2_000_000_000, 8, 2),
                ModelConfig.sab(3, 2_000_000_000, 2),
                ModelConfig.sab(3, 8, 2_000_000_000))) {
            assertThatThrownBy(() -> new SequenceModel(large, KernelProviders.kernels()))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("more parameters than one array holds");
        }
        assertThatThrownBy(() -> model.trace(1 << 16, 1 << 15, 1 << 15, false, true))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining(
                        "A trace of 65536 rows and 32768 steps, in sequences of 32768, with 5 hidden units and"
                                + " 4 of attention, 3 inputs and 4 outputs has an array of more than 2,147,483,647 numbers: fewer rows");
        assertThatThrownBy(() -> model.recomputing(1 << 30, 1 << 15, false))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("A trace of 1073741824 rows and 5 steps, in sequences of 32768");
    }

    /** The largest bound there is. */
    @Test
    void isBoundedByAllThereIs() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 1);
        OnlineState state = model.start();
        OnlineState bounded = model.start(new WritePolicy.Latest(2, Integer.MAX_VALUE));
        for (int step = 0; step < 500; step++) {
            assertThat(model.step(step % 3, bounded).outputs())
                    .isEqualTo(model.step(step % 3, state).outputs());
        }
    }
}
