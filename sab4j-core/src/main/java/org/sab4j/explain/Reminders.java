package org.sab4j.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.sab4j.batch.Batch;
import org.sab4j.model.Reminder;
import org.sab4j.model.SequenceModel;

/**
 * Which past steps each step of some sequences retrieved and with what weight (Algorithm 1, lines 5 to 8). Any number of threads may make
 * them of one model, as long as none trains it, and read them.
 */
public final class Reminders {

    private final int sequences;
    private final int steps;
    private final int outputs;
    private final List<List<Reminder>> reminders; // (B, T)
    private final float[] said; // (B, T, O)

    private Reminders(Batch batch, int outputs) {
        sequences = batch.sequences();
        steps = batch.steps();
        this.outputs = outputs;
        int cells = Math.multiplyExact(sequences, steps);
        reminders = new ArrayList<>(cells);
        for (int cell = 0; cell < cells; cell++) {
            reminders.add(List.of());
        }
        said = new float[Math.multiplyExact(cells, outputs)];
    }

    /**
     * Goes forward over a batch and keeps what each step retrieved and said.
     *
     * @throws IllegalArgumentException if the inputs are not the model's, or one is no finite number
     */
    public static Reminders of(SequenceModel model, Batch batch) {
        Reminders kept = new Reminders(batch, model.config().outputs());
        Walk.over(model, batch, new Walk.Visitor() {
            @Override
            public void reminded(int sequence, int step, int count, int[] memorySteps, float[] weights, int at) {
                kept.reminders.set(sequence * kept.steps + step, Reminder.of(count, memorySteps, weights, at));
            }

            @Override
            public void said(int sequence, int step, float[] y, int at) {
                System.arraycopy(y, at, kept.said, (sequence * kept.steps + step) * kept.outputs, kept.outputs);
            }
        });
        return kept;
    }

    /**
     * What a step was reminded of, the largest weight first; at most {@link Reminder#MOST}.
     *
     * @param sequence 0 … B − 1
     * @param step 0 … T − 1
     * @throws IndexOutOfBoundsException if the batch has no such
     */
    public List<Reminder> at(int sequence, int step) {
        return reminders.get(cell(sequence, step));
    }

    /**
     * The outputs of a step, O of them: before a softmax where targets are classes.
     *
     * @param sequence 0 … B − 1
     * @param step 0 … T − 1
     * @throws IndexOutOfBoundsException if the batch has no such
     */
    public float[] outputs(int sequence, int step) {
        int at = cell(sequence, step) * outputs;
        return Arrays.copyOfRange(said, at, at + outputs);
    }

    private int cell(int sequence, int step) {
        return Objects.checkIndex(sequence, sequences) * steps + Objects.checkIndex(step, steps);
    }
}
