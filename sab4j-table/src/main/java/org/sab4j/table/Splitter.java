package org.sab4j.table;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import org.sab4j.random.RandomStream;
import org.sab4j.task.Part;

/**
 * Shares sequences out to the parts.
 *
 * <p>By sequence: each belongs to one part, by lot, so that every part gets its share of each class. By time: where each step has
 * a target, two moments divide the steps, and what is measured is seen with all that went before it; where a sequence has one
 * target, it belongs where it ends.
 */
final class Splitter {

    private static final int SAMPLE = 1 << 20; // rows by which the moments are found

    private final PackedTable table;
    private final int window;
    private final boolean perStep;
    private final int horizon;
    private final double[] targets;
    private final boolean overlapping; // also the training part's pieces
    private final Map<Part, Pieces> parts = new EnumMap<>(Part.class);

    /**
     * A splitter, for one call.
     *
     * @param window the most steps of a piece; 0 for whole sequences
     * @param targets a sequence's target, NaN where it has none; not looked at where each step has its own
     * @param overlapping whether the training part's pieces overlap as those of the others do, so that a step is seen with what went
     *     before it: to be measured. To be trained on they follow one another
     */
    Splitter(PackedTable table, int window, boolean perStep, int horizon, double[] targets, boolean overlapping) {
        this.overlapping = overlapping;
        this.table = table;
        this.targets = targets;
        this.window = window;
        this.perStep = perStep;
        this.horizon = horizon;
        for (Part part : Part.values()) {
            parts.put(part, new Pieces(table, horizon));
        }
    }

    /** The parts' pieces. */
    Map<Part, Pieces> split(TableOptions options) {
        if (options.split() == SplitBy.TIME) {
            byTime(options);
        } else {
            bySequence(options);
        }
        // So that the first of them are a fair sample.
        pieces(Part.VALIDATION).shuffle(RandomStream.of(options.seed(), "validation"));
        return parts;
    }

    /** All of a table as the test part. */
    Map<Part, Pieces> all() {
        for (int sequence = 0; sequence < table.sequences(); sequence++) {
            if (perStep || !Double.isNaN(targets[sequence])) {
                cut(Part.TEST, sequence, table.start(sequence), table.end(sequence));
            }
        }
        return parts;
    }

    private Pieces pieces(Part part) {
        return java.util.Objects.requireNonNull(parts.get(part));
    }

    private void bySequence(TableOptions options) {
        int[] drawn = drawn(options);
        Part[] part = new Part[table.sequences()];
        double measured = options.test() + options.validation();
        for (int i = 0, count = 0; i < drawn.length; i++) {
            part[drawn[i]] = Part.TRAINING;
            if (passes(i, measured)) {
                part[drawn[i]] = passes(count++, options.test() / measured) ? Part.TEST : Part.VALIDATION;
            }
        }
        for (int sequence = 0; sequence < part.length; sequence++) {
            if (part[sequence] != null) {
                cut(part[sequence], sequence, table.start(sequence), table.end(sequence));
            }
        }
    }

    /** Whether i + 1 shares make up one whole more than i do: even spacing. */
    private static boolean passes(int i, double share) {
        return Math.floor((i + 1) * share + 1e-9) > Math.floor(i * share + 1e-9);
    }

