package org.sab4j.task;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.sab4j.head.LossSums;

/** A figure by which a model is judged, on the steps that a task reports on. */
public enum Measure {
    /** The share of right answers, 0 … 1. */
    ACCURACY("accuracy") {
        @Override
        public double of(LossSums sums) {
            return sums.accuracy();
        }
    },
    /** The mean cross-entropy in nats. */
    CROSS_ENTROPY("crossEntropy") {
        @Override
        public double of(LossSums sums) {
            return sums.reportedLoss();
        }
    },
    /** Bits per character: the mean cross-entropy over ln 2. */
    BITS_PER_CHARACTER("bpc") {
        @Override
        public double of(LossSums sums) {
            return sums.reportedLoss() / Math.log(2);
        }
    },
    /** The mean squared error. */
    MSE("mse") {
        @Override
        public double of(LossSums sums) {
            return sums.reportedLoss();
        }
    },
    /** The root of the mean squared error. */
    RMSE("rmse") {
        @Override
        public double of(LossSums sums) {
            return Math.sqrt(sums.reportedLoss());
        }
    };

    private final String name;

    Measure(String name) {
        this.name = name;
    }

    /** As it is called in files and on the terminal. */
    public String title() {
        return name;
    }

    /** Its value; NaN if no step was scored. */
    public abstract double of(LossSums sums);

    /** Some of them by name, in that order. */
    public static SequencedMap<String, Double> all(LossSums sums, Measure... measures) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        for (Measure measure : measures) {
            values.put(measure.name, measure.of(sums));
        }
        return values;
    }
}
