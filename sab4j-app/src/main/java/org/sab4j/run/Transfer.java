package org.sab4j.run;

import java.util.SequencedMap;
import java.util.function.IntConsumer;
import org.sab4j.head.LossSums;
import org.sab4j.model.ModelConfig;
import org.sab4j.task.Task;
import org.sab4j.train.Evaluator;
import org.sab4j.train.ThreadTeam;

/** The transfer test: how a model does at lengths that it was not trained on. */
public final class Transfer {

    private static final int MOST_ROWS = 32;

    private Transfer() {}

    /**
     * What came out at a length.
     *
     * @param measures the task's measures by name
     */
    public record Result(
            int length, int sequences, double loss, SequencedMap<String, Double> measures, double seconds) {}

    /**
     * Measures at one length, on unseen sequences that are always the same for a model.
     *
     * @param progress is told now and then how many sequences are done, on the calling thread
     */
    public static Result at(TrainedModel trained, int length, int sequences, ThreadTeam team, IntConsumer progress)
            throws RunException {
        long start = System.nanoTime();
        Task task = trained.task().task(length);
        try {
            Evaluator evaluator = new Evaluator(
                    trained.model(), task, team, rows(trained.model().config(), task, team));
            LossSums sums = evaluator.evaluate(sequences, trained.seed(), progress);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Result(length, sequences, sums.loss(), task.measures(sums), seconds);
        } catch (OutOfMemoryError | ArithmeticException | NegativeArraySizeException e) {
            throw new RunException("--length " + length + " takes more memory than Java has, "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB: lower --threads or the length, or give more (SAB_JAVA_OPTS=-Xmx8g)");
        }
    }

    /** As many sequences at a time as a quarter of the memory holds. */
    private static int rows(ModelConfig config, Task task, ThreadTeam team) {
        long memories = config.attends() ? task.steps() / config.kAtt() : 0;
        long perRow = 4L * (memories + 1) * (config.hidden() + config.attentionHidden());
        long most = Runtime.getRuntime().maxMemory() / 4 / team.threads() / perRow;
        return Math.clamp(most, 1, MOST_ROWS);
    }
}
