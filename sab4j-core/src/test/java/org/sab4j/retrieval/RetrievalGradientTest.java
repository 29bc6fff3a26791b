package org.sab4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.ScalarKernels;
import org.sab4j.memory.Memory;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.ScoreKind;
import org.sab4j.tensor.ParameterLayout;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.testing.FiniteDifferences;
import org.sab4j.testing.Samples;

/** Scores, and retrieval with them, on given states: against the formula, and their gradients against differences. */
class RetrievalGradientTest {

    private static final Kernels KERNELS = new ScalarKernels();
    private static final int ROWS = 2;
    private static final int HIDDEN = 5;
    private static final int UNITS = 4;
    private static final int MEMORIES = 5;
    /** All rows. */
    private static final int[] ROW = {0, 1};
    /** Steps that query all memories. */
    private static final int SLOTS = 2;

    /** Some states kept as memories, some ĥ that query them, and what a loss asks of the result. */
    private static final class Given {
        final Random random;
        final ParameterLayout layout = new ParameterLayout();
        final Scores scores;
        final Memory memory = new Memory(ROWS, HIDDEN, new WritePolicy.EveryKAtt(1), MEMORIES + 2, true);
        final float[] parameters;
        final float[] states; // (N, R, H)
        final float[] provisional; // (C, R, H)
        final float[] scratch = new float[Kernels.SCRATCH];
        final float[] gradients;
        final float[] queries; // (C, R, A)

        Given(ScoreKind kind, long seed) {
            random = new Random(seed);
            scores = switch (kind) {
                case MLP -> new MlpScores(KERNELS, HIDDEN, UNITS, layout);
                case SALIENCE -> new SalienceScores(KERNELS, HIDDEN, layout);
            };
            parameters = Samples.uniform(random, layout.size(), 1);
            states = Samples.uniform(random, MEMORIES * ROWS * HIDDEN, 1);
            provisional = Samples.uniform(random, SLOTS * ROWS * HIDDEN, 1);
            gradients = new float[layout.size()];
            queries = new float[SLOTS * ROWS * scores.units()];
        }

        float[] state(int memoryIndex, int row) {
            int at = (memoryIndex * ROWS + row) * HIDDEN;
            return Arrays.copyOfRange(states, at, at + HIDDEN);
        }

        /** a_i, by the formula. */
        double score(int memoryIndex, int slot, int row) {
            float[] m = state(memoryIndex, row);
            double sum = 0;
            if (scores instanceof SalienceScores) {
                for (int u = 0; u < HIDDEN; u++) {
                    sum += parameters[u] * Math.tanh(m[u]);
                }
                return sum;
            }
            for (int a = 0; a < UNITS; a++) {
                double z = 0;
                for (int u = 0; u < HIDDEN; u++) {
                    z += parameters[layout.view("attention.w1").offset() + a * HIDDEN + u] * m[u];
                    z += parameters[layout.view("attention.w2").offset() + a * HIDDEN + u]
                            * provisional[(slot * ROWS + row) * HIDDEN + u];
                }
                sum += parameters[layout.view("attention.w3").offset() + a] * Math.tanh(z);
            }
            return sum;
        }

        void check(FiniteDifferences differences, float[] dStates, float[] dProvisional) {
            for (View view : layout.views().values()) {
                differences.check(view.name(), parameters, view.offset(), view.count(), gradients, view.offset());
            }
            differences.check("memories", states, 0, states.length, dStates, 0);
            differences.check("ĥ", provisional, 0, provisional.length, dProvisional, 0);
        }
    }

    /** Where a row's query stands. */
    private static int query(Given given, int slot, int row) {
        return (slot * ROWS + row) * given.scores.units();
    }

    private static void forward(Given given, Retrieval retrieval, Retrieval.Trace trace, int slot, float[] s) {
        int at = slot * ROWS * HIDDEN;
        retrieval.forward(trace, slot, ROWS, given.provisional, at, given.queries, query(given, slot, 0), s, at);
    }

