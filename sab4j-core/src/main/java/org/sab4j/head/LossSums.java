package org.sab4j.head;

/**
 * Losses added up, over all scored steps and over those that a task reports on (the last ten of the copy task).
 *
 * <p>Sums are in double precision; those of several shards are added in the order of the shards.
 */
public final class LossSums {

    private double loss;
    private long scored;
    private double reportedLoss;
    private long reported;
    private long correct;

    /** Nothing yet. */
    public LossSums() {}

    /** Adds one scored step. */
    void add(double stepLoss, boolean isReported, boolean isCorrect) {
        loss += stepLoss;
        scored++;
        if (isReported) {
            reportedLoss += stepLoss;
            reported++;
            correct += isCorrect ? 1 : 0;
        }
    }

    /** Adds another's sums. */
    public void add(LossSums other) {
        loss += other.loss;
        scored += other.scored;
        reportedLoss += other.reportedLoss;
        reported += other.reported;
        correct += other.correct;
    }

    /** Forgets all. */
    public void clear() {
        loss = 0;
        scored = 0;
        reportedLoss = 0;
        reported = 0;
        correct = 0;
    }

    /** How many steps were scored. */
    public long scored() {
        return scored;
    }

    /** The mean over all scored steps; NaN if there are none. */
    public double loss() {
        return loss / scored;
    }

    /** The mean over the reported steps; NaN if there are none. */
    public double reportedLoss() {
        return reportedLoss / reported;
    }

    /** The share of the reported steps, 0 … 1, whose largest output was the target. */
    public double accuracy() {
        return (double) correct / reported;
    }
}
