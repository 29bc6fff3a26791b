package org.sab4j.bench;

import java.util.ArrayList;
import java.util.List;

/** Contenders measured by turns, A B C A B C …, so that whatever else the machine does falls on all of them. */
public final class Contest {

    /**
     * One of them.
     *
     * @param name for tables
     */
    record Contender(String name, Update update) {}

    /**
     * What came of one.
     *
     * @param firstLosses the losses of its first updates, which should agree with the others'
     * @param milliseconds of an update
     * @param rounds milliseconds of an update, round by round
     * @param ratio its milliseconds as multiples of the first contender's in the same round
     */
    public record Outcome(
            String name, List<Double> firstLosses, Spread milliseconds, List<Double> rounds, Spread ratio) {}

    private static final int FIRST = 3;

    private Contest() {}

    /**
     * Measures all.
     *
     * @param seconds how long a contender has a turn; at least one update
     * @param warmUp seconds before the first round, for each
     */
    static List<Outcome> run(List<Contender> contenders, int rounds, double seconds, double warmUp) {
        int n = contenders.size();
        List<List<Double>> losses = new ArrayList<>();
        int[] updates = new int[n];
        for (int i = 0; i < n; i++) {
            losses.add(new ArrayList<>());
            for (int j = 0; j < FIRST; j++) {
                losses.get(i).add(contenders.get(i).update().run());
            }
            double milliseconds = warm(contenders.get(i).update(), warmUp);
            updates[i] = (int) Math.clamp(seconds * 1e3 / milliseconds, 1, 100_000);
        }
        double[][] times = new double[n][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < n; i++) {
                times[i][round] = milliseconds(contenders.get(i).update(), updates[i]);
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double[] ratios = new double[rounds];
            List<Double> list = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                ratios[round] = times[i][round] / times[0][round];
                list.add(times[i][round]);
            }
            outcomes.add(
                    new Outcome(contenders.get(i).name(), losses.get(i), Spread.of(times[i]), list, Spread.of(ratios)));
        }
        return outcomes;
    }

    /** Milliseconds of the fastest update, which is one of the last. */
    private static double warm(Update update, double seconds) {
        long start = System.nanoTime();
        double best = Double.MAX_VALUE;
        do {
            best = Math.min(best, milliseconds(update, 1));
        } while (System.nanoTime() - start < seconds * 1e9);
        return best;
    }

    private static double milliseconds(Update update, int updates) {
        long start = System.nanoTime();
        for (int i = 0; i < updates; i++) {
            update.run();
        }
        return (System.nanoTime() - start) / 1e6 / updates;
    }
}
