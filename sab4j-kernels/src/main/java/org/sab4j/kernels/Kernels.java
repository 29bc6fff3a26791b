package org.sab4j.kernels;

/**
 * The numeric loops of sab4j, in single precision.
 *
 * <p>Every method reads and writes only the ranges that its documentation names, allocates nothing and keeps nothing, so
 * one instance may be used from any number of threads. Arguments are not checked beyond what array access checks: the
 * callers own the shapes. NaN and infinity are passed on, never hidden.
 */
public interface Kernels extends Products {

    /** The bound on 1 + e^{2x} in {@link #mlpScores}: 2^30; there tanh is 1 to within single precision. */
    float MAX_DENOMINATOR = 1 << 30;

    /**
     * 2^−80: gradients, averages of them and cells that are smaller become 0. From step to step they would shrink to subnormal floats (below
     * 2^−126), where they stay, as half of the smallest one rounds to itself, and with which processors calculate up to fifty times more slowly.
     */
    float LEAST = 0x1p-80f;

    /** x, or 0 where |x| is below {@code least}. */
    static float orZero(float x, float least) {
        return Math.abs(x) < least ? 0 : x;
    }

    /** What {@code sab doctor} prints: the provider's name. */
    String name();

    /** How many floats an instruction works on; 1 for scalar code. */
    int lanes();

    // ---- the LSTM's pointwise part ---------------------------------------------------------------------------------

    /**
     * Gates, cell and output of an LSTM: i, f, o = σ(·), g = tanh(·), c = f c' + i g, ĥ = o tanh(c). A cell below {@link #LEAST} is 0.
     *
     * @param gates (rows, 4h) the sums of the gates in the order i, f, g, o; replaced by the activated gates
     * @param cPrevious (rows, h)
     * @param c (rows, h) written
     * @param output (rows, h) written: ĥ
     */
    void lstmForward(
            int rows,
            int h,
            float[] gates,
            int gOff,
            float[] cPrevious,
            int cpOff,
            float[] c,
            int cOff,
            float[] output,
            int oOff);

    /**
     * The backward pass of {@link #lstmForward}. Gradients below {@link #LEAST} become 0.
     *
     * @param gates (rows, 4h) the activated gates; replaced by the gradient of the sums
     * @param cPrevious (rows, h)
     * @param c (rows, h)
     * @param dOutput (rows, h) the gradient of ĥ
     * @param dc (rows, h) the gradient of c from later steps; replaced by the gradient of cPrevious
     */
    void lstmBackward(
            int rows,
            int h,
            float[] gates,
            int gOff,
            float[] cPrevious,
            int cpOff,
            float[] c,
            int cOff,
            float[] dOutput,
            int oOff,
            float[] dc,
            int dcOff);

    // ---- attention scores ------------------------------------------------------------------------------------------

    /** out = e^{2x}, with |2x| held to 86 so that neither end leaves the normal floats. NaN stays NaN. */
    void exp2x(int n, float[] x, int xOff, float[] out, int oOff);

    /** How many memories a block of {@link #mlpScores} holds. */
    int keyBlock();

    /**
     * Scores of {@code n} memories for one query, {@code out_j = Σ_u w_u tanh(key_ju + query_u)}.
     *
     * <p>With E = e^{2 key} e^{2 query} this is Σ w − 2 Σ w / (1 + E): one product and a share of one division an
     * element instead of a tanh. Absolute error at most a few 1e-7 · Σ|w|.
     *
     * @param query (a) e^{2 query}
     * @param keys e^{2 key} in blocks of {@link #keyBlock()} memories: key j, unit u at
     *     {@code keys[kOff + (j / block) * a * block + u * block + j % block]}; the last block must be readable whole
     * @param w (a)
     * @param out the scores, written up to the next multiple of {@link #keyBlock()}; what stands at n and after is
     *     arbitrary
     */
    void mlpScores(
            int n, int a, float[] query, int qOff, float[] keys, int kOff, float[] w, int wOff, float[] out, int oOff);

