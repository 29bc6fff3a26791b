package org.sab4j.batch;

/**
 * B sequences of T steps.
 *
 * @param sequences B
 * @param steps T
 * @param inputs what the model sees
 * @param targets what it should say
 */
public record Batch(int sequences, int steps, Inputs inputs, Targets targets) {

    /** Checks that the arrays have the sizes that B and T ask for. */
    public Batch {
        int cells = Math.multiplyExact(sequences, steps);
        int found = switch (inputs) {
            case Inputs.Symbols symbols -> symbols.values().length;
            case Inputs.Vectors vectors -> vectors.values().length / Math.max(1, vectors.size());
        };
        if (found != cells) {
            throw new IllegalArgumentException("Inputs for " + found + " steps in a batch of " + sequences
                    + " sequences of " + steps + " steps (" + cells + ")");
        }
        int targeted = switch (targets) {
            case Targets.Classes classes -> classes.values().length;
            case Targets.Values values -> values.scored().length;
        };
        if (targeted != cells) {
            throw new IllegalArgumentException("Targets for " + targeted + " steps in a batch of " + sequences
                    + " sequences of " + steps + " steps (" + cells + ")");
        }
    }

    /** How many steps of all sequences the loss counts. */
    public int scored() {
        int count = 0;
        for (int at = 0; at < sequences * steps; at++) {
            if (targets.scored(at)) {
                count++;
            }
        }
        return count;
    }
}
