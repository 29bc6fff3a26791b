package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;

/** The number of threads changes nothing but the time. */
class ThreadsTest {

    /** So many hidden units that the parameters fall into several of the pieces in which they are summed and updated. */
    private static final int HIDDEN = 64;

    private static final Task TASK = new CopyTask(4);

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 3, 7})
    void sameBits(int threads) {
        TrainConfig config = Session.config(4, 2, 0.5, 0.9, 3);
        try (Session one = Session.start(TASK, HIDDEN, config, 1);
                Session many = Session.start(TASK, HIDDEN, config, threads)) {
            float[] before = one.model.parameters().clone();
            assertThat(before.length).isGreaterThan(1 << 14);
            assertThat(one.run()).isEqualTo(many.run()).isEqualTo(TrainEvent.Reason.UPDATES);
            assertThat(many.timeless()).isEqualTo(one.timeless());
            assertThat(one.events(TrainEvent.Evaluated.class)).hasSize(2);
            assertThat(one.model.parameters()).isNotEqualTo(before);
            assertThat(many.model.parameters()).isEqualTo(one.model.parameters());
            assertThat(many.state.firstMoment).isEqualTo(one.state.firstMoment);
            assertThat(many.state.secondMoment).isEqualTo(one.state.secondMoment);
            assertThat(many.state.average).isEqualTo(one.state.average);
        }
    }

    /** More sequences than are drawn at a time, so several groups, and shards that don't come out even. */
    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 3})
    void sameEvaluation(int threads) {
        try (Session session = Session.start(TASK, 8, Session.config(1, 1, 0, 0, 1), 1);
                ThreadTeam team = new ThreadTeam(threads)) {
            var one = new Evaluator(session.model, TASK, session.team, 7).evaluate(600, 3);
            var many = new Evaluator(session.model, TASK, team, 7).evaluate(600, 3);
            assertThat(one.scored()).isEqualTo(600L * TASK.steps());
            assertThat(many.loss()).isEqualTo(one.loss());
            assertThat(many.reportedLoss()).isEqualTo(one.reportedLoss());
            assertThat(many.accuracy()).isEqualTo(one.accuracy());
        }
    }

    @Test
    void everyPieceOnce() {
        try (ThreadTeam team = new ThreadTeam(3)) {
            for (int pieces : new int[] {0, 1, 2, 3, 100}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, pieces));
                team.run(pieces, (worker, piece) -> {
                    assertThat(worker).isBetween(0, 2);
                    runs.incrementAndGet(piece);
                });
                for (int piece = 0; piece < pieces; piece++) {
                    assertThat(runs.get(piece)).isEqualTo(1);
                }
            }
        }
    }

    /** A worker's buffers are its own: no number works on two pieces at a time. */
    @Test
    void aWorkerIsOneThread() {
        try (ThreadTeam team = new ThreadTeam(3)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(3);
            AtomicInteger clashes = new AtomicInteger();
            for (int round = 0; round < 50; round++) {
                team.run(20, (worker, piece) -> {
                    if (busy.incrementAndGet(worker) > 1) {
                        clashes.incrementAndGet();
                    }
                    Thread.onSpinWait();
                    busy.decrementAndGet(worker);
                });
            }
            assertThat(clashes.get()).isZero();
        }
    }

    @ParameterizedTest(name = "piece {0}")
    @ValueSource(ints = {0, 1, 9})
    void failuresReachTheCaller(int failing) {
        try (ThreadTeam team = new ThreadTeam(3)) {
            assertThatThrownBy(() -> team.run(10, (worker, piece) -> {
                        if (piece == failing) {
                            throw new IllegalStateException("piece " + piece);
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("piece " + failing);
            // And the team goes on.
            AtomicInteger done = new AtomicInteger();
            team.run(10, (worker, piece) -> done.incrementAndGet());
            assertThat(done.get()).isEqualTo(10);
        }
    }

    /** As callers in other languages throw them. */
    @ParameterizedTest(name = "piece {0}")
    @ValueSource(ints = {0, 1})
    void checkedExceptionsReachTheCaller(int failing) {
        try (ThreadTeam team = new ThreadTeam(2)) {
            assertThatThrownBy(() -> team.run(2, (worker, piece) -> {
                        if (piece == failing) {
                            ThreadsTest.<RuntimeException>undeclared(new IOException("no disk"));
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no disk");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> void undeclared(Exception e) throws E {
        throw (E) e;
    }

    @Test
    void afterAFailureNoOtherPieceIsBegun() {
        int pieces = 100_000;
        AtomicInteger begun = new AtomicInteger();
        try (ThreadTeam team = new ThreadTeam(3)) {
            assertThatThrownBy(() -> team.run(pieces, (worker, piece) -> {
                        begun.incrementAndGet();
                        if (piece == 0) {
                            throw new IllegalStateException("no");
                        }
                        LockSupport.parkNanos(100_000);
                    }))
                    .hasMessage("no");
        }
        assertThat(begun.get()).isLessThan(pieces / 2);
    }

    @Test
    void aPieceHasNoPieces() {
        try (ThreadTeam team = new ThreadTeam(2)) {
            assertThatThrownBy(() -> team.run(1, (worker, piece) -> team.run(1, (inner, one) -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("at work");
            AtomicInteger done = new AtomicInteger();
            team.run(3, (worker, piece) -> done.incrementAndGet());
            assertThat(done.get()).isEqualTo(3);
        }
    }

    @Test
    void aClosedTeamDoesNothing() {
        for (int threads : new int[] {1, 2}) {
            ThreadTeam team = new ThreadTeam(threads);
            team.close();
            AtomicInteger begun = new AtomicInteger();
            assertThatThrownBy(() -> team.run(4, (worker, piece) -> begun.incrementAndGet()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThat(begun.get()).isZero();
        }
    }

    @Test
    void refusesNoThreads() {
        assertThatThrownBy(() -> new ThreadTeam(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    /** The order of sums is the shards', so other shards give other bits, but nothing else. */
    @Test
    void shardsFixTheOrder() {
        try (ThreadTeam team = new ThreadTeam(2);
                Session session = Session.start(TASK, 8, Session.config(1, 1, 0, 0, 1), 1)) {
            double sevens =
                    new Evaluator(session.model, TASK, team, 7).evaluate(300, 3).loss();
            double hundreds = new Evaluator(session.model, TASK, team, 100)
                    .evaluate(300, 3)
                    .loss();
            assertThat(hundreds).isCloseTo(sevens, within(1e-9));
        }
    }
}