    private static void backward(
            Given given, Retrieval retrieval, Retrieval.Trace trace, int slot, float[] ds, float[] dh) {
        retrieval.backward(
                trace,
                slot,
                ROWS,
                ROW,
                ROWS,
                0,
                new int[ROWS],
                new int[ROWS],
                Integer.MAX_VALUE,
                ds,
                dh,
                given.queries,
                query(given, slot, 0),
                given.gradients);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({"MLP, 1", "MLP, 2", "SALIENCE, 1", "SALIENCE, 2"})
    void scores(ScoreKind kind, long seed) {
        Given given = new Given(kind, seed);
        Memory memory = given.memory;
        Scores.Keys keys = given.scores.keys(memory, true);
        float[] queries = new float[SLOTS * ROWS * given.scores.units()];
        float[] q = Samples.uniform(given.random, SLOTS * ROWS * MEMORIES, 1);
        float[] out = new float[MEMORIES];
        FiniteDifferences differences = new FiniteDifferences(kind + ", seed " + seed, () -> {
            given.scores.prepare(given.parameters);
            memory.clear();
            for (int i = 0; i < MEMORIES; i++) {
                given.scores.write(keys, memory, memory.offer(i, ROWS, given.states, i * ROWS * HIDDEN, new float[0]));
            }
            double loss = 0;
            for (int slot = 0; slot < SLOTS; slot++) {
                given.scores.query(ROWS, given.provisional, slot * ROWS * HIDDEN, queries, query(given, slot, 0));
                for (int r = 0; r < ROWS; r++) {
                    given.scores.score(keys, memory, r, queries, query(given, slot, r), out);
                    for (int i = 0; i < MEMORIES; i++) {
                        assertThat((double) out[i]).isCloseTo(given.score(i, slot, r), within(2e-6));
                        loss += (double) q[(slot * ROWS + r) * MEMORIES + i] * out[i];
                    }
                }
            }
            return new FiniteDifferences.Point(loss, List.of());
        });
        differences.point();
        int[] all = {0, 1, 2, 3, 4};
        float[] dProvisional = new float[given.provisional.length];
        memory.clearGradients(ROWS);
        for (int r = 0; r < ROWS; r++) {
            for (int i : all) {
                assertThat(memory.touch(r, i)).isTrue();
                given.scores.touch(keys, r, i);
            }
        }
        for (int slot = SLOTS - 1; slot >= 0; slot--) {
            float[] dh = new float[ROWS * HIDDEN];
            for (int r = 0; r < ROWS; r++) {
                int at = (slot * ROWS + r) * MEMORIES;
                float[] dScores = Arrays.copyOfRange(q, at, at + MEMORIES);
                given.scores.backward(
                        keys, r, MEMORIES, all, 0, dScores, queries, query(given, slot, r), r, false, given.gradients);
            }
            given.scores.backwardQuery(keys, ROWS, queries, query(given, slot, 0), dh, true);
            System.arraycopy(dh, 0, dProvisional, slot * ROWS * HIDDEN, dh.length);
        }
        float[] dStates = new float[given.states.length];
        for (int i = MEMORIES - 1; i >= 0; i--) {
            float[] dh = new float[ROWS * HIDDEN];
            given.scores.backwardWrite(keys, memory, ROWS, ROW, new int[] {i, i}, dh);
            System.arraycopy(dh, 0, dStates, i * ROWS * HIDDEN, dh.length);
        }
        given.scores.queryGradients(SLOTS * ROWS, queries, 0, given.provisional, 0, given.gradients, given.scratch);
        given.scores.keyGradients(keys, memory, ROWS, given.gradients, given.scratch);
        given.check(differences, dStates, dProvisional);
    }

    static Stream<Arguments> retrievals() {
        return Stream.of(ScoreKind.values())
                .flatMap(kind -> Stream.of(Sparsifier.values())
                        .flatMap(sparsifier -> Stream.of(1, 2, 4, 5, Retrieval.ALL)
                                .map(kTop ->
                                        Arguments.of(kind, sparsifier, kTop, kTop == 2 ? 1.5f : 1f, 10L + kTop % 7))));
    }

    @ParameterizedTest(name = "{0}, {1}, k_top {2}, scale {3}, seed {4}")
    @MethodSource("retrievals")
    void retrieval(ScoreKind kind, Sparsifier sparsifier, int kTop, float scale, long seed) {
        Given given = new Given(kind, seed);
        Memory memory = given.memory;
        Retrieval retrieval = new Retrieval(KERNELS, given.scores, sparsifier, kTop, 0.05f, scale, true, 0, HIDDEN);
        Retrieval.Trace trace = retrieval.trace(memory, SLOTS, true);
        float[] s = new float[given.provisional.length];
        float[] q = Samples.uniform(given.random, s.length, 1);
        String title = kind + ", " + sparsifier + ", k_top " + kTop + ", scale " + scale + ", seed " + seed;
        FiniteDifferences differences = new FiniteDifferences(title, () -> {
            retrieval.prepare(given.parameters);
            memory.clear();
            for (int i = 0; i < MEMORIES; i++) {
                retrieval.write(trace, i, ROWS, given.provisional, 0, given.states, i * ROWS * HIDDEN);
            }
            double loss = 0;
            for (int slot = 0; slot < SLOTS; slot++) {
                forward(given, retrieval, trace, slot, s);
            }
            for (int i = 0; i < s.length; i++) {
                loss += (double) q[i] * s[i];
            }
            return new FiniteDifferences.Point(loss, FiniteDifferences.choice(trace));
        });
        differences.point();
        summaries(given, sparsifier, kTop, scale, s);
        float[] dProvisional = new float[given.provisional.length];
        retrieval.beginBackward(trace, ROWS);
        int n = ROWS * HIDDEN;
        for (int slot = SLOTS - 1; slot >= 0; slot--) {
            float[] dh = new float[n];
            backward(given, retrieval, trace, slot, Arrays.copyOfRange(q, slot * n, (slot + 1) * n), dh);
            System.arraycopy(dh, 0, dProvisional, slot * n, n);
        }
        float[] dStates = new float[given.states.length];
        for (int i = MEMORIES - 1; i >= 0; i--) {
            float[] dh = new float[n];
            retrieval.backwardWrite(trace, ROWS, ROW, new int[] {i, i}, ROW, new float[] {1, 1}, dh);
            System.arraycopy(dh, 0, dStates, i * n, n);
        }
        retrieval.gradients(SLOTS * ROWS, given.queries, 0, given.provisional, 0, given.gradients, given.scratch);
        retrieval.endBackward(trace, ROWS, given.gradients, given.scratch);
        given.check(differences, dStates, dProvisional);
        differences.checkedAtLeast(0.8);
    }

    /** What did not reach a summary goes to none of its memories. */
    @Test
    void aSummaryWithoutAGradientPassesNoCreditOn() {
        Given given = new Given(ScoreKind.MLP, 1);
        Memory memory = given.memory;
        Retrieval retrieval = new Retrieval(KERNELS, given.scores, Sparsifier.SOFTMAX, 2, 0, 1, true, 0, HIDDEN);
        Retrieval.Trace trace = retrieval.trace(memory, SLOTS, true);
        retrieval.prepare(given.parameters);
        for (int i = 0; i < MEMORIES; i++) {
            retrieval.write(trace, i, ROWS, given.provisional, 0, given.states, i * ROWS * HIDDEN);
        }
        forward(given, retrieval, trace, 0, new float[given.provisional.length]);
        retrieval.beginBackward(trace, ROWS);
        float[] ds = new float[ROWS * HIDDEN];
        ds[ROWS * HIDDEN - 1] = 1; // of the last row
        float[] dh = new float[ROWS * HIDDEN];
        backward(given, retrieval, trace, 0, ds, dh);
        assertThat(IntStream.range(0, MEMORIES).filter(i -> memory.hops(0, i) != Memory.NO_CREDIT))
                .isEmpty();
        assertThat(IntStream.range(0, MEMORIES).filter(i -> memory.hops(1, i) != Memory.NO_CREDIT))
                .hasSize(2);
        assertThat(Arrays.copyOf(dh, HIDDEN)).containsOnly(0);
        assertThat(Arrays.copyOfRange(dh, HIDDEN, 2 * HIDDEN)).doesNotContain(0);
    }

    /** s_t against the formulas of Algorithm 1, in double precision. */
    private static void summaries(Given given, Sparsifier sparsifier, int kTop, float scale, float[] s) {
        for (int slot = 0; slot < SLOTS; slot++) {
            for (int r = 0; r < ROWS; r++) {
                double[] a = new double[MEMORIES];
                for (int i = 0; i < MEMORIES; i++) {
                    a[i] = scale * given.score(i, slot, r);
                }
                double[] w = switch (sparsifier) {
                    case RELU -> relu(a, kTop, 0.05);
                    case SOFTMAX -> softmax(a, kTop, 0);
                    case NULL_SOFTMAX -> softmax(a, kTop, 1);
                };
                for (int u = 0; u < HIDDEN; u++) {
                    double expected = 0;
                    for (int i = 0; i < MEMORIES; i++) {
                        expected += w[i] * given.state(i, r)[u];
                    }
                    assertThat((double) s[(slot * ROWS + r) * HIDDEN + u]).isCloseTo(expected, within(2e-5));
                }
            }
        }
    }

    private static double kth(double[] a, long k) {
        double[] sorted = a.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - (int) Math.min(k, sorted.length)];
    }

