package org.sab4j.example;

import java.util.List;
import org.sab4j.batch.Inputs;
import org.sab4j.head.Softmax;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.OnlineState;
import org.sab4j.model.Reminder;
import org.sab4j.model.SequenceModel;
import org.sab4j.train.Predictor;
import org.sab4j.train.ThreadTeam;

/** What a trained model says. Stands in docs/data.md. */
final class AskParity {

    private AskParity() {}

    // doc: begin
    /** How likely it is that each sequence's number of ones is odd; none of them is empty. */
    static double[] odd(SequenceModel model, List<Inputs> sequences, ThreadTeam team) {
        int classes = model.config().outputs();
        return new Predictor(model, team)
                .outputs(sequences).stream() // each (T, classes)
                        .mapToDouble(y -> Softmax.of(y, y.length - classes, classes)[1])
                        .toArray();
    }

    /** The same for one that goes on for ever, after each of its bits. */
    static void listen(SequenceModel model, Iterable<Integer> bits) {
        // At most the 1,000 latest memories.
        OnlineState state = model.start(new WritePolicy.Latest(model.config().kAtt(), 1000));
        for (int bit : bits) {
            state = model.step(bit, state);
            double odd = state.probabilities()[1];
            List<Reminder> reminders = state.reminders(); // the past steps it was reminded of, and how much
            System.out.println(odd + " " + reminders);
        }
    }
    // doc: end
}
