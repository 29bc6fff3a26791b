package org.sab4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.SequenceModel;
import org.sab4j.table.TableEncoding;
import org.sab4j.table.TableSequences;
import org.sab4j.table.TableStream;

/**
 * A model that was trained on a table.
 *
 * @param model the model, prepared
 * @param encoding how tables become its inputs, and what its outputs stand for
 * @param measure the name of the measure that says most
 * @param options of the training
 */
public record TableModel(SequenceModel model, TableEncoding encoding, String measure, TableTaskOptions options) {

    /** Sequences of a table by their names, or its first, see {@link TableSequences#read}. */
    public Map<String, Batch> sequences(Path table, List<String> names) throws IOException {
        return TableSequences.read(
                table, encoding, names, options.folder(), Runtime.getRuntime().availableProcessors());
    }

    /** What a run's model holds; refuses one of another task. */
    public static TableModel of(TrainedModel trained) throws RunException, FormatException {
        if (!(trained.options() instanceof TableTaskOptions options)) {
            throw new RunException(trained.file() + " was trained on the task " + Settings.text(trained.task())
                    + ": a table needs a model of sab train classify, regress or forecast");
        }
        TableEncoding encoding = options.encoding(trained.facts());
        if (encoding.inputs() != trained.model().config().inputs()
                || encoding.outcome().outputs() != trained.model().config().outputs()) {
            throw new FormatException(trained.file(), "holds a model that does not fit its table");
        }
        return new TableModel(trained.model(), encoding, trained.task().measure(), options);
    }

    /**
     * A stream of rows.
     *
     * @param most how many sequences are known at a time
     * @param state a file from which it goes on, if it is there; null to begin anew
     */
    public TableStream stream(WritePolicy policy, int most, @Nullable Path state) throws FormatException {
        TableStream stream = new TableStream(model, encoding, policy, most);
        if (state != null && Files.exists(state)) {
            Safetensors file = Safetensors.read(state);
            RunFile.STREAM.check(file);
            stream.resume(file);
        }
        return stream;
    }

    /** Keeps a stream's sequences in a file, for {@link #stream}. */
    public void keep(TableStream stream, Path state) throws IOException {
        AtomicFile.deleteLeftovers(state);
        stream.save(state, RunFile.STREAM.metadata());
    }
}
