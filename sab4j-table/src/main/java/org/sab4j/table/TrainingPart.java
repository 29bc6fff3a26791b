package org.sab4j.table;

import java.util.List;
import java.util.stream.IntStream;

/** What is learnt of the columns from the training part: scales, words, how often each class occurs. */
final class TrainingPart {

    private final PackedTable table;
    private final Pieces pieces;
    private final Moments[] features;
    private final Moments target = new Moments();

    /** Mean and variance of numbers that are seen one by one (Welford 1962), and how many were not there. */
    private static final class Moments {
        private long count;
        private long missing;
        private double mean;
        private double squares;
        private boolean tiny; // whether a difference has no square

        void add(double x) {
            if (Double.isNaN(x)) {
                missing++;
                return;
            }
            count++;
            double difference = x - mean;
            tiny |= count > 1 && difference != 0 && difference * difference < Double.MIN_NORMAL;
            mean += difference / count;
            squares += difference * (x - mean);
        }

        /** 1 where all are the same. */
        double deviation(String name) throws TableException {
            double variance = count == 0 ? 0 : squares / count;
            if (tiny && variance < Double.MIN_NORMAL) {
                throw new TableException(
                        "column " + TableException.quoted(name)
                                + " varies by less than 1e-150, whose square is none in double precision: multiply it by something large");
            }
            return variance > 0 ? Math.sqrt(variance) : 1;
        }
    }

    /** Goes once over the part. */
    TrainingPart(PackedTable table, Pieces pieces, int features) {
        this.table = table;
        this.pieces = pieces;
        this.features =
                IntStream.range(0, features).mapToObj(i -> new Moments()).toArray(Moments[]::new);
        for (int piece = 0; piece < pieces.size(); piece++) {
            for (int t = 0; t < pieces.length(piece); t++) {
                for (int i = 0; i < features; i++) {
                    this.features[i].add(table.raw(pieces.from(piece) + t, i));
                }
            }
        }
        forEachTarget(target::add);
    }

    private void forEachTarget(java.util.function.DoubleConsumer action) {
        for (int piece = 0; piece < pieces.size(); piece++) {
            for (int t = 0; t < pieces.length(piece); t++) {
                double value = pieces.target(piece, t);
                if (!Double.isNaN(value)) {
                    action.accept(value);
                }
            }
        }
    }

    /** Whether a column has the same number or word in every row. */
    boolean isConstant(int feature) {
        Moments found = features[feature];
        return found.missing == 0 && found.squares == 0 && !found.tiny;
    }

    /** Whether a column has no value in any row. */
    boolean isEmpty(int feature) {
        return features[feature].count == 0;
    }

    /** A column of numbers. */
    Feature number(int feature, String name, boolean time) throws TableException {
        Moments found = features[feature];
        return new Feature.Numeric(name, time, found.mean, found.deviation(name), found.missing > 0);
    }

    /** A column of words. */
    Feature category(int feature, String name, List<String> words) {
        return new Feature.Category(name, words, features[feature].missing > 0);
    }

    /** How often each word of a column is there, by its number. */
    long[] words(int feature, int size) {
        long[] counts = new long[size];
        for (int piece = 0; piece < pieces.size(); piece++) {
            for (int t = 0; t < pieces.length(piece); t++) {
                double raw = table.raw(pieces.from(piece) + t, feature);
                if (raw >= 0) {
                    counts[(int) raw]++;
                }
            }
        }
        return counts;
    }

    /** The scale of a target that is a number. */
    Outcome value(String name) throws TableException {
        return new Outcome.Value(target.mean, target.deviation(name));
    }

    /** How often each class is a target. */
    long[] classes(int classes) {
        long[] counts = new long[classes];
        forEachTarget(value -> counts[(int) value]++);
        return counts;
    }
}
