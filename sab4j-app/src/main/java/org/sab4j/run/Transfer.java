package org.sab4j.run;

import java.util.SequencedMap;
import java.util.function.IntConsumer;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.head.LossSums;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;
import org.sab4j.train.Evaluator;
import org.sab4j.train.ThreadTeam;

/** How a trained model does on sequences that had no part in training it or choosing it, also on longer ones. */
public final class Transfer {

    private static final int MOST_ROWS = 16;

    private Transfer() {}

    /**
     * What came out.
     *
     * @param sequences how many there were
     * @param measures the task's measures by name
     */
    public record Result(int sequences, double loss, SequencedMap<String, Double> measures, double seconds) {}

    /**
     * Measures at one length, or on the test part of a task's data, for which the length is 0.
     *
     * @see #on
     */
    public static Result at(TrainedModel trained, int length, int sequences, ThreadTeam team, IntConsumer progress)
            throws RunException {
        try (OpenTask opened = trained.options() instanceof TaskOptions.Scalable scalable
                ? scalable.at(length).open()
                : trained.open(null)) {
            return on(trained, opened.task(), Part.TEST, sequences, team, progress);
        } catch (FormatException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Measures on sequences that are always the same for a model.
     *
     * @param sequences the most
     * @param progress is told now and then how many sequences are done, on the calling thread
     */
    public static Result on(
            TrainedModel trained, Task task, Part part, int sequences, ThreadTeam team, IntConsumer progress)
            throws RunException {
        long start = System.nanoTime();
        try {
            Evaluator evaluator = new Evaluator(
                    trained.model(), task, team, MOST_ROWS, trained.options().carry());
            LossSums sums = evaluator.evaluate(part, sequences, trained.seed(), progress);
            double seconds = (System.nanoTime() - start) / 1e9;
            int count = task instanceof FiniteTask finite ? Math.min(sequences, finite.sequences(part)) : sequences;
            return new Result(count, sums.loss(), task.measures(sums), seconds);
        } catch (OutOfMemoryError | ArithmeticException | NegativeArraySizeException e) {
            boolean scalable = trained.options() instanceof TaskOptions.Scalable;
            throw RunException.memory(
                    "sequences of " + task.steps() + " steps take",
                    "lower --threads" + (scalable ? " or the length" : ""));
        }
    }
}