    /** The sequences that have a target in a random order, but those of a class together. */
    private int[] drawn(TableOptions options) {
        int[] drawn = new int[table.sequences()];
        int count = 0;
        for (int sequence = 0; sequence < drawn.length; sequence++) {
            if (perStep || !Double.isNaN(targets[sequence])) {
                drawn[count++] = sequence;
            }
        }
        drawn = Arrays.copyOf(drawn, count);
        Pieces.shuffle(drawn, RandomStream.of(options.seed(), "split"));
        if (perStep || options.goal() != Goal.CLASSIFY) {
            return drawn;
        }
        return Arrays.stream(drawn)
                .boxed()
                .sorted(java.util.Comparator.comparingDouble(sequence -> targets[sequence])) // stable
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void byTime(TableOptions options) {
        double[] moments = perStep
                ? sample(table.rows(), SAMPLE, table::order, RandomStream.of(options.seed(), "moments"))
                : endMoments();
        Arrays.sort(moments);
        double firstValidation = moment(moments, 1 - options.validation() - options.test());
        double firstTest = moment(moments, 1 - options.test());
        for (int sequence = 0; sequence < table.sequences(); sequence++) {
            long start = table.start(sequence);
            long end = table.end(sequence);
            if (!perStep) {
                if (!Double.isNaN(targets[sequence])) {
                    double last = table.order(end - 1);
                    cut(part(last, firstValidation, firstTest), sequence, start, end);
                }
                continue;
            }
            long validation = firstAt(start, end, firstValidation);
            long test = firstAt(start, end, firstTest);
            cut(Part.TRAINING, sequence, start, validation);
            cut(Part.VALIDATION, sequence, validation, test);
            cut(Part.TEST, sequence, test, end);
        }
    }

    private static Part part(double moment, double firstValidation, double firstTest) {
        return moment >= firstTest ? Part.TEST : moment >= firstValidation ? Part.VALIDATION : Part.TRAINING;
    }

    /**
     * The moments of all rows where there are few, else of one in so many, which is drawn: with a fixed place sequences of one length would all give
     * the same few of their moments.
     *
     * @param size how many are enough; there are less than twice as many
     */
    static double[] sample(long rows, int size, LongToDoubleFunction moment, RandomStream random) {
        int every = (int) Math.max(1, rows / size);
        double[] moments = new double[Math.toIntExact(rows / every)];
        Arrays.setAll(moments, i -> moment.applyAsDouble((long) i * every + random.nextInt(every)));
        return moments;
    }

    private double[] endMoments() {
        return java.util.stream.IntStream.range(0, table.sequences())
                .filter(sequence -> !Double.isNaN(targets[sequence]))
                .mapToDouble(sequence -> table.order(table.end(sequence) - 1))
                .toArray();
    }

    private static double moment(double[] sorted, double share) {
        int at = (int) Math.round(share * sorted.length);
        return at < sorted.length ? sorted[at] : Double.POSITIVE_INFINITY;
    }

    /** A sequence's first row that is not before a moment. */
    private long firstAt(long start, long end, double moment) {
        long low = start;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (table.order(middle) < moment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Adds the pieces of a sequence whose targets stand in rows {@code first} … {@code end} − 1. */
    private void cut(Part part, int sequence, long first, long end) {
        long start = table.start(sequence);
        Windows windows = new Windows(window);
        if (!perStep) {
            long from = start + windows.first(end - 1 - start);
            int steps = steps(end - from);
            pieces(part).add(from, steps, steps - 1, end, targets[sequence]);
        } else if (part == Part.TRAINING && !overlapping) {
            long length = windows.cuts() ? windows.length() : table.rows();
            for (long from = first; from + horizon < end; from += length) {
                add(part, from, Math.min(from + length, end - horizon), from, end);
            }
        } else {
            long scored = Math.max(start, first - horizon);
            while (scored + horizon < end) {
                long until = Math.min(end - horizon - start, windows.end(scored - start)) + start;
                add(part, start + windows.first(scored - start), until, scored, end);
                scored = until;
            }
        }
    }

    /** Adds a piece if any of its steps has a target. */
    private void add(Part part, long from, long until, long scored, long end) {
        for (long row = scored; row < until; row++) {
            if (!Double.isNaN(table.target(row + horizon))) {
                pieces(part).add(from, steps(until - from), (int) (scored - from), end, Double.NaN);
                return;
            }
        }
    }

    private static int steps(long rows) {
        return Math.toIntExact(rows);
    }
}
