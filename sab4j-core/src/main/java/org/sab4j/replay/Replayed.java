package org.sab4j.replay;

/**
 * How much of a forward pass the backward pass has gone over again.
 *
 * @param steps of the shards' steps, those in replayed blocks from the block's first to the last that credit reaches
 * @param blocks shards' blocks of which a row was replayed
 * @param rows rows of blocks
 * @param allSteps how many steps there were
 * @param allBlocks how many blocks there were
 * @param allRows how many rows of blocks there were
 * @param nanoseconds how long it took, on all threads together
 */
public record Replayed(
        long steps, long blocks, long rows, long allSteps, long allBlocks, long allRows, long nanoseconds) {

    /** Nothing of nothing. */
    public static final Replayed NOTHING = new Replayed(0, 0, 0, 0, 0, 0, 0);

    /** This and another shard's. */
    public Replayed plus(Replayed other) {
        return new Replayed(
                steps + other.steps,
                blocks + other.blocks,
                rows + other.rows,
                allSteps + other.allSteps,
                allBlocks + other.allBlocks,
                allRows + other.allRows,
                nanoseconds + other.nanoseconds);
    }

    /** The same without the time. */
    public Replayed timeless() {
        return new Replayed(steps, blocks, rows, allSteps, allBlocks, allRows, 0);
    }
}
