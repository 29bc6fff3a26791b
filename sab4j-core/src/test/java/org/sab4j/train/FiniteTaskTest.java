package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.testing.Samples;
import org.sab4j.testing.SymbolSequences;

/** Epochs of a fixed set of sequences: their order, evaluation on the other parts, patience, and going on to the same bits. */
class FiniteTaskTest {

    private static final int HIDDEN = 9;
    /** Batches of 10: two whole ones an epoch, and one of three. */
    private static final SymbolSequences TASK = new SymbolSequences(23, 12, 15, 8, 1);

    /** Writes down which sequences are asked for. */
    private static class Noted implements FiniteTask {
        final FiniteTask task;
        final List<List<Integer>> training = new ArrayList<>();
        final List<List<Integer>> validation = new ArrayList<>();
        final List<List<Integer>> test = new ArrayList<>();
        double[] merits = {};
        int judged;

        Noted(FiniteTask task) {
            this.task = task;
        }

        @Override
        public Batch batch(Part part, int[] indices) {
            List<List<Integer>> list = switch (part) {
                case TRAINING -> training;
                case VALIDATION -> validation;
                case TEST -> test;
            };
            list.add(Arrays.stream(indices).boxed().toList());
            return task.batch(part, indices);
        }

        @Override
        public double merit(LossSums sums) {
            return judged < merits.length ? merits[judged++] : task.merit(sums);
        }

        @Override
        public int sequences(Part part) {
            return task.sequences(part);
        }

        @Override
        public String name() {
            return task.name();
        }

        @Override
        public int inputs() {
            return task.inputs();
        }

        @Override
        public boolean vectors() {
            return task.vectors();
        }

        @Override
        public int outputs() {
            return task.outputs();
        }

        @Override
        public int steps() {
            return task.steps();
        }

        @Override
        public SequencedMap<String, Double> measures(LossSums sums) {
            return task.measures(sums);
        }
    }

    private static TrainConfig config(long updates, long evaluateEvery, int patience) {
        return Session.config(updates, evaluateEvery, 1, 0.5, 9).withPatience(patience);
    }

