package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.batch.Batch;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.Memory;
import org.sab4j.replay.Replayed;
import org.sab4j.replay.Trace;
import org.sab4j.retrieval.Retrieval;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;
import org.sab4j.testing.Samples.Scoring;

/** Which blocks the backward pass goes over: those that a loss or a retrieved memory reaches, and no others. */
class ReplayReachTest {

    private static final int STEPS = 23;

    private static Pass pass(ModelConfig config, Scoring scoring, long seed) {
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), seed);
        return Pass.of(model, Samples.batch(config, 2, STEPS, false, true, scoring, seed));
    }

    @ParameterizedTest(name = "k_trunc {0}, {1}: {2} steps")
    @CsvSource({
        "0, LAST, 23",
        "0, TAIL, 23",
        "5, LAST, 3",
        "5, TAIL, 8",
        "5, EVERY, 23",
        "1, LAST, 1",
        "1, TAIL, 7",
        "23, LAST, 23",
        "22, LAST, 1",
        "30, LAST, 23"
    })
    void truncatedLstm(int kTrunc, Scoring scoring, int replayed) {
        assertThat(pass(Samples.lstm(kTrunc), scoring, 1).replayed().steps()).isEqualTo(replayed);
    }

    @ParameterizedTest(name = "k_trunc {0}, {1}: {2} steps")
    @CsvSource({"5, LAST, 3", "5, TAIL, 8", "1, LAST, 1"})
    void noMentalUpdatesNoReplay(int kTrunc, Scoring scoring, int replayed) {
        ModelConfig config = Samples.sab(2, 1, kTrunc).with(MentalUpdates.OFF);
        assertThat(pass(config, scoring, 2).replayed().steps()).isEqualTo(replayed);
    }

    /** What a step wrote takes credit no further than one retrieval, however far back it may go in the block. */
    @ParameterizedTest(name = "k_trunc {0}, {1}")
    @CsvSource({"5, LAST", "5, TAIL", "1, LAST", "0, TAIL"})
    void directCreditGoesThroughOneRetrieval(int kTrunc, Scoring scoring) {
        ModelConfig config = Samples.sab(2, 1, kTrunc);
        assertThat(pass(config.with(MentalUpdates.DIRECT), scoring, 2).replayed())
                .isEqualTo(pass(config.within(1), scoring, 2).replayed());
    }

    /** Follows the credit from the last block to the first by what was retrieved. */
    private static Replayed reached(Trace trace, ModelConfig config, Scoring scoring) {
        int rows = trace.activeRows();
        Retrieval.Trace retrieval = Objects.requireNonNull(trace.retrieval);
        int k = config.kTrunc() == 0 ? STEPS : config.kTrunc();
        int most = config.maxHops() == 0 ? Integer.MAX_VALUE : config.maxHops();
        int[][] hops = new int[rows][STEPS]; // of the credit that enters a step
        for (int row = 0; row < rows; row++) {
            for (int step = 0; step < STEPS; step++) {
                hops[row][step] = step >= scoring.from(STEPS) ? 0 : Memory.NO_CREDIT;
            }
        }
        int replayedSteps = 0;
        int replayedBlocks = 0;
        int replayedRows = 0;
        int blocks = 0;
        for (int first = (STEPS - 1) / k * k; first >= 0; first -= k) {
            int end = Math.min(STEPS, first + k);
            int last = -1;
            int inBlock = 0;
            for (int row = 0; row < rows; row++) {
                int least = Memory.NO_CREDIT;
                int rowLast = -1;
                for (int step = first; step < end; step++) {
                    least = Math.min(least, hops[row][step]);
                    rowLast = hops[row][step] != Memory.NO_CREDIT ? step : rowLast;
                }
                last = Math.max(last, rowLast);
                inBlock += least != Memory.NO_CREDIT ? 1 : 0;
                for (int step = first; step <= rowLast && least < most; step++) {
                    int cell = step * rows + row;
                    for (int j = 0; j < retrieval.counts[cell]; j++) {
                        int from = (retrieval.indices[cell * retrieval.width + j] + 1) * config.kAtt() - 1;
                        hops[row][from] = Math.min(hops[row][from], least + 1);
                    }
                }
            }
            blocks++;
            replayedBlocks += inBlock > 0 ? 1 : 0;
            replayedRows += config.kTrunc() == 0 ? rows : inBlock;
            replayedSteps += inBlock > 0 ? last - first + 1 : 0;
        }
        return new Replayed(replayedSteps, replayedBlocks, replayedRows, STEPS, blocks, (long) blocks * rows, 0);
    }

    @ParameterizedTest(name = "k_top {0}, k_att {1}, k_trunc {2}, {3}, at most {4} hops")
    @CsvSource({
        "1, 1, 1, LAST, 0",
        "1, 2, 1, LAST, 0",
        "1, 2, 2, LAST, 0",
        "1, 3, 3, TAIL, 0",
        "2, 4, 1, LAST, 0",
        "1, 5, 2, TAIL, 0",
        "3, 1, 5, LAST, 0",
        "1, 1, 0, LAST, 0",
        "2, 2, 5, EVERY, 0",
        "1, 1, 1, LAST, 1",
        "1, 2, 2, LAST, 2",
        "2, 1, 3, TAIL, 1",
        "2, 1, 3, TAIL, 3"
    })
    void followsTheCredit(int kTop, int kAtt, int kTrunc, Scoring scoring, int maxHops) {
        long least = 2 * STEPS;
        for (ScoreKind score : ScoreKind.values()) {
            for (Sparsifier sparsifier : Sparsifier.values()) {
                for (long seed = 1; seed <= 5; seed++) {
                    ModelConfig config = Samples.config(Attention.SPARSE, score, sparsifier, kTop, kAtt, kTrunc)
                            .within(maxHops);
                    Pass pass = pass(config, scoring, seed);
                    assertThat(pass.replayed())
                            .as("%s, %s, seed %d", score, sparsifier, seed)
                            .isEqualTo(reached(pass.trace(), config, scoring));
                    least = Math.min(least, pass.replayed().rows());
                }
            }
        }
        if (kTrunc > 0 && kTrunc < 5 && scoring != Scoring.EVERY) {
            assertThat(least)
                    .as("something must be left out for this to show anything")
                    .isLessThan(2L * Math.ceilDiv(STEPS, kTrunc));
        }
    }

    /** Without memories nothing goes back beyond the last block: what the steps before it have left is not looked at. */
    @Test
    void whatIsNotReachedDoesNotMatter() {
        ModelConfig config = Samples.lstm(5);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 3);
        Batch batch = Samples.batch(config, 2, STEPS, false, true, Scoring.LAST, 3);
        Pass pass = Pass.of(model, batch);
        // What the steps before the last block left is spoilt, the state at its start apart.
        Trace trace = Pass.forward(model, batch, batch.scored()).trace();
        Arrays.fill(trace.window.cell.gates, 0, 20 * 2 * 4 * config.hidden(), Float.NaN);
        Arrays.fill(trace.window.h, 0, 20 * 2 * config.hidden(), Float.NaN);
        float[] gradients = new float[model.layout().size()];
        assertThat(model.backward(trace, STEPS, gradients).steps()).isEqualTo(3);
        assertThat(gradients).isEqualTo(pass.gradients());
    }
}
