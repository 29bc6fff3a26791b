package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.random.RandomStream;
import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Part;
import org.sab4j.train.Evaluator;

/** Sequences that a task draws, one by one. */
class SequencesTest {

    @Test
    void areThoseThatAreDrawnTogether() {
        AddingTask task = new AddingTask(9);
        Batch together = task.batch(5, RandomStream.of(3, Evaluator.stream(Part.TEST)));
        for (int number = 0; number < 5; number++) {
            Batch one = new Sequences(task, 3).at(number);
            assertThat(one.sequences()).isEqualTo(1);
            assertThat(values(one)).isEqualTo(values(together.sequence(number)));
        }
    }

    private static float[] values(Batch batch) {
        return ((Inputs.Vectors) batch.inputs()).values();
    }

    /** So many of them have more steps than an array holds. */
    @Test
    void takeNoMoreRoomWithTheirNumber() {
        assertThat(new Sequences(new CopyTask(1_000_000), 1).at(2_200).steps()).isEqualTo(1_000_020);
    }
}