    /**
     * The backward pass of {@link #mlpScores} for {@code count} chosen memories.
     *
     * @param indices (count) which memories
     * @param dScores (count) the gradients of their scores
     * @param query (a) e^{2 query}
     * @param keys e^{2 key} row by row: key j at {@code keys[kOff + j * a]}
     * @param dQuery (a) added to
     * @param dKeys row by row as {@code keys}, added to
     * @param dw (a) added to
     */
    void mlpScoresBackward(
            int count,
            int[] indices,
            int iOff,
            float[] dScores,
            int dsOff,
            int a,
            float[] query,
            int qOff,
            float[] keys,
            int kOff,
            float[] w,
            int wOff,
            float[] dQuery,
            int dqOff,
            float[] dKeys,
            int dkOff,
            float[] dw,
            int dwOff);

    /** Σ_j w_j tanh(x_j), over n. */
    float tanhDot(int n, float[] x, int xOff, float[] w, int wOff);

    /** The backward pass of {@link #tanhDot}: dx_j += d w_j (1 − tanh²(x_j)), dw_j += d tanh(x_j). */
    void tanhDotBackward(
            int n, float d, float[] x, int xOff, float[] w, int wOff, float[] dx, int dxOff, float[] dw, int dwOff);

    // ---- retrieval -------------------------------------------------------------------------------------------------

    /**
     * The {@code min(k, n)} largest of n scores, largest first; of equal ones the earlier comes first. NaN counts as
     * larger than everything.
     *
     * @param indices written: their positions, relative to {@code sOff}
     * @param values written: the scores
     * @return min(k, n)
     */
    int topK(int n, float[] scores, int sOff, int k, int[] indices, int iOff, float[] values, int vOff);

    /** out = Σ_j w_j row(index_j), over {@code count} rows of {@code h} floats in {@code rows}; 0 where count is 0. */
    void weightedSum(
            int count,
            int[] indices,
            int iOff,
            float[] weights,
            int wOff,
            int h,
            float[] rows,
            int rOff,
            float[] out,
            int oOff);

    /**
     * The backward pass of {@link #weightedSum}: dRow(index_j) += w_j d and dWeights_j = ⟨d, row(index_j)⟩.
     *
     * @param d (h) the gradient of the sum
     */
    void weightedSumBackward(
            int count,
            int[] indices,
            int iOff,
            float[] weights,
            int wOff,
            int h,
            float[] rows,
            int rOff,
            float[] d,
            int dOff,
            float[] dRows,
            int drOff,
            float[] dWeights,
            int dwOff);

    // ---- elementwise -----------------------------------------------------------------------------------------------

    /** out = x + y, over n. */
    void add(int n, float[] x, int xOff, float[] y, int yOff, float[] out, int oOff);

    /** y += s x, over n. */
    void axpy(int n, float s, float[] x, int xOff, float[] y, int yOff);

    /** y *= s, over n. */
    void scale(int n, float s, float[] y, int yOff);

    /** Σ x², in double precision but for sums of at most about a thousand squares. */
    double sumOfSquares(int n, float[] x, int xOff);

    /** Each of the rows of x, shape (rows, n), becomes its softmax. */
    void softmaxRows(int rows, int n, float[] x, int xOff);

    /**
     * One step of Adam (Kingma &amp; Ba 2015, with the bias corrections in {@code rate} and {@code epsilon}):
     * m = β1 m + (1 − β1) s g, v = β2 v + (1 − β2) (s g)², x −= rate m / (√v + epsilon). An average
     * below {@link #LEAST} becomes 0, one of squares below the least normal float.
     *
     * @param rate α √(1 − β2^t) / (1 − β1^t)
     * @param epsilon ε √(1 − β2^t)
     * @param off where the n floats begin, in all four arrays
     * @param gradientScale s, the factor by which clipping shortens g
     */
    void adam(
            int n,
            int off,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float gradientScale,
            float[] x,
            float[] g,
            float[] m,
            float[] v);

    /**
     * One step of AdEMAMix (Pagliardini, Ablin &amp; Grangier 2025): Adam with a second, slower average of the gradients. As
     * {@link #adam}, and s = β3 s + (1 − β3) g' where g' is the gradient times {@code gradientScale}; x −= (rate m + slowRate s) / (√v + epsilon).
     *
     * @param slowRate α times the learning rate times √(1 − β2^t)
     * @param s the slower average, which begins with zeros and has no bias correction
     */
    void adEmaMix(
            int n,
            int off,
            float rate,
            float slowRate,
            float beta1,
            float beta2,
            float beta3,
            float epsilon,
            float gradientScale,
            float[] x,
            float[] g,
            float[] m,
            float[] s,
            float[] v);
}
