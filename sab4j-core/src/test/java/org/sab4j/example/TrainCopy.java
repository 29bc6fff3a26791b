package org.sab4j.example;

import java.io.IOException;
import java.nio.file.Path;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;
import org.sab4j.train.ThreadTeam;
import org.sab4j.train.TrainConfig;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;
import org.sab4j.train.Trainer;

/** The README's example. */
public final class TrainCopy {

    private TrainCopy() {}

    /** Trains and saves a model. */
    public static void train(int length, int hidden, long updates, Path file) throws IOException {
        // README: begin
        Kernels kernels = KernelProviders.kernels(); // the Vector API's where the machine has them
        Task task = new CopyTask(length);
        ModelConfig config =
                ModelConfig.sab(task.inputs(), hidden, task.outputs()).with(5, 5, 2); // k_trunc, k_top, k_att
        SequenceModel model = new SequenceModel(config, kernels);
        Initialization.DEFAULT.apply(model, RandomStream.of(1, "init"));
        try (ThreadTeam team = new ThreadTeam(2)) {
            TrainConfig training = TrainConfig.of(updates).normalizing();
            Trainer trainer = new Trainer(model, task, training, TrainState.start(model, 1), team);
            float[] best = model.parameters().clone();
            trainer.run(
                    event -> {
                        if (event instanceof TrainEvent.Evaluated evaluated) {
                            System.out.println(evaluated.update() + ": " + evaluated.measures());
                            if (evaluated.best()) {
                                System.arraycopy(trainer.evaluated().parameters(), 0, best, 0, best.length);
                            }
                        }
                    },
                    () -> false);
            Safetensors.write(file, ModelTensors.metadata(config), ModelTensors.tensors(model.layout(), best, ""));
        }
        // README: end
    }
}
