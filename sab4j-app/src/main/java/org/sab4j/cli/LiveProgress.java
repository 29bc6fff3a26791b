package org.sab4j.cli;

import org.sab4j.train.TrainEvent;

/** One line of a terminal, written over at each turn. */
final class LiveProgress extends TextProgress {

    private static final long BETWEEN = 100_000_000; // ns: more often, nobody could read it

    private static final long LONG = 1_000_000_000; // ns without an update

    private final Terminal terminal = new Terminal();
    private long shownAt = System.nanoTime() - BETWEEN;
    private long update;
    private double loss = Double.NaN;

    LiveProgress() {}

    @Override
    void updated(TrainEvent.Updated event) {
        update = event.update();
        loss = event.loss();
        if (System.nanoTime() - shownAt >= BETWEEN) {
            show();
        }
    }

    @Override
    void evaluated(TrainEvent.Evaluated event) {
        show();
    }

    /** Short updates don't want it. */
    @Override
    void within(String line) {
        if (System.nanoTime() - shownAt >= LONG) {
            terminal.show(line);
        }
    }

    private void show() {
        terminal.show(line(update, loss));
        shownAt = System.nanoTime();
    }

    @Override
    void note(String sentence) {
        terminal.clear();
        System.out.println(sentence);
    }

    @Override
    void finished() {
        terminal.clear();
    }
}
