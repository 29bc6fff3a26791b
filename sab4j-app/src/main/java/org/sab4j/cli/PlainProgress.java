package org.sab4j.cli;

import org.sab4j.train.TrainEvent;

/** Lines now and then, for a file or a pipe. */
final class PlainProgress extends TextProgress {

    private static final long BETWEEN = 10_000_000_000L; // ns

    private long printedAt = System.nanoTime();
    private long updatedAt = printedAt;
    private double loss = Double.NaN;

    PlainProgress() {}

    @Override
    void updated(TrainEvent.Updated event) {
        loss = event.loss();
        updatedAt = System.nanoTime();
        if (System.nanoTime() - printedAt >= BETWEEN) {
            print(event.update());
        }
    }

    @Override
    void evaluated(TrainEvent.Evaluated event) {
        print(event.update());
    }

    @Override
    void within(String line) {
        if (System.nanoTime() - Math.max(printedAt, updatedAt) >= BETWEEN) {
            System.out.println(line);
            printedAt = System.nanoTime();
        }
    }

    private void print(long update) {
        System.out.println(line(update, loss));
        printedAt = System.nanoTime();
    }

    @Override
    void note(String sentence) {
        System.out.println(sentence);
    }

    @Override
    void finished() {}
}
