package org.sab4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Targets;
import org.sab4j.head.LossSums;
import org.sab4j.task.Task;

/** A task with hooks: on each batch of a given size, on the merit, on whether it is solved. */
final class Scripted implements Task {

    /** What is done to a batch before it is used. */
    interface Spoiler {
        void spoil(Batch batch, RandomGenerator random);
    }

    private final Task task;
    private final int trainingBatch;
    private final Spoiler spoiler;
    private final ToDoubleFunction<LossSums> merit;
    private final Predicate<LossSums> solved;
    /** What it says of its steps; 0 for the truth. */
    int saidSteps;
    /** Those of the classes; empty if all count the same. */
    float[] weights = new float[0];
    /** The batches that were not of the training's size, in order. */
    final List<Batch> evaluated = new ArrayList<>();
    /** The batches of the training's size, in order. */
    final List<Batch> trained = new ArrayList<>();

    /**
     * @param trainingBatch only batches of that many sequences are spoilt: an evaluation must have another number
     */
    Scripted(
            Task task,
            int trainingBatch,
            Spoiler spoiler,
            ToDoubleFunction<LossSums> merit,
            Predicate<LossSums> solved) {
        this.task = task;
        this.trainingBatch = trainingBatch;
        this.spoiler = spoiler;
        this.merit = merit;
        this.solved = solved;
    }

    /** Only the spoiler. */
    static Scripted spoilt(Task task, int trainingBatch, Spoiler spoiler) {
        return new Scripted(task, trainingBatch, spoiler, task::merit, task::solved);
    }

    /** Only the judgement. */
    static Scripted judged(Task task, ToDoubleFunction<LossSums> merit, Predicate<LossSums> solved) {
        return new Scripted(task, -1, (batch, random) -> {}, merit, solved);
    }

    @Override
    public String name() {
        return task.name();
    }

    @Override
    public int inputs() {
        return task.inputs();
    }

    @Override
    public boolean vectors() {
        return task.vectors();
    }

    @Override
    public int outputs() {
        return task.outputs();
    }

    @Override
    public int steps() {
        return saidSteps == 0 ? task.steps() : saidSteps;
    }

    @Override
    public int reportFrom() {
        return task.reportFrom();
    }

    @Override
    public Batch batch(int sequences, RandomGenerator random) {
        Batch batch = weighted(task.batch(sequences, random));
        if (sequences == trainingBatch) {
            trained.add(batch);
            spoiler.spoil(batch, random);
        } else {
            evaluated.add(batch);
        }
        return batch;
    }

    private Batch weighted(Batch batch) {
        return weights.length > 0 && batch.targets() instanceof Targets.Classes classes
                ? new Batch(
                        batch.sequences(),
                        batch.steps(),
                        batch.inputs(),
                        new Targets.Classes(classes.values(), weights))
                : batch;
    }

    @Override
    public SequencedMap<String, Double> measures(LossSums sums) {
        return task.measures(sums);
    }

    @Override
    public double merit(LossSums sums) {
        return merit.applyAsDouble(sums);
    }

    @Override
    public boolean solved(LossSums sums) {
        return solved.test(sums);
    }
}
