package org.sab4j.run;

import java.util.SequencedMap;
import java.util.function.IntConsumer;
import org.sab4j.head.LossSums;
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
     * @param scored the steps that were scored
     * @param measures the task's measures by name
     */
    public record Result(long scored, double loss, SequencedMap<String, Double> measures, double seconds) {}

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
            Evaluator evaluator = new Evaluator(trained.model(), task, team, MOST_ROWS);
            LossSums sums = evaluator.evaluate(part, sequences, trained.seed(), progress);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Result(sums.scored(), sums.loss(), task.measures(sums), seconds);
        } catch (OutOfMemoryError | ArithmeticException | NegativeArraySizeException e) {
            throw new RunException("sequences of " + task.steps() + " steps take more memory than Java has, "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB: lower --threads or the length, or give more (SAB_JAVA_OPTS=-Xmx8g)");
        }
    }
}