    private static double[] relu(double[] a, int kTop, double epsilon) {
        double theta = kth(a, kTop + 1L);
        double sum = Arrays.stream(a).map(x -> Math.max(x - theta, 0)).sum();
        return Arrays.stream(a)
                .map(x -> Math.max(x - theta, 0) / (sum + epsilon))
                .toArray();
    }

    private static double[] softmax(double[] a, int kTop, double more) {
        double least = kth(a, kTop);
        double sum =
                more + Arrays.stream(a).filter(x -> x >= least).map(Math::exp).sum();
        return Arrays.stream(a).map(x -> x >= least ? Math.exp(x) / sum : 0).toArray();
    }

    /** A forward and a backward pass; dStates (N, R, H) and dProvisional (C, R, H) are written. */
    private static void pass(
            Given given, Retrieval retrieval, float[] q, float share, float[] dStates, float[] dProvisional) {
        Memory memory = given.memory;
        Retrieval.Trace trace = retrieval.trace(memory, SLOTS, true);
        int n = ROWS * HIDDEN;
        retrieval.prepare(given.parameters);
        memory.clear();
        for (int i = 0; i < MEMORIES; i++) {
            retrieval.write(trace, i, ROWS, given.provisional, 0, given.states, i * n);
        }
        float[] s = new float[given.provisional.length];
        for (int slot = 0; slot < SLOTS; slot++) {
            forward(given, retrieval, trace, slot, s);
        }
        retrieval.beginBackward(trace, ROWS);
        for (int slot = SLOTS - 1; slot >= 0; slot--) {
            float[] dh = new float[n];
            backward(given, retrieval, trace, slot, Arrays.copyOfRange(q, slot * n, (slot + 1) * n), dh);
            System.arraycopy(dh, 0, dProvisional, slot * n, n);
        }
        for (int i = MEMORIES - 1; i >= 0; i--) {
            float[] dh = new float[n];
            retrieval.backwardWrite(trace, ROWS, ROW, new int[] {i, i}, ROW, new float[] {share, share}, dh);
            System.arraycopy(dh, 0, dStates, i * n, n);
        }
        retrieval.gradients(SLOTS * ROWS, given.queries, 0, given.provisional, 0, given.gradients, given.scratch);
        retrieval.endBackward(trace, ROWS, given.gradients, given.scratch);
    }

