package org.sab4j.train;

import org.sab4j.batch.Targets;

/**
 * How a model is trained.
 *
 * @param batch sequences an update
 * @param updates when to stop at the latest
 * @param evaluateEvery updates between evaluations
 * @param evaluationSequences the most sequences of the fixed evaluation set; of a finite task's validation part evenly spaced
 *     ones, or the first where they carry on
 * @param adam the optimiser
 * @param earlyRate how much larger the learning rate is early in training
 * @param clipNorm the global norm to which gradients are shortened; 0 for no clipping
 * @param normalize whether each gradient is divided by its norm instead, so that all updates count the same in Adam's moments: a large
 *     one throws nothing back, whatever the usual norm is, and that falls with the length of sequences over which a loss is a mean. A
 *     gradient of a norm below {@link #LEAST_NORM} is divided by that, so that none is made of rounding alone
 * @param averageDecay the decay of the exponential moving average of the parameters that is evaluated and kept; 0 for none
 * @param shardRows rows of a shard: fixes the order of sums, and so the result's bits
 * @param mostSkipped after how many skipped updates in a row training stops
 * @param patience after how many evaluations in a row that found no better model training stops, not counting one that only the end of a
 *     budget brought; 0 for never
 * @param carry whether a sequence of a finite task begins with the state and the memories with which the one before it has ended; the
 *     sequences of an epoch then come in their order, in as many streams as a batch has sequences
 * @param stopWhenSolved whether training stops as soon as an evaluation finds the task solved
 */
