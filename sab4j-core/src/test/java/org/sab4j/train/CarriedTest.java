package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Carried;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.replay.Trace;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Measure;
import org.sab4j.task.Part;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Reference;
import org.sab4j.testing.Samples;

/** That what sequences leave is where the next ones begin: in training and in evaluations, over shards and epochs. */
class CarriedTest {

    private static final Kernels KERNELS = KernelProviders.kernels();
    private static final int STEPS = 6;
    private static final int BATCH = 5;
    private static final int SHARD = 2; // three shards, the last of one row

    /** Vectors and numbers to be said, all sequences of one length; at one update there are none to be had. */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    private record Numbers(ModelConfig model, float[] seen, float[] wanted, List<Integer> spoilt, int[] drawn)
            implements FiniteTask {

        static Numbers of(ModelConfig model, int sequences, Integer... spoilt) {
            Random random = new Random(1);
            int cells = sequences * STEPS;
            return new Numbers(
                    model,
                    Samples.uniform(random, cells * model.inputs(), 1),
                    Samples.uniform(random, cells * model.outputs(), 1),
                    List.of(spoilt),
                    new int[1]);
        }

        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public int inputs() {
            return model.inputs();
        }

        @Override
        public boolean vectors() {
            return true;
        }

        @Override
        public int outputs() {
            return model.outputs();
        }

        @Override
        public int steps() {
            return STEPS;
        }

        @Override
        public int sequences(Part part) {
            return seen.length / STEPS / model.inputs();
        }

        @Override
        public Batch batch(Part part, int[] indices) {
            boolean nothing = part == Part.TRAINING && spoilt.contains(++drawn[0]);
            float[] x = some(seen, model.inputs(), indices);
            float[] y = some(wanted, model.outputs(), indices);
            boolean[] scored = new boolean[indices.length * STEPS];
            Arrays.fill(scored, true);
            x[0] = nothing ? Float.NaN : x[0];
            y[0] = nothing ? Float.NaN : y[0];
            return new Batch(
                    indices.length, STEPS, new Inputs.Vectors(x, model.inputs()), new Targets.Values(y, scored));
        }

        private static float[] some(float[] all, int width, int[] indices) {
            int n = STEPS * width;
            float[] some = new float[indices.length * n];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(all, indices[i] * n, some, i * n, n);
            }
            return some;
        }

