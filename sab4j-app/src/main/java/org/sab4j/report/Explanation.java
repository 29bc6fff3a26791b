package org.sab4j.report;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a model was reminded of in some sequences, and where the credit of their outputs went. Steps count from 1.
 *
 * @param update when the model was found
 * @param kTrunc the steps of a block
 * @param kAtt every how many steps a state is kept
 * @param attends whether the model has a memory at all
 * @param nullMemory whether the weights of a step's reminders leave the rest to 1 to a null memory, that is to nothing
 * @param mentalUpdates whether it was trained with mental updates
 * @param directCredit whether without them it was trained with direct credit
 * @param most how many reminders of a step there are at the most; of dense attention there may be others
 */
public record Explanation(
        long update,
        int kTrunc,
        int kAtt,
        boolean attends,
        boolean nullMemory,
        boolean mentalUpdates,
        boolean directCredit,
        int most,
        Look look,
        List<Sequence> sequences) {

    /** The null memory's weight beside a step's reminders; empty if there is none, if there are {@link #others}, or no memory yet. */
    public OptionalDouble nothing(List<Share> reminders) {
        return !nullMemory || reminders.isEmpty() || isCut(reminders)
                ? OptionalDouble.empty()
                : OptionalDouble.of(rest(reminders));
    }

    /** The weight of memories beyond the most reminders of a step that are kept, and of the null memory with them; empty if all are. */
    public OptionalDouble others(List<Share> reminders) {
        return isCut(reminders) ? OptionalDouble.of(rest(reminders)) : OptionalDouble.empty();
    }

    private boolean isCut(List<Share> reminders) {
        return reminders.size() == most;
    }

    private static double rest(List<Share> reminders) {
        return Math.max(0, 1 - reminders.stream().mapToDouble(Share::share).sum());
    }

    /**
     * One sequence.
     *
     * @param name what it is
     * @param symbols (T) what the model saw; empty where it saw vectors
     * @param values (T, I) what it saw; empty where it saw symbols
     * @param reminders (T) what each step was reminded of, the largest weight first
     * @param outputs of the steps that are scored; of all where none is
     * @param scored how many outputs there are that credit could be asked of
     * @param credits of some of them
     */
    public record Sequence(
            String name,
            List<Integer> symbols,
            List<List<Float>> values,
            List<List<Share>> reminders,
            List<Output> outputs,
            int scored,
            List<Credit> credits) {

        /** T. */
        public int steps() {
            return reminders.size();
        }
    }

    /**
     * A step, and how much of something it has.
     *
     * @param step from 1
     * @param share a reminder's weight, or credit
     */
    public record Share(int step, float share) {}

    /**
     * What a step said.
     *
     * @param target the class or the numbers that were to be said; empty where there is no target
     * @param said the class, or the numbers
     * @param probability of that class; null for numbers
     */
    public record Output(
            int step,
            List<Float> target,
            List<Float> said,
            @Nullable Float probability) {}

    /**
     * What an output sent back, see {@link org.sab4j.explain.Credits}.
     *
     * @param output the step
     * @param size the length of the loss's own gradient
     * @param with credit with mental updates, by step; steps without credit are left out
     * @param without the same without mental updates, with direct credit if the model has that
     */
    public record Credit(int output, double size, List<Share> with, List<Share> without) {}
}
