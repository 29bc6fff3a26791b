package org.sab4j.model;

import org.sab4j.memory.Keep;
import org.sab4j.memory.WritePolicy;
import org.sab4j.retrieval.Sparsifier;

/**
 * What a model computes: sizes and the method's settings.
 *
 * @param inputs I
 * @param hidden H
 * @param attentionHidden A, for {@code MLP} scores
 * @param outputs O
 * @param attention none, sparse (at most k_top memories) or dense (all)
 * @param score how memories are scored
 * @param sparsifier from scores to weights, for sparse attention
 * @param kTop the most memories that a step is reminded of; 0, with sparse attention, is the plain LSTM
 * @param kAtt every k_att-th state is kept as a memory
 * @param kTrunc the steps between cuts of the sequential credit; 0 is full backpropagation through time
 * @param mentalUpdates how far credit that reaches a memory goes back from there
 * @param epsilon ε of the {@code RELU} sparsifier
 * @param scoreScale what the scores are multiplied by before the sparsifier; 1 as printed
 * @param scoreCredit whether credit flows through the scores into the states that were compared; as printed it does. If not,
 *     W1, W2 and w3 learn all the same, and memories get credit through their values only
 * @param memoryBound the most that a memory's gradient of one sequence may measure when it enters the state that wrote it,
 *     in units of one scored step's share of the loss (1/n for a mean over n steps); 0 for no bound, as printed
 * @param maxHops through how many retrievals, one after the other, credit goes: a block that it reaches through so many passes none
 *     on to the memories that it was reminded of. The least number counts where there are several ways; 0 for no bound
 * @param keep which of the states that are offered to the memory stay
 * @param memories the most memories at a time, at least 1; 0 where {@code keep} is {@code ALL}
 * @param beam with {@code MLP} scores, how many nodes a search for the largest scores keeps at each level of a tree of means of
 *     keys, so that few of many memories are scored, and some of the largest may be missed; 0 to score all, as other scores, dense attention
 *     and a {@code keep} other than {@code ALL} do
 */