    /** Without credit through the scores the weights learn as before, and states get it through the values only. */
    @ParameterizedTest
    @EnumSource(ScoreKind.class)
    void noScoreCredit(ScoreKind kind) {
        Given with = new Given(kind, 5);
        Given without = new Given(kind, 5);
        float[] q = Samples.uniform(new Random(5), with.provisional.length, 1);
        float[] dStates = new float[with.states.length];
        float[] dProvisional = new float[with.provisional.length];
        pass(
                with,
                new Retrieval(KERNELS, with.scores, Sparsifier.SOFTMAX, 2, 0, 1, true, 0, HIDDEN),
                q,
                1,
                dStates,
                dProvisional);
        float[] dValues = new float[with.states.length];
        float[] nothing = new float[with.provisional.length];
        pass(
                without,
                new Retrieval(KERNELS, without.scores, Sparsifier.SOFTMAX, 2, 0, 1, false, 0, HIDDEN),
                q,
                1,
                dValues,
                nothing);
        assertThat(without.gradients).isEqualTo(with.gradients);
        assertThat(nothing).containsOnly(0);
        float[] expected = new float[dValues.length];
        for (int i = 0; i < MEMORIES; i++) {
            for (int r = 0; r < ROWS; r++) {
                System.arraycopy(without.memory.dValues[r], i * HIDDEN, expected, (i * ROWS + r) * HIDDEN, HIDDEN);
            }
        }
        assertThat(dValues).isEqualTo(expected).isNotEqualTo(dStates);
    }