        @Override
        public SequencedMap<String, Double> measures(LossSums sums) {
            return Measure.all(sums, Measure.MSE);
        }
    }

    /** Gradients of three batches in a row, cut into shards. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shardsGoOnWhereTheirOwnSequencesHaveEnded(boolean recompute) {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 4), KERNELS, 3);
        Numbers task = Numbers.of(model.config(), 3 * BATCH);
        Carried carried = model.carried(BATCH, STEPS);
        try (ThreadTeam team = new ThreadTeam(2)) {
            ShardedPass pass = new ShardedPass(model, task, config(1, 1e-3), team, recompute);
            for (int place = 0; place < 3; place++) {
                Batch batch = task.batch(Part.VALIDATION, Course.streams(3 * BATCH, BATCH, place));
                Reference expected =
                        Reference.of(model, batch, Reference.Beginning.of(carried), (row, step, number) -> true);
                LossSums sums = pass.run(batch, carried, share -> {});
                carried.advance();
                pass.sumGradients();
                assertThat(sums.loss()).as("place " + place).isCloseTo(expected.loss(), within(1e-5));
                for (int i = 0; i < expected.gradients().length; i++) {
                    assertThat((double) pass.gradient()[i])
                            .as("place %d, parameter %d", place, i)
                            .isCloseTo(expected.gradients()[i], within(1e-5));
                }
            }
        }
    }

    /** A state that has trained without carrying may stand where streams have ended. */
    @Test
    void refusesAPlaceBehindTheStreams() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 4), KERNELS, 3);
        Numbers task = Numbers.of(model.config(), 10);
        TrainState state = TrainState.start(model, 1);
        state.position = 3;
        assertThat(new Course(task, 4, true, state).begins()).isTrue();
        state.position = 7;
        assertThat(new Course(task, 4, false, state).begins()).isFalse();
        assertThatThrownBy(() -> new Course(task, 4, true, state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stands at sequence 7 of an epoch of 3 batches");
    }

    /** An epoch begins with nothing, and so does what follows an update that was skipped. */
    @Test
    void anEpochBeginsAnew() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 4), KERNELS, 3);
        Numbers task = Numbers.of(model.config(), 4 * BATCH, 6); // the second update of the second epoch
        TrainConfig config = config(12, 1e-30); // parameters stay as they are
        List<Double> losses = new ArrayList<>();
        try (ThreadTeam team = new ThreadTeam(1)) {
            new Trainer(model, task, config, TrainState.start(model, 1), team)
                    .run(
                            event -> {
                                switch (event) {
                                    case TrainEvent.Updated updated -> losses.add(updated.loss());
                                    case TrainEvent.Skipped skipped -> losses.add(Double.NaN);
                                    default -> {}
                                }
                            },
                            () -> false);
        }
        List<Double> epoch = inARow(model, task, 0);
        List<Double> after = inARow(model, task, 2);
        assertThat(after.getFirst()).isNotCloseTo(epoch.get(2), within(1e-4));
        same(losses.subList(0, 4), epoch);
        assertThat(losses.get(4)).isCloseTo(epoch.getFirst(), within(1e-6));
        assertThat(losses.get(5)).isNaN();
        same(losses.subList(6, 8), after);
        same(losses.subList(8, 12), epoch);
    }

    /** A checkpoint after it can be read. */
    @Test
    void aSkippedUpdateLeavesNothing() throws FormatException {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 4), KERNELS, 3);
        Numbers task = Numbers.of(model.config(), 4 * BATCH, 2);
        TrainState state = TrainState.start(model, 1);
        try (ThreadTeam team = new ThreadTeam(1)) {
            new Trainer(model, task, config(2, 1e-3), state, team).run(event -> {}, () -> false);
        }
        var tensors = Objects.requireNonNull(state.carried).tensors();
        assertThat(state.skipped()).isEqualTo(1);
        Carried read =
                Carried.read(Safetensors.ofMemory(tensors), model.config().hidden());
        assertThat(Objects.requireNonNull(read).count()).isZero();
    }

    @Test
    void refusesOtherSizesAndWhatIsNoNumber() {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 4), KERNELS, 3);
        Trace trace = model.trace(BATCH, STEPS, 2 * STEPS, true, false);
        int hidden = model.config().hidden();
        assertThatThrownBy(() -> model.begin(trace, BATCH, new Carried(BATCH, hidden - 1, 0), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of " + (hidden - 1) + " units");
        Carried carried = model.carried(BATCH, STEPS);
        assertThatThrownBy(() -> model.begin(trace, BATCH, carried, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not of " + BATCH + " from 1 on");
        var tensors = carried.tensors();
        ((TensorData.Floats) Objects.requireNonNull(tensors.get("carry.c"))).values()[3] = Float.NaN;
        assertThatThrownBy(() -> Carried.read(Safetensors.ofMemory(tensors), hidden))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("holds NaN in the tensor \"carry.c\"");
    }

    private static void same(List<Double> found, List<Double> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).as("place " + i).isCloseTo(expected.get(i), within(1e-6));
        }
    }

    /** The losses of an epoch's batches from one on, which begins with nothing. */
    private static List<Double> inARow(SequenceModel model, Numbers task, int first) {
        Carried carried = model.carried(BATCH, STEPS);
        List<Double> losses = new ArrayList<>();
        for (int place = first; place < 4; place++) {
            Batch batch = task.batch(Part.VALIDATION, Course.streams(4 * BATCH, BATCH, place));
            losses.add(Pass.training(model, batch, batch.weight(), false, carried)
                    .sums()
                    .loss());
            carried.advance();
        }
        return losses;
    }

    /** An evaluation of 40 sequences is one of two streams of 20. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anEvaluationCarriesOver(int shardRows) {
        SequenceModel model = Samples.model(Samples.sab(3, 2, 4), KERNELS, 3);
        Numbers task = Numbers.of(model.config(), 40);
        Carried carried = model.carried(2, STEPS);
        LossSums expected = new LossSums();
        for (int place = 0; place < 20; place++) {
            Batch batch = task.batch(Part.VALIDATION, new int[] {place, 20 + place});
            expected.add(Pass.training(model, batch, 1, false, carried).sums());
            carried.advance();
        }
        try (ThreadTeam team = new ThreadTeam(2)) {
            double found = new Evaluator(model, task, team, shardRows, true)
                    .evaluate(40, 1)
                    .loss();
            double apart =
                    new Evaluator(model, task, team, shardRows).evaluate(40, 1).loss();
            assertThat(found).isCloseTo(expected.loss(), within(1e-6)).isNotCloseTo(apart, within(1e-4));
        }
    }

    private static TrainConfig config(long updates, double learningRate) {
        return new TrainConfig(BATCH, updates, 1000, 23, new Adam(learningRate, 0.9, 0.999, 1e-8), 0, 0, SHARD, 9)
                .carrying();
    }
}
