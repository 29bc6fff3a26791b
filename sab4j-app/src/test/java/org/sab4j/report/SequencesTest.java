package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.random.RandomStream;
import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;
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

    /** Many together may have more steps than an array holds. */
    @Test
    void takeNoMoreRoomWithTheirNumber() {
        Task task = new CopyTask(3);
        List<Object> drawn = new ArrayList<>();
        Task watched = (Task) Proxy.newProxyInstance(
                Task.class.getClassLoader(), new Class<?>[] {Task.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("batch")) {
                        drawn.add(arguments[0]);
                    }
                    return method.invoke(task, arguments);
                });
        new Sequences(watched, 1).at(4);
        assertThat(drawn).containsExactly(1, 1, 1, 1, 1);
    }
}