    @Test
    void aSampleOfAPartIsOfAllOfIt() {
        Noted noted = new Noted(new SymbolSequences(23, 12, 15, 8, 1));
        try (Session session = Session.start(TASK, HIDDEN, config(1, 1, 0), 1)) {
            Evaluator evaluator = new Evaluator(session.model, noted, session.team, 4);
            evaluator.evaluate(Part.TEST, 4, 1, done -> {});
            evaluator.evaluate(Part.TEST, 100, 1, done -> {});
            evaluator.evaluate(3, 1);
            evaluator.evaluate(100, 1);
        }
        int size = noted.sequences(Part.TEST);
        assertThat(noted.test.getFirst()).containsExactly(0, size / 4, size / 2, 3 * size / 4);
        assertThat(noted.test.getLast()).hasSize(size);
        assertThat(noted.validation).containsExactly(List.of(0, 4, 8), List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    }

    @Test
    void refusesWhatHasNothingToFindTheBestModelBy() {
        SymbolSequences none = new SymbolSequences(3, 0, 1, 4, 1);
        assertThatThrownBy(() -> new Course(none, 3, false, TrainState.start(Session.model(none, 2), 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no sequences for validation");
    }

    @Test
    void anEpochHasEverySequenceOnceAndAnOrderOfItsOwn() {
        Noted task = new Noted(TASK);
        assertThat(Course.updatesPerEpoch(TASK, Session.BATCH)).isEqualTo(3);
        try (Session session = Session.start(task, HIDDEN, config(9, 3, 0), 2)) {
            session.run();
        }
        assertThat(task.training).hasSize(9);
        HashSet<List<Integer>> orders = new HashSet<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            List<List<Integer>> batches = task.training.subList(3 * epoch, 3 * epoch + 3);
            assertThat(batches).extracting(List::size).containsExactly(10, 10, 3);
            List<Integer> order = batches.stream().flatMap(List::stream).toList();
            assertThat(new HashSet<>(order)).hasSize(23);
            orders.add(order);
        }
        assertThat(orders).hasSize(3);
        assertThat(task.validation.stream().flatMap(List::stream).toList())
                .isEqualTo(List.of(
                        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6,
                        7, 8, 9, 10, 11));
        assertThat(task.test).isEmpty();
    }

    /** Every order of three sequences comes up about as often. */
    @Test
    void ordersAreUniform() {
        SymbolSequences three = new SymbolSequences(3, 1, 1, 4, 1);
        Noted task = new Noted(three);
        SequenceModel model = Session.model(three, 2);
        TrainState state = TrainState.start(model, 1);
        Course course = new Course(task, 3, false, state);
        for (int i = 0; i < 6000; i++) {
            course.next();
        }
        for (List<Integer> order : new HashSet<>(task.training)) {
            long times = task.training.stream().filter(order::equals).count();
            assertThat(times).as("%s", order).isBetween(850L, 1150L);
        }
        assertThat(new HashSet<>(task.training)).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void evaluatesAPart(int threads) {
        try (Session session = Session.start(TASK, HIDDEN, config(1, 1, 0), threads)) {
            Evaluator evaluator = new Evaluator(session.model, TASK, session.team, 4);
            LossSums all = evaluator.evaluate(Part.TEST, Integer.MAX_VALUE, 1, done -> {});
            assertThat(all.scored()).isEqualTo(scored(Part.TEST, 15));
            assertThat(evaluator.evaluate(Part.TEST, 7, 1, done -> {}).scored()).isEqualTo(scored(Part.TEST, 7));
            // The seed has no say in what is there to be counted.
            assertThat(evaluator.evaluate(Part.TEST, 15, 2, done -> {}).loss()).isEqualTo(all.loss());
            double total = 0;
            for (int i = 0; i < 15; i++) {
                LossSums one = new LossSums();
                var trace = session.model.trace(1, 8, 8, false, false);
                Batch batch = TASK.batch(Part.TEST, new int[] {i});
                session.model.begin(trace, 1);
                session.model.forward(trace, batch, 0, 0, batch.steps(), false);
                session.model.loss(session.model.loss(1), trace, batch, 0, batch.steps(), 1, 0, one);
                total += one.loss() * one.scored();
            }
            assertThat(all.loss()).isCloseTo(total / all.scored(), org.assertj.core.api.Assertions.within(1e-9));
        }
    }

    /** Of evenly spaced sequences of the test part. */
    private static long scored(Part part, int sequences) {
        long scored = 0;
        for (int i = 0; i < sequences; i++) {
            scored += TASK.length(part, i * TASK.sequences(part) / sequences);
        }
        return scored;
    }

    /** The third evaluation is the best, and patience is two evaluations long. */
    @Test
    void patienceEnds() {
        Noted task = new Noted(TASK);
        task.merits = new double[] {1, 0, 2, 1, 2, 3};
        try (Session session = Session.start(task, HIDDEN, config(100, 4, 2), 1)) {
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.PATIENCE);
            assertThat(session.state.update()).isEqualTo(20);
            assertThat(session.state.bestUpdate()).isEqualTo(12);
            assertThat(session.state.sinceBest()).isEqualTo(2);
            // What is over stays over.
            assertThat(session.run()).isEqualTo(TrainEvent.Reason.PATIENCE);
            assertThat(session.state.update()).isEqualTo(20);
        }
    }

    @Test
    void goesOnToTheSameBitsFromAnywhere(@TempDir Path folder) throws FormatException {
        TrainConfig config = config(11, 3, 5);
        List<Path> files = new ArrayList<>();
        Noted noted = new Noted(TASK);
        try (Session whole = Session.start(noted, HIDDEN, config, 2)) {
            files.add(save(whole, folder.resolve("0")));
            whole.trainer.run(
                    event -> {
                        whole.events.add(event);
                        files.add(save(whole, folder.resolve(String.valueOf(files.size()))));
                    },
                    () -> false);
            for (int from = 0; from < files.size() - 1; from++) {
                Noted again = new Noted(TASK);
                SequenceModel model = Session.model(again, HIDDEN);
                TrainState state = TrainState.resume(model, Safetensors.read(files.get(from)));
                int done = (int) state.update();
                try (Session rest = new Session(again, config, state, model, 1)) {
                    rest.run();
                    assertThat(rest.timeless()).isEqualTo(whole.timeless().subList(from, whole.events.size()));
                    assertThat(again.training).isEqualTo(noted.training.subList(done, 11));
                    assertThat(rest.model.parameters()).isEqualTo(whole.model.parameters());
                    assertThat(rest.state.average).isEqualTo(whole.state.average);
                    assertThat(rest.state.position).isEqualTo(whole.state.position);
                    assertThat(rest.state.epochStart).isEqualTo(whole.state.epochStart);
                    assertThat(rest.state.sinceBest).isEqualTo(whole.state.sinceBest);
                }
            }
        }
    }

    private static TrainConfig carrying(long updates, long evaluateEvery) {
        return config(updates, evaluateEvery, 0).carrying();
    }

    /** Each row of a batch is the next sequence of a stream, and a stream a piece of the whole. */
    @Test
    void streamsComeInTheirOrder() {
        Noted task = new Noted(TASK); // 23 sequences in 10 streams: pieces of 3, of which the last two are empty
        try (Session session = Session.start(task, HIDDEN, carrying(6, 3), 2)) {
            session.run();
        }
        List<Integer> first = List.of(0, 3, 6, 9, 12, 15, 18, 21);
        List<Integer> second = List.of(1, 4, 7, 10, 13, 16, 19, 22);
        List<Integer> third = List.of(2, 5, 8, 11, 14, 17, 20);
        assertThat(task.training).containsExactly(first, second, third, first, second, third);
        assertThat(Course.updatesPerEpoch(TASK, Session.BATCH)).isEqualTo(3);
    }

    /** Sequences of one length that follow on each other are measured as the one long sequence that they are. */
    @Test
    void carriedOverIsOneLongSequence() {
        SymbolSequences whole = new SymbolSequences(1, 1, 1, 24, 3);
        FiniteTask pieces = new Noted(whole) {
            @Override
            public int steps() {
                return 8;
            }

            @Override
            public int sequences(Part part) {
                return 3;
            }

            @Override
            public Batch batch(Part part, int[] indices) {
                Batch all = whole.batch(part, new int[] {0});
                int[] x = ((org.sab4j.batch.Inputs.Symbols) all.inputs()).values();
                int[] y = ((org.sab4j.batch.Targets.Classes) all.targets()).values();
                int from = 8 * indices[0];
                return new Batch(
                        1,
                        8,
                        new org.sab4j.batch.Inputs.Symbols(Arrays.copyOfRange(x, from, from + 8), 7),
                        new org.sab4j.batch.Targets.Classes(Arrays.copyOfRange(y, from, from + 8)));
            }
        };
        // One stream at a time: the first piece, then the second with what the first has left; all memories of both
        // fit.
        SequenceModel model = Session.model(whole, HIDDEN);
        new org.sab4j.model.Initialization(1, 1, 1, 1, 1, 0).apply(model, org.sab4j.random.RandomStream.of(3, "init"));
        var carried = model.carried(1, 8);
        var trace = model.trace(1, 8, 16, false, false);
        LossSums inPieces = new LossSums();
        for (int piece = 0; piece < 2; piece++) {
            Batch batch = pieces.batch(Part.TEST, new int[] {piece});
            model.begin(trace, 1, carried, 0);
            model.forward(trace, batch, 0, 0, 8, true);
            model.loss(model.loss(1), trace, batch, 0, 8, 1, 0, inPieces);
            model.leave(trace, 8, carried, 0);
            carried.advance();
        }
        Batch all = whole.batch(Part.TEST, new int[] {0});
        var long1 = model.trace(1, 24, 24, false, false);
        LossSums atOnce = new LossSums();
        model.begin(long1, 1);
        model.forward(long1, all, 0, 0, 16, true);
        model.loss(model.loss(1), long1, all, 0, 16, 1, 0, atOnce);
        assertThat(inPieces.scored()).isEqualTo(atOnce.scored()).isEqualTo(16);
        assertThat(inPieces.loss()).isCloseTo(atOnce.loss(), org.assertj.core.api.Assertions.within(1e-6));
        assertThat(carried.count()).isEqualTo(8 / model.config().kAtt());
    }

    /** Streams that are carried over side by side, in shards, are those that each would be alone. */
    @Test
    void carriedStreamsDoNotMix() {
        int steps = 8;
        SequenceModel model = Samples.model(Samples.sab(3, 2, 5), KernelProviders.kernels(), 4);
        List<Batch> pieces = List.of(
                Samples.batch(model.config(), 3, steps, 1),
                Samples.batch(model.config(), 3, steps, 2),
                Samples.batch(model.config(), 3, steps, 3));
        List<List<Float>> together = carried(model, pieces, 2); // shards of two and of one
        for (int stream = 0; stream < 3; stream++) {
            int own = stream;
            List<List<Float>> alone = carried(
                    model, pieces.stream().map(piece -> piece.sequence(own)).toList(), 1);
            for (int piece = 0; piece < pieces.size(); piece++) {
                assertThat(alone.get(piece).getFirst())
                        .as("stream %d, piece %d", stream, piece)
                        .isCloseTo(together.get(piece).get(stream), within(1e-5f));
            }
        }
        assertThat(together.get(1))
                .doesNotContainAnyElementsOf(
                        carried(model, pieces.subList(1, 2), 2).getFirst());
    }

    /** The first output of each stream's last step, piece by piece. */
    private static List<List<Float>> carried(SequenceModel model, List<Batch> pieces, int shard) {
        int streams = pieces.getFirst().sequences();
        int steps = pieces.getFirst().steps();
        var carried = model.carried(streams, steps);
        var trace = model.trace(shard, steps, 2 * steps, false, false);
        List<List<Float>> outputs = new ArrayList<>();
        for (Batch piece : pieces) {
            List<Float> last = new ArrayList<>();
            for (int first = 0; first < streams; first += shard) {
                int rows = Math.min(shard, streams - first);
                model.begin(trace, rows, carried, first);
                model.forward(trace, piece, first, 0, steps, true);
                model.leave(trace, steps, carried, first);
                for (int r = 0; r < rows; r++) {
                    last.add(trace.window
                            .y[((steps - 1) * rows + r) * model.config().outputs()]);
                }
            }
            carried.advance();
            outputs.add(last);
        }
        return outputs;
    }

    @Test
    void carriedOverGoesOnToTheSameBits(@TempDir Path folder) throws FormatException {
        TrainConfig config = carrying(8, 3);
        List<Path> files = new ArrayList<>();
        try (Session whole = Session.start(TASK, HIDDEN, config, 2);
                Session plain = Session.start(TASK, HIDDEN, config(8, 3, 0), 2)) {
            files.add(save(whole, folder.resolve("0")));
            whole.trainer.run(
                    event -> {
                        whole.events.add(event);
                        files.add(save(whole, folder.resolve(String.valueOf(files.size()))));
                    },
                    () -> false);
            plain.run();
            assertThat(whole.model.parameters()).isNotEqualTo(plain.model.parameters());
            for (int from = 0; from < files.size() - 1; from++) {
                SequenceModel model = Session.model(TASK, HIDDEN);
                TrainState state = TrainState.resume(model, Safetensors.read(files.get(from)));
                try (Session rest = new Session(TASK, config, state, model, 1)) {
                    rest.run();
                    assertThat(rest.timeless()).isEqualTo(whole.timeless().subList(from, whole.events.size()));
                    assertThat(rest.model.parameters()).isEqualTo(whole.model.parameters());
                }
            }
        }
    }

    @Test
    void refusesToCarryOverWhatIsOfAnotherModel() {
        SequenceModel model = Session.model(TASK, HIDDEN);
        TrainState state = TrainState.start(model, 1);
        state.carried = model.carried(Session.BATCH + 1, TASK.steps());
        assertThatThrownBy(() -> new Session(TASK, carrying(8, 3), state, model, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of another batch, model or length of sequences");
    }

    private static Path save(Session session, Path file) {
        try {
            Safetensors.write(file, ModelTensors.metadata(session.model.config()), session.state.tensors());
            return file;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void refusesOtherData() {
        SequenceModel model = Session.model(TASK, HIDDEN);
        TrainState state = TrainState.start(model, 1);
        new Course(TASK, 10, false, state).next();
        new Course(TASK, 10, false, state).next();
        state.position = 20;
        assertThatThrownBy(() -> new Course(new SymbolSequences(12, 1, 1, 4, 1), 10, false, state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sequence 20 of an epoch of 12");
        assertThatThrownBy(() -> new Course(new SymbolSequences(0, 1, 1, 4, 1), 10, false, state))
                .hasMessageContaining("no sequences to train on");
    }
}