public record ModelConfig(
        int inputs,
        int hidden,
        int attentionHidden,
        int outputs,
        Attention attention,
        ScoreKind score,
        Sparsifier sparsifier,
        int kTop,
        int kAtt,
        int kTrunc,
        MentalUpdates mentalUpdates,
        float epsilon,
        float scoreScale,
        boolean scoreCredit,
        float memoryBound,
        int maxHops,
        Keep keep,
        int memories,
        int beam) {

    private static final int MOST_BEAM = 1 << 16;

    /** Refuses what no model can have, in a sentence that names the setting. */
    public ModelConfig {
        atLeast("inputs", inputs, 1);
        atLeast("hidden", hidden, 1);
        atLeast("attentionHidden", attentionHidden, 1);
        atLeast("outputs", outputs, 1);
        atLeast("kTop", kTop, 0);
        atLeast("kAtt", kAtt, 1);
        atLeast("kTrunc", kTrunc, 0);
        atLeast("maxHops", maxHops, 0);
        atLeast("memories", memories, keep == Keep.ALL ? 0 : 1);
        atLeast("beam", beam, beam == 0 || attention != Attention.SPARSE ? 0 : sparsifier.taken(kTop));
        if (keep == Keep.ALL && memories > 0) {
            throw new IllegalArgumentException(
                    "memories bounds what another keep than ALL keeps, and ALL keeps all: " + memories);
        }
        if (beam > 0 && (attention != Attention.SPARSE || score != ScoreKind.MLP || keep != Keep.ALL)) {
            throw new IllegalArgumentException(
                    "beam searches among all memories of sparse attention by mlp scores; these are " + attention + ", "
                            + score + ", " + keep);
        }
        if (beam > MOST_BEAM) {
            throw new IllegalArgumentException("beam must be at most " + MOST_BEAM + ": " + beam);
        }
        if (!(epsilon >= 0) || Float.isInfinite(epsilon)) {
            throw new IllegalArgumentException("epsilon must be a number of at least 0: " + epsilon);
        }
        if (!(scoreScale > 0) || Float.isInfinite(scoreScale)) {
            throw new IllegalArgumentException("scoreScale must be a number above 0: " + scoreScale);
        }
        if (!(memoryBound >= 0) || Float.isInfinite(memoryBound)) {
            throw new IllegalArgumentException("memoryBound must be a number of at least 0: " + memoryBound);
        }
    }

    /** A model with all credit, as printed. */
    public ModelConfig(
            int inputs,
            int hidden,
            int attentionHidden,
            int outputs,
            Attention attention,
            ScoreKind score,
            Sparsifier sparsifier,
            int kTop,
            int kAtt,
            int kTrunc,
            MentalUpdates mentalUpdates,
            float epsilon,
            float scoreScale) {
        this(
                inputs,
                hidden,
                attentionHidden,
                outputs,
                attention,
                score,
                sparsifier,
                kTop,
                kAtt,
                kTrunc,
                mentalUpdates,
                epsilon,
                scoreScale,
                true,
                0,
                0,
                Keep.ALL,
                0,
                0);
    }

    /**
     * The method as {@code sab train copy} has it by default: {@code mlp} scores, a null memory, credit through the scores, k_trunc 5,
     * k_top 5, k_att 2.
     */
    public static ModelConfig sab(int inputs, int hidden, int outputs) {
        return new ModelConfig(
                inputs,
                hidden,
                hidden,
                outputs,
                Attention.SPARSE,
                ScoreKind.MLP,
                Sparsifier.NULL_SOFTMAX,
                5,
                2,
                5,
                MentalUpdates.ON,
                1e-2f,
                0.1f,
                true,
                0,
                0,
                Keep.ALL,
                0,
                0);
    }

    /** The same with other block, retrieval and memory lengths. */
    public ModelConfig with(int newKTrunc, int newKTop, int newKAtt) {
        return changed(
                sparsifier, scoreCredit, newKTop, newKAtt, newKTrunc, mentalUpdates, maxHops, keep, memories, beam);
    }

    /** The same with another way from scores to weights. */
    public ModelConfig with(Sparsifier newSparsifier) {
        return changed(newSparsifier, scoreCredit, kTop, kAtt, kTrunc, mentalUpdates, maxHops, keep, memories, beam);
    }

    /** The same with {@link #scoreCredit} on or off. */
    public ModelConfig withScoreCredit(boolean on) {
        return changed(sparsifier, on, kTop, kAtt, kTrunc, mentalUpdates, maxHops, keep, memories, beam);
    }

    /** The same with another bound on the number of retrievals that credit goes through. */
    public ModelConfig within(int newMaxHops) {
        return changed(sparsifier, scoreCredit, kTop, kAtt, kTrunc, mentalUpdates, newMaxHops, keep, memories, beam);
    }

    /** The same with another write policy, which holds at most so many memories. */
    public ModelConfig keeping(Keep newKeep, int newMemories) {
        return changed(sparsifier, scoreCredit, kTop, kAtt, kTrunc, mentalUpdates, maxHops, newKeep, newMemories, beam);
    }

    /** The same with another search for the largest scores. */
    public ModelConfig searching(int newBeam) {
        return changed(sparsifier, scoreCredit, kTop, kAtt, kTrunc, mentalUpdates, maxHops, keep, memories, newBeam);
    }

    /** Which states are kept as memories. */
    public WritePolicy writePolicy() {
        return keep.policy(kAtt, memories);
    }

    /** About how many floats the memories of a sequence of so many steps take, with their keys and the state itself. */
    public long memoryFloats(int steps) {
        long held = attends() ? writePolicy().capacity(steps) : 0;
        int key = score == ScoreKind.MLP ? attentionHidden : 0;
        return (held + 1) * (hidden + key);
    }

    /** Through how many retrievals credit goes: none without mental updates, or that to the step that wrote the memory. */
    int mostHops() {
        return switch (mentalUpdates) {
            case ON -> maxHops == 0 ? Integer.MAX_VALUE : maxHops;
            case DIRECT -> 1;
            case OFF -> 0;
        };
    }

    /** The same with other mental updates. */
    public ModelConfig with(MentalUpdates newMentalUpdates) {
        return changed(sparsifier, scoreCredit, kTop, kAtt, kTrunc, newMentalUpdates, maxHops, keep, memories, beam);
    }

    private ModelConfig changed(
            Sparsifier newSparsifier,
            boolean newScoreCredit,
            int newKTop,
            int newKAtt,
            int newKTrunc,
            MentalUpdates newMentalUpdates,
            int newMaxHops,
            Keep newKeep,
            int newMemories,
            int newBeam) {
        return new ModelConfig(
                inputs,
                hidden,
                attentionHidden,
                outputs,
                attention,
                score,
                newSparsifier,
                newKTop,
                newKAtt,
                newKTrunc,
                newMentalUpdates,
                epsilon,
                scoreScale,
                newScoreCredit,
                memoryBound,
                newMaxHops,
                newKeep,
                newMemories,
                newBeam);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
        }
    }

    /** Whether a step is reminded of anything. */
    public boolean attends() {
        return attention == Attention.DENSE || (attention == Attention.SPARSE && kTop > 0);
    }
}
