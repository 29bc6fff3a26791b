package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.batch.Inputs;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.memory.Keep;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.OnlineState;
import org.sab4j.model.SequenceModel;
import org.sab4j.testing.Samples;
import org.sab4j.testing.ThreadBytes;

/** Outputs of many sequences are those of each by itself. */
class PredictorTest {

    static Stream<ModelConfig> models() {
        Stream<ModelConfig> bounded = Stream.of(Keep.LATEST, Keep.USED, Keep.SURPRISING)
                .map(keep -> Samples.sab(3, 2, 5).keeping(keep, 4));
        return Stream.concat(Stream.of(Samples.sab(3, 2, 5), Samples.lstm(0)), bounded);
    }

    private static SequenceModel model(ModelConfig config) {
        return Samples.model(config, KernelProviders.kernels(), 4);
    }

    private static List<Inputs> symbols(int... lengths) {
        Random random = new Random(1);
        return Arrays.stream(lengths)
                .<Inputs>mapToObj(
                        length -> new Inputs.Symbols(random.ints(length, 0, 3).toArray(), 3))
                .toList();
    }

    private static List<Inputs> vectors(int... lengths) {
        Random random = new Random(1);
        return Arrays.stream(lengths)
                .<Inputs>mapToObj(length -> new Inputs.Vectors(Samples.uniform(random, 3 * length, 1), 3))
                .toList();
    }

    private static List<float[]> outputs(SequenceModel model, int threads, List<Inputs> sequences) {
        try (ThreadTeam team = new ThreadTeam(threads)) {
            return new Predictor(model, team).outputs(sequences);
        }
    }

    private static void alone(SequenceModel model, Inputs sequence, float[] found) {
        OnlineState state = model.start();
        int width = model.config().outputs();
        int steps = found.length / width;
        for (int t = 0; t < steps; t++) {
            switch (sequence) {
                case Inputs.Symbols in -> model.step(in.values()[t], state);
                case Inputs.Vectors in -> model.step(Arrays.copyOfRange(in.values(), 3 * t, 3 * t + 3), state);
            }
            assertThat(Arrays.copyOfRange(found, t * width, (t + 1) * width))
                    .as("step " + t)
                    .containsExactly(state.outputs(), within(2e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void asEachByItself(ModelConfig config) {
        SequenceModel model = model(config);
        int[] lengths = IntStream.range(0, 40).map(i -> 1 + i * 29 % 71).toArray();
        lengths[7] = 0;
        for (List<Inputs> sequences : List.of(symbols(lengths), vectors(lengths))) {
            List<float[]> found = outputs(model, 1, sequences);
            assertThat(found).hasSize(40);
            for (int i = 0; i < 40; i++) {
                assertThat(found.get(i)).hasSize(lengths[i] * config.outputs());
                alone(model, sequences.get(i), found.get(i));
            }
            assertThat(outputs(model, 3, sequences)).as("three threads").containsExactlyElementsOf(found);
        }
    }

    @Test
    void longerOnesThanBefore() {
        SequenceModel model = model(Samples.sab(3, 2, 5));
        try (ThreadTeam team = new ThreadTeam(2)) {
            Predictor predictor = new Predictor(model, team);
            assertThat(predictor.outputs(List.of())).isEmpty();
            for (int length : new int[] {5, 100, 20}) {
                List<Inputs> sequences = length == 20 ? vectors(length) : symbols(length);
                alone(model, sequences.getFirst(), predictor.outputs(sequences).getFirst());
            }
        }
    }

    /** One for which there is no room leaves that for others. */
    @Test
    void afterOneThatIsTooLong() {
        SequenceModel model = model(Samples.sized(Samples.sab(3, 1, 5), 1024, 8));
        try (ThreadTeam team = new ThreadTeam(1)) {
            Predictor predictor = new Predictor(model, team);
            List<Inputs> tooLong = symbols((1 << 21) + 1);
            assertThatThrownBy(() -> predictor.outputs(tooLong)).hasStackTraceContaining("A trace of 1 rows");
            List<Inputs> sequences = symbols(5);
            alone(model, sequences.getFirst(), predictor.outputs(sequences).getFirst());
        }
    }

    /** However many symbols a model knows, a step's is one number. */
    @Test
    void manySymbolsTakeNoMoreRoom() throws ReflectiveOperationException {
        SequenceModel model = new SequenceModel(ModelConfig.sab(1 << 15, 2, 2), new ScalarKernels());
        List<Inputs> sequences = List.of(new Inputs.Symbols(new int[32], 1 << 15));
        ThreadBytes bytes = new ThreadBytes();
        long before = bytes.allocated();
        assertThat(outputs(model, 1, sequences).getFirst()).hasSize(2 * 32);
        assertThat(bytes.allocated() - before).isLessThan(16 << 20); // as vectors, 64 MiB
    }

    @Test
    void whatIsNoInputIsRefused() {
        Inputs good = new Inputs.Vectors(new float[] {1, 2, 3}, 3);
        refused("Sequence 1, step 0: input 2 is NaN", good, new Inputs.Vectors(new float[] {1, 2, Float.NaN}, 3));
        refused("Sequence 0: 4 numbers in vectors of 3", new Inputs.Vectors(new float[4], 3), good);
        refused("Sequence 1: 4 numbers in vectors of 2", good, new Inputs.Vectors(new float[4], 2));
        refused("Sequence 1 is of another kind", good, new Inputs.Symbols(new int[2], 3));
        refused("Sequence 0: one of 99 symbols, and the model knows 3", new Inputs.Symbols(new int[2], 99));
        refused("Sequence 0, step 1: symbol 3 is not one of 0 … 2", new Inputs.Symbols(new int[] {0, 3}, 3));
        refused("Sequence 0, step 0: symbol -1 is not one of 0 … 2", new Inputs.Symbols(new int[] {-1}, 3));
    }

    private static void refused(String sentence, Inputs... sequences) {
        SequenceModel model = model(Samples.sab(3, 2, 5));
        assertThatThrownBy(() -> outputs(model, 1, List.of(sequences)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
