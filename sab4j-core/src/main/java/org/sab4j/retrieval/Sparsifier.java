package org.sab4j.retrieval;

import org.sab4j.kernels.Kernels;

/**
 * From the largest scores to weights that are zero for all other memories.
 *
 * <p>Scores come largest first, but for a softmax over all. There are {@code count} of them, {@code min(taken(kTop), N)}.
 */
public enum Sparsifier {

    /**
     * The paper's (§3.1, Algorithm 1): θ is the min(K + 1, N)-th largest score, r_i = max(a_i − θ, 0), w_i = r_i / (Σ r +
     * ε). The gradient passes through θ. A lone memory gets weight 0, and so do all where Σ r + ε = 0.
     */
    RELU {
        @Override
        public int taken(int kTop) {
            return kTop == Integer.MAX_VALUE ? kTop : kTop + 1;
        }

        @Override
        void forward(int count, float[] scores, float epsilon, float[] weights, int off) {
            float theta = scores[count - 1];
            float sum = sum(count, scores, theta) + epsilon;
            for (int j = 0; j < count; j++) {
                float above = Math.max(scores[j] - theta, 0);
                weights[off + j] = sum == 0 ? 0 : above / sum;
            }
        }

        // ∂L/∂r_i = (g_i − Σ w g) / (Σ r + ε) where r_i > 0; θ's score gets minus their sum.
        @Override
        void backward(int count, float[] weights, int off, float sum, float[] dWeights, float[] dScores) {
            float mean = mean(count, weights, off, dWeights);
            float total = 0;
            for (int j = 0; j < count; j++) {
                dScores[j] = weights[off + j] > 0 ? Kernels.orZero((dWeights[j] - mean) / sum, Kernels.LEAST) : 0;
                total += dScores[j];
            }
            dScores[count - 1] -= total;
        }

        @Override
        float normaliser(int count, float[] scores, float epsilon) {
            return sum(count, scores, scores[count - 1]) + epsilon;
        }

        private float sum(int count, float[] scores, float theta) {
            float sum = 0;
            for (int j = 0; j < count; j++) {
                sum += Math.max(scores[j] - theta, 0);
            }
            return sum;
        }
    },

    /** The softmax over the min(K, N) largest scores: as sparse, and its Jacobian is bounded. */
    SOFTMAX {
        @Override
        void forward(int count, float[] scores, float epsilon, float[] weights, int off) {
            softmax(count, scores, Float.NEGATIVE_INFINITY, weights, off);
        }
    },

    /**
     * The same with a null memory among them, a zero vector whose score is 0: w_i = exp(a_i) / (1 + Σ exp(a_j)). So the weights may all
     * be small, and a step be reminded of next to nothing.
     */
    NULL_SOFTMAX {
        @Override
        void forward(int count, float[] scores, float epsilon, float[] weights, int off) {
            softmax(count, scores, 0, weights, off);
        }
    };

    /** How many of the largest scores are looked at. */
    public int taken(int kTop) {
        return kTop;
    }

    /** Writes the weights of the {@code count} memories from {@code off}. */
    abstract void forward(int count, float[] scores, float epsilon, float[] weights, int off);

    /** What the backward pass needs to know of the scores: Σ r + ε for {@code RELU}. */
    float normaliser(int count, float[] scores, float epsilon) {
        return 1;
    }

    /**
     * The gradients of the scores.
     *
     * @param sum what {@link #normaliser} gave in the forward pass
     * @param dWeights (count) g_i = ⟨∂L/∂s, m_i⟩
     * @param dScores (count) written; 0 where it would be below {@link Kernels#LEAST}
     */
    void backward(int count, float[] weights, int off, float sum, float[] dWeights, float[] dScores) {
        float mean = mean(count, weights, off, dWeights);
        for (int j = 0; j < count; j++) {
            dScores[j] = Kernels.orZero(weights[off + j] * (dWeights[j] - mean), Kernels.LEAST);
        }
    }

    /**
     * The softmax over scores in any order.
     *
     * @param nullScore of a memory that is there besides; −∞ for none
     */
    private static void softmax(int count, float[] scores, float nullScore, float[] weights, int off) {
        float max = nullScore;
        for (int j = 0; j < count; j++) {
            max = Math.max(max, scores[j]);
        }
        float sum = (float) Math.exp(nullScore - max);
        for (int j = 0; j < count; j++) {
            weights[off + j] = (float) Math.exp(scores[j] - max);
            sum += weights[off + j];
        }
        for (int j = 0; j < count; j++) {
            weights[off + j] /= sum;
        }
    }

    private static float mean(int count, float[] weights, int off, float[] dWeights) {
        float mean = 0;
        for (int j = 0; j < count; j++) {
            mean += weights[off + j] * dWeights[j];
        }
        return mean;
    }
}
