package org.sab4j.run;

import java.util.SequencedMap;
import java.util.function.IntConsumer;
import org.sab4j.head.LossSums;
import org.sab4j.task.Part;
import org.sab4j.task.Task;
import org.sab4j.train.Evaluator;
import org.sab4j.train.ThreadTeam;

/** The transfer test: how a model does at lengths that it was not trained on. */
public final class Transfer {

    private static final int MOST_ROWS = 16;

    private Transfer() {}

    /**
     * What came out at a length.
     *
     * @param measures the task's measures by name
     */
    public record Result(
            int length, int sequences, double loss, SequencedMap<String, Double> measures, double seconds) {}

    /**
     * Measures at one length, on sequences that are always the same for a model and had no part in training it or choosing it.
     *
     * @param progress is told now and then how many sequences are done, on the calling thread
     */
    public static Result at(TrainedModel trained, int length, int sequences, ThreadTeam team, IntConsumer progress)
            throws RunException {
        long start = System.nanoTime();
        Task task = trained.task().task(length);
        try {
            Evaluator evaluator = new Evaluator(trained.model(), task, team, MOST_ROWS);
            LossSums sums = evaluator.evaluate(Part.TEST, sequences, trained.seed(), progress);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Result(length, sequences, sums.loss(), task.measures(sums), seconds);
        } catch (OutOfMemoryError | ArithmeticException | NegativeArraySizeException e) {
            throw new RunException("--length " + length + " takes more memory than Java has, "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB: lower --threads or the length, or give more (SAB_JAVA_OPTS=-Xmx8g)");
        }
    }
}
