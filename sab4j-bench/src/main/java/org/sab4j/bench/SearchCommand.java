package org.sab4j.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.sab4j.batch.Batch;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.head.Loss;
import org.sab4j.head.LossSums;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.replay.Trace;
import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compare search}: how many of the largest scores a search with a beam finds, what it costs and what comes of it. */
@Command(
        name = "search",
        description =
                "Goes forward with a trained model of copy or adding, scoring all memories and searching with beams.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false)
final class SearchCommand implements Callable<Integer> {

    private static final int SLOTS = 32;

    @Parameters(paramLabel = "MODEL", description = "a model.safetensors of scores mlp")
    private Path file = Path.of("");

    @Option(names = "--length", split = ",", paramLabel = "T", description = "of the task")
    private List<Integer> lengths = List.of(1000, 10_000);

    @Option(names = "--k-att", paramLabel = "K", description = "0: the model's own")
    private int kAtt = 0;

    @Option(names = "--beam", split = ",", paramLabel = "N", description = "0 scores all")
    private List<Integer> beams = List.of(0, 8, 16, 32);

    @Option(names = "--sequences", paramLabel = "B", description = "how many, in one shard")
    private int sequences = 4;

    SearchCommand() {}

    @Override
    public Integer call() throws IOException {
        Kernels kernels = KernelProviders.kernels();
        SequenceModel trained = ModelTensors.model(Safetensors.read(file), kernels);
        System.out.printf(
                Locale.ROOT, "%9s %6s %9s %9s %9s %12s%n", "T", "beam", "recall", "accuracy", "loss", "ms a step");
        for (int length : lengths) {
            for (int beam : beams) {
                measure(trained, length, beam);
            }
        }
        return 0;
    }

    private void measure(SequenceModel trained, int length, int beam) {
        var config = trained.config().searching(beam);
        if (kAtt > 0) {
            config = config.with(config.kTrunc(), config.kTop(), kAtt);
        }
        SequenceModel model = trained.with(config);
        Task task = config.inputs() == 2 ? new AddingTask(length) : new CopyTask(length);
        Batch batch = task.batch(sequences, RandomStream.of(1, "test"));
        forward(model, task, batch, trace(model, task), new LossSums()); // to warm up
        LossSums timed = new LossSums();
        double milliseconds = forward(model, task, batch, trace(model, task), timed);
        String recall = "";
        if (beam > 0) {
            Trace counting = trace(model, task);
            Objects.requireNonNull(counting.retrieval).countRecall();
            forward(model, task, batch, counting, new LossSums());
            double share = counting.retrieval.recall();
            recall = Double.isNaN(share) ? "no search" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
        }
        System.out.printf(
                Locale.ROOT,
                "%,9d %6d %9s %8.1f%% %9.4f %12.4f%n",
                length,
                beam,
                recall,
                100 * timed.accuracy(),
                timed.loss(),
                milliseconds / task.steps());
    }

    private Trace trace(SequenceModel model, Task task) {
        return model.trace(sequences, SLOTS, task.steps(), task.vectors(), false);
    }

    private double forward(SequenceModel model, Task task, Batch batch, Trace trace, LossSums sums) {
        Loss loss = model.loss(sequences);
        long start = System.nanoTime();
        model.begin(trace, sequences);
        for (int from = 0; from < task.steps(); from += SLOTS) {
            int to = Math.min(task.steps(), from + SLOTS);
            model.forward(trace, batch, 0, from, to, false);
            model.loss(loss, trace, batch, from, to, 1, task.reportFrom(), sums);
            model.carry(trace, to - from);
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
