package org.sab4j.run;

import org.sab4j.checkpoint.FormatException;
import org.sab4j.model.SequenceModel;
import org.sab4j.table.TableEncoding;

/**
 * A model that was trained on a table.
 *
 * @param model the model, prepared
 * @param encoding how tables become its inputs, and what its outputs stand for
 * @param measure the name of the measure that says most
 */
public record TableModel(SequenceModel model, TableEncoding encoding, String measure) {

    /** What a run's model holds; refuses one of another task. */
    public static TableModel of(TrainedModel trained) throws RunException, FormatException {
        if (!(trained.options() instanceof TableTaskOptions options)) {
            throw new RunException(trained.file() + " was trained on the task " + Settings.text(trained.task())
                    + ": predict takes a model of sab train classify, regress or forecast");
        }
        TableEncoding encoding = options.encoding(trained.facts());
        if (encoding.inputs() != trained.model().config().inputs()
                || encoding.outcome().outputs() != trained.model().config().outputs()) {
            throw new FormatException(trained.file(), "holds a model that does not fit its table");
        }
        return new TableModel(trained.model(), encoding, trained.task().measure());
    }
}
