package org.sab4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.table.TableEncoding;
import org.sab4j.table.TableStream;

/** The example of docs/tables.md: a model that was trained on a table, in a program. */
final class ServeTable {

    private ServeTable() {}

    /** Answers rows, each a line of JSON. */
    static List<String> answers(Path run, List<String> rows) throws FormatException {
        // doc: begin
        Safetensors file = Safetensors.read(run.resolve("model.safetensors"));
        SequenceModel model = ModelTensors.model(file, KernelProviders.kernels());
        WritePolicy policy = new WritePolicy.Latest(model.config().kAtt(), 1000); // memories of a sequence
        TableStream stream = new TableStream(model, TableEncoding.of(file), policy, 10_000); // sequences
        stream.remind(3);
        List<String> answers = rows.stream().map(stream::answer).toList();
        // doc: end
        return answers;
    }
}