    /** The bound shortens a memory's gradient of one sequence, and neither turns it nor touches a shorter one. */
    @ParameterizedTest(name = "{0}, bound {1}, share {2}")
    @CsvSource({"MLP, 0.5, 1", "MLP, 1, 0.4", "SALIENCE, 0.5, 1", "MLP, 1e-3, 1", "MLP, 1000, 1"})
    void memoryBound(ScoreKind kind, float bound, float share) {
        float[] q = Samples.uniform(new Random(6), SLOTS * ROWS * HIDDEN, 1);
        Given free = new Given(kind, 6);
        float[] expected = new float[free.states.length];
        pass(
                free,
                new Retrieval(KERNELS, free.scores, Sparsifier.SOFTMAX, 3, 0, 1, true, 0, HIDDEN),
                q,
                share,
                expected,
                new float[q.length]);
        Given bounded = new Given(kind, 6);
        float[] found = new float[free.states.length];
        pass(
                bounded,
                new Retrieval(KERNELS, bounded.scores, Sparsifier.SOFTMAX, 3, 0, 1, true, bound, HIDDEN),
                q,
                share,
                found,
                new float[q.length]);
        for (int at = 0; at < found.length; at += HIDDEN) {
            double norm = 0;
            for (int u = 0; u < HIDDEN; u++) {
                norm += (double) expected[at + u] * expected[at + u];
            }
            double factor = Math.min(1, bound * share / Math.sqrt(norm));
            for (int u = 0; u < HIDDEN; u++) {
                assertThat((double) found[at + u]).isCloseTo(factor * expected[at + u], within(1e-6));
            }
        }
        assertThat(bounded.gradients).isEqualTo(free.gradients);
    }

    /** Without a memory the summary is 0 and nothing gets credit. */
    @ParameterizedTest
    @EnumSource(ScoreKind.class)
    void noMemoryYet(ScoreKind kind) {
        Given given = new Given(kind, 3);
        Retrieval retrieval = new Retrieval(KERNELS, given.scores, Sparsifier.RELU, 2, 0, 1, true, 0, HIDDEN);
        Retrieval.Trace trace = retrieval.trace(given.memory, SLOTS, true);
        retrieval.prepare(given.parameters);
        float[] s = Samples.uniform(given.random, given.provisional.length, 1);
        forward(given, retrieval, trace, 1, s);
        assertThat(Arrays.copyOfRange(s, ROWS * HIDDEN, s.length)).containsOnly(0);
        retrieval.beginBackward(trace, ROWS);
        float[] dh = new float[ROWS * HIDDEN];
        float[] ds = Samples.uniform(given.random, ROWS * HIDDEN, 1);
        backward(given, retrieval, trace, 1, ds, dh);
        retrieval.gradients(
                ROWS, given.queries, query(given, 1, 0), given.provisional, 0, given.gradients, given.scratch);
        retrieval.endBackward(trace, ROWS, given.gradients, given.scratch);
        assertThat(dh).containsOnly(0);
        assertThat(given.gradients).containsOnly(0);
    }
}