public record TrainConfig(
        int batch,
        long updates,
        long evaluateEvery,
        int evaluationSequences,
        Adam adam,
        EarlyRate earlyRate,
        double clipNorm,
        boolean normalize,
        double averageDecay,
        int shardRows,
        int mostSkipped,
        int patience,
        boolean carry,
        boolean stopWhenSolved) {

    /** A loss that is this many times that of the first update that was applied, and that of {@link Targets#guess}, is taken as exploded. */
    public static final double EXPLODED = 10;

    /** See {@link #normalize}. */
    public static final double LEAST_NORM = 1e-8;

    /** The fewest rows of a shard unless fewer are asked for: as many as the kernels take at once. */
    public static final int LEAST_SHARD_ROWS = 4;

    /** The most hidden units of a model whose weights leave room for activations in a core's own cache: those of 128 units take 0.8 MB. */
    private static final int SMALL = 128;

    /** The most threads for a shard: what isn't products, its own thread does alone. */
    private static final int MOST_SHARING = 4;

    /**
     * The usual rows of a shard: 16, with more of which a row is no faster. Of small models 8: those are as fast, their activations take
     * half the room in the caches, and threads share them out more evenly. 32 from 700 hidden units on, whose weights, 8 MB and more,
     * come from far and are then read half as often, with half as many arrays of gradients.
     */
    public static int usualShardRows(int hidden) {
        return hidden <= SMALL ? 8 : hidden < 700 ? 16 : 32;
    }

    /**
     * The rows of a shard for so many threads: the {@linkplain #usualShardRows usual} number, halved as long as there are more threads than
     * shards, or than can share them, down to {@link #LEAST_SHARD_ROWS}. From 512 hidden units on that takes a model whose products are
     * the team's, {@link ThreadTeam#products}: with others a thread does a shard alone.
     */
    public static int shardRows(int hidden, int batch, int threads) {
        int sharing = ThreadTeam.shares(hidden) ? MOST_SHARING : 1;
        int rows = usualShardRows(hidden);
        while (rows > LEAST_SHARD_ROWS && sharing * Math.ceilDiv(batch, rows) < threads) {
            rows /= 2;
        }
        return rows;
    }

    /** A constant learning rate, gradients that are not normalized, no end of patience, and a stop when the task is solved. */
    public TrainConfig(
            int batch,
            long updates,
            long evaluateEvery,
            int evaluationSequences,
            Adam adam,
            double clipNorm,
            double averageDecay,
            int shardRows,
            int mostSkipped) {
        this(
                batch,
                updates,
                evaluateEvery,
                evaluationSequences,
                adam,
                EarlyRate.NONE,
                clipNorm,
                false,
                averageDecay,
                shardRows,
                mostSkipped,
                0,
                false,
                true);
    }

    /**
     * The paper's Adam at 1e-3, the batch of 64 and the norm of 1 of its authors' code; the early rate and the average that the
     * documentation recommends; evaluated on 2,048 sequences every 500 updates. Shards have 8 rows, which suits up to 128 hidden units:
     * {@link #withShardRows} gives others, {@link #shardRows(int, int, int)} says how many.
     */
    public static TrainConfig of(long updates) {
        return new TrainConfig(
                64, updates, 500, 2048, Adam.DEFAULT, EarlyRate.DEFAULT, 1, false, 0.99, 8, 100, 0, false, true);
    }

    /** The same with another number of sequences an update. */
    public TrainConfig withBatch(int sequences) {
        return with(sequences, evaluateEvery, evaluationSequences, adam);
    }

    /** The same with an evaluation every so many updates, on at most so many sequences. */
    public TrainConfig withEvaluations(long every, int sequences) {
        return with(batch, every, sequences, adam);
    }

    /** The same with another optimiser. */
    public TrainConfig with(Adam optimiser) {
        return with(batch, evaluateEvery, evaluationSequences, optimiser);
    }

    private TrainConfig with(int sequences, long every, int evaluated, Adam optimiser) {
        return new TrainConfig(
                sequences,
                updates,
                every,
                evaluated,
                optimiser,
                earlyRate,
                clipNorm,
                normalize,
                averageDecay,
                shardRows,
                mostSkipped,
                patience,
                carry,
                stopWhenSolved);
    }

    /** The same, but gradients are {@linkplain #normalize normalized}, which makes copying some two times as fast to learn. */
    public TrainConfig normalizing() {
        return with(earlyRate, true, shardRows, patience, carry, stopWhenSolved);
    }

    /** The same with another early rate. */
    public TrainConfig with(EarlyRate rate) {
        return with(rate, normalize, shardRows, patience, carry, stopWhenSolved);
    }

    /** The same with another number of rows of a shard. */
    public TrainConfig withShardRows(int rows) {
        return with(earlyRate, normalize, rows, patience, carry, stopWhenSolved);
    }

    /** The same with another {@link #patience}. */
    public TrainConfig withPatience(int evaluations) {
        return with(earlyRate, normalize, shardRows, evaluations, carry, stopWhenSolved);
    }

    /** The same, but sequences {@link #carry} on. */
    public TrainConfig carrying() {
        return with(earlyRate, normalize, shardRows, patience, true, stopWhenSolved);
    }

    /** The same, but to the end of the budget, though the task be solved. */
    public TrainConfig beyondSolved() {
        return with(earlyRate, normalize, shardRows, patience, carry, false);
    }

    private TrainConfig with(
            EarlyRate rate, boolean normalized, int rows, int evaluations, boolean carries, boolean stops) {
        return new TrainConfig(
                batch,
                updates,
                evaluateEvery,
                evaluationSequences,
                adam,
                rate,
                clipNorm,
                normalized,
                averageDecay,
                rows,
                mostSkipped,
                evaluations,
                carries,
                stops);
    }

    /** Refuses what can't train, in a sentence that names the setting. */
    public TrainConfig {
        atLeastOne("batch", batch);
        atLeastOne("updates", updates);
        atLeastOne("evaluateEvery", evaluateEvery);
        atLeastOne("evaluationSequences", evaluationSequences);
        atLeastOne("shardRows", shardRows);
        atLeastOne("mostSkipped", mostSkipped);
        if (patience < 0) {
            throw new IllegalArgumentException("patience must be at least 0: " + patience);
        }
        if (!(clipNorm >= 0 && clipNorm < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("clipNorm must be a number from 0 on: " + clipNorm);
        }
        float early = (float) (adam.learningRate() * earlyRate.factor());
        if (early == 0 || Float.isInfinite(early)) {
            throw new IllegalArgumentException("The early rate, " + earlyRate.factor() + " times the learning rate "
                    + adam.learningRate() + ", must be a number above 0 in single precision");
        }
        if (!(averageDecay >= 0 && (float) averageDecay < 1)) {
            throw new IllegalArgumentException(
                    "averageDecay must be in [0, 1), in single precision, too: " + averageDecay);
        }
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1: " + value);
        }
    }
}
