package org.sab4j.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.kernels.Kernels;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.table.Goal;
import org.sab4j.table.PredictionFormat;
import org.sab4j.table.TableEncoding;
import org.sab4j.table.TableImport;
import org.sab4j.table.TableOptions;
import org.sab4j.table.TablePrediction;
import org.sab4j.table.TableTask;
import org.sab4j.train.Adam;
import org.sab4j.train.EarlyRate;
import org.sab4j.train.ThreadTeam;
import org.sab4j.train.TrainConfig;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;
import org.sab4j.train.Trainer;

/** From a table to a model to predictions, with the settings that the command has for tables. Stands in docs/tables.md. */
final class TrainTable {

    private TrainTable() {}

    // doc: begin
    /** Trains and saves a model. */
    static void train(Path table, Path scratch, long updates, Path file) throws IOException {
        TableOptions options = TableOptions.of(Goal.CLASSIFY, "machine", "state");
        Consumer<String> notes = System.out::println;
        try (TableTask task = TableImport.open(table, options, scratch, 2, notes);
                ThreadTeam team = new ThreadTeam(2)) {
            Kernels kernels = KernelProviders.kernels();
            ModelConfig config = ModelConfig.sab(task.inputs(), 64, task.outputs())
                    .with(10, 5, 2) // k_trunc, k_top, k_att
                    .with(Sparsifier.SOFTMAX)
                    .withScoreCredit(false);
            SequenceModel model = new SequenceModel(config, kernels);
            Initialization.VECTORS.apply(model, RandomStream.of(1, "init"));
            TrainConfig training = TrainConfig.of(updates)
                    .withBatch(32)
                    .with(new Adam(3e-3, 0.9, 0.999, 1e-8))
                    .with(EarlyRate.NONE)
                    .withEvaluations(100, 2000)
                    .withPatience(10);
            Trainer trainer = new Trainer(model, task, training, TrainState.start(model, 1), team);
            float[] best = model.parameters().clone();
            trainer.run(
                    event -> {
                        if (event instanceof TrainEvent.Evaluated evaluated && evaluated.best()) {
                            System.arraycopy(trainer.evaluated().parameters(), 0, best, 0, best.length);
                        }
                    },
                    () -> false);
            SequencedMap<String, String> metadata = ModelTensors.metadata(config);
            metadata.putAll(task.encoding().metadata());
            Safetensors.write(file, metadata, ModelTensors.tensors(model.layout(), best, ""));
        }
    }

    /** Has a saved model predict for a table. */
    static TablePrediction.Result predict(Path file, Path table, Path out) throws IOException {
        Safetensors saved = Safetensors.read(file);
        SequenceModel model = ModelTensors.model(saved, KernelProviders.kernels());
        try (ThreadTeam team = new ThreadTeam(2)) {
            return new TablePrediction(model, TableEncoding.of(saved), team)
                    .write(table, out, PredictionFormat.of(out), System.out::println, rows -> {});
        }
    }
    // doc: end
}
