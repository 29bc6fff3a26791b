package org.sab4j.bench;

import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;

/**
 * What an update cannot do without, where every step is scored, inputs are symbols and credit reaches every memory.
 *
 * <p>For each of B sequences and T steps, of products of a vector with a matrix of m × n (2 m n operations):
 *
 * <ul>
 *   <li>W_hh (4H, H): forward; backward, save at the first step of a block; the weight's gradient;
 *   <li>W2 (A, H), at steps that have a memory to query: forward, backward, gradient;
 *   <li>W1 (A, H), for each memory written: forward, backward, gradient;
 *   <li>V1 and V2 (O, H): forward, backward, gradient.
 * </ul>
 *
 * Each step takes the scores of all its memories, with A units each; the backward pass needs k_top of them only.
 *
 * @param gemmFlops floating-point operations in matrix products
 * @param scoreElements (memory, unit) pairs of {@code mlp} scores in the forward pass, a tanh each
 */
public record Arithmetic(double gemmFlops, double scoreElements) {

    /**
     * The operations in matrix products, part by part.
     *
     * @param recurrentForward of W_hh
     * @param recurrentBackward of W_hh
     * @param weightGradients of W_hh, W1 and W2
     * @param queriesAndKeys of W1 and W2, forward and backward
     * @param head of V1 and V2, forward, backward and their gradients
     */
    record Parts(
            double recurrentForward,
            double recurrentBackward,
            double weightGradients,
            double queriesAndKeys,
            double head) {

        double sum() {
            return recurrentForward + recurrentBackward + weightGradients + queriesAndKeys + head;
        }
    }

    /** Of an update with sequences of so many steps. */
    static Arithmetic of(ModelConfig config, int steps, int batch) {
        long scores = 0;
        if (config.attends() && config.score() == ScoreKind.MLP) {
            for (int step = 1; step <= steps; step++) {
                scores += (step - 1) / config.kAtt();
            }
        }
        return new Arithmetic(parts(config, steps, batch).sum(), (double) scores * batch * config.attentionHidden());
    }

    /** The products of an update with sequences of so many steps. */
    static Parts parts(ModelConfig config, int steps, int batch) {
        double hidden = config.hidden();
        double firstSteps = config.kTrunc() == 0 ? 1 : Math.ceil((double) steps / config.kTrunc());
        double cell = 2.0 * batch * 4 * hidden * hidden;
        double head = 2.0 * batch * config.outputs() * hidden * 3 * steps;
        double scores = 0;
        if (config.attends() && config.score() == ScoreKind.MLP) {
            int written = steps / config.kAtt();
            int asked = Math.max(0, steps - config.kAtt());
            scores = 2.0 * batch * config.attentionHidden() * hidden * (asked + written);
        }
        return new Parts(
                cell * steps,
                cell * (steps - firstSteps),
                cell * steps + scores,
                2 * scores,
                config.attends() ? 2 * head : head);
    }

    /**
     * The least milliseconds that all threads together need.
     *
     * @param gflops the rate of matrix products, all threads together
     * @param scoreNanoseconds for an element, on one thread
     */
    double milliseconds(double gflops, double scoreNanoseconds, int threads) {
        return gemmFlops / gflops / 1e6 + scoreElements * scoreNanoseconds / threads / 1e6;
    }
}
