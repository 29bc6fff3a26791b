package org.sab4j.head;

/**
 * Losses added up, over all scored steps and over those that a task reports on (the last ten of the copy task).
 *
 * <p>Sums are in double precision; those of several shards are added in the order of the shards.
 */
public final class LossSums {

    private double loss;
    private double weight;
    private long scored;
    private double reportedLoss;
    private double reportedWeight;
    private long reported;
    private long answered; // reported steps whose target is a class
    private long correct;

    /** Nothing yet. */
    public LossSums() {}

    /** Adds one scored step whose target is a class. */
    void answered(double stepLoss, float stepWeight, boolean isReported, boolean isCorrect) {
        add(stepLoss, stepWeight, isReported);
        if (isReported) {
            answered++;
            correct += isCorrect ? 1 : 0;
        }
    }

    /** Adds one scored step, which counts as much as its weight says. */
    void add(double stepLoss, float stepWeight, boolean isReported) {
        loss += stepWeight * stepLoss;
        weight += stepWeight;
        scored++;
        if (isReported) {
            reportedLoss += stepWeight * stepLoss;
            reportedWeight += stepWeight;
            reported++;
        }
    }

    /** Adds another's sums. */
    public void add(LossSums other) {
        loss += other.loss;
        weight += other.weight;
        scored += other.scored;
        reportedLoss += other.reportedLoss;
        reportedWeight += other.reportedWeight;
        reported += other.reported;
        answered += other.answered;
        correct += other.correct;
    }

    /** Forgets all. */
    public void clear() {
        loss = 0;
        weight = 0;
        scored = 0;
        reportedLoss = 0;
        reportedWeight = 0;
        reported = 0;
        answered = 0;
        correct = 0;
    }

    /** How many steps were scored. */
    public long scored() {
        return scored;
    }

    /** The weighted mean over all scored steps; NaN if there are none. */
    public double loss() {
        return loss / weight;
    }

    /** The weighted mean over the reported steps; NaN if there are none. */
    public double reportedLoss() {
        return reportedLoss / reportedWeight;
    }

    /**
     * The share of the reported steps, 0 … 1, whose largest output was the target; each counts the same, and outputs that are no numbers are
     * never right. NaN if there are none, or the targets are numbers.
     */
    public double accuracy() {
        return (double) correct / answered;
    }
}
