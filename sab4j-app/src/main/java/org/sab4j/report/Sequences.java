package org.sab4j.report;

import java.util.Arrays;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.random.RandomStream;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Part;
import org.sab4j.task.Task;
import org.sab4j.train.Evaluator;

/** Sequences of a task that had no part in training: those that {@code sab eval} measures on, one by one. */
public final class Sequences {

    /** The largest number of a sequence of a task that draws them: all before it are drawn, too. */
    public static final int MOST = 10_000;

    private final Task task;
    private final long seed;

    /** The sequences of a run. */
    public Sequences(Task task, long seed) {
        this.task = task;
        this.seed = seed;
    }

    /** How many there are to choose from. */
    public int count() {
        return task instanceof FiniteTask finite ? finite.sequences(part(finite)) : MOST;
    }

    private static Part part(FiniteTask task) {
        return task.sequences(Part.TEST) > 0
                ? Part.TEST
                : task.sequences(Part.VALIDATION) > 0 ? Part.VALIDATION : Part.TRAINING;
    }

    /** A sequence by its number, from 0. */
    public Batch at(int number) {
        Batch batch = task instanceof FiniteTask finite
                ? finite.batch(part(finite), new int[] {number})
                : task.batch(number + 1, RandomStream.of(seed, Evaluator.stream(Part.TEST)));
        return alone(batch, batch.sequences() - 1);
    }

    /** One sequence of a batch. */
    private static Batch alone(Batch batch, int sequence) {
        int from = sequence * batch.steps();
        int to = from + batch.steps();
        Inputs inputs = switch (batch.inputs()) {
            case Inputs.Symbols in -> new Inputs.Symbols(Arrays.copyOfRange(in.values(), from, to), in.size());
            case Inputs.Vectors in ->
                new Inputs.Vectors(Arrays.copyOfRange(in.values(), from * in.size(), to * in.size()), in.size());
        };
        Targets targets = switch (batch.targets()) {
            case Targets.Classes t -> new Targets.Classes(Arrays.copyOfRange(t.values(), from, to), t.weights());
            case Targets.Values t -> {
                int outputs = t.values().length / t.scored().length;
                yield new Targets.Values(
                        Arrays.copyOfRange(t.values(), from * outputs, to * outputs),
                        Arrays.copyOfRange(t.scored(), from, to));
            }
        };
        return new Batch(1, batch.steps(), inputs, targets);
    }
}
