package org.sab4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.Metrics;
import org.sab4j.run.Version;
import org.sab4j.sweep.Overview;
import org.sab4j.sweep.Trial;
import org.sab4j.sweep.TrialEvent;
import org.sab4j.sweep.TrialRecord;
import org.sab4j.train.TrainEvent;

/** How the user follows a sweep. */
abstract sealed class SweepProgress implements Consumer<TrialEvent> {

    final Overview overview;
    private final long start = System.nanoTime();

    private SweepProgress(Overview overview) {
        this.overview = overview;
    }

    /** The one that fits. */
    static SweepProgress of(boolean json, Overview overview, Interrupts interrupts) {
        return json ? new Json(overview) : Terminal.isLive() ? new Live(overview, interrupts) : new Plain(overview);
    }

    @Override
    public final void accept(TrialEvent event) {
        overview.accept(event, (System.nanoTime() - start) / 1e9);
        show(event);
    }

    /** Before the first trial. */
    abstract void begin(String title, Path folder, int parallel);

    /** After an event, which the overview has taken in. */
    abstract void show(TrialEvent event);

    /** When nothing runs any more. */
    abstract void end(SweepSession.End end);

    /** Words for people. */
    private abstract static sealed class Text extends SweepProgress {

        private final SequencedMap<String, List<String>> noted =
                new LinkedHashMap<>(); // trials by what was said of them

        private Text(Overview overview) {
            super(overview);
        }

        @Override
        final void begin(String title, Path folder, int parallel) {
            System.out.printf(
                    Locale.ROOT,
                    "%s%n%s in %s, %s at a time%s%n%n",
                    title,
                    trials(overview.all()),
                    folder,
                    TextProgress.count(parallel),
                    overview.over() > 0
                            ? "; " + TextProgress.count(overview.over()) + (overview.over() == 1 ? " is" : " are")
                                    + " over"
                            : "");
        }

        /** What has not been said of another trial. */
        final List<String> news(TrialEvent event) {
            List<String> news = new ArrayList<>();
            if (event instanceof TrialEvent.Began began) {
                String name = began.trial().name();
                for (String note : began.notes()) {
                    List<String> trials = noted.computeIfAbsent(note, first -> new ArrayList<>());
                    if (trials.isEmpty()) {
                        news.add(name + ": " + note);
                    }
                    trials.add(name);
                }
            }
            return news;
        }

        @Override
        void end(SweepSession.End end) {
            noted.forEach((note, trials) -> {
                if (trials.size() > 1) {
                    Main.say(trials.getFirst() + " and " + TextProgress.count(trials.size() - 1) + " more: " + note);
                }
            });
            if (end.left() > 0) {
                System.out.println(trials(end.left())
                        + (end.left() == 1
                                ? " is left; the same command goes on with it, and nothing is lost."
                                : " are left; the same command goes on with them, and nothing is lost."));
            }
            if (end.failed() > 0) {
                System.out.println(trials(end.failed())
                        + (end.failed() == 1
                                ? " has failed; --retry tries it again."
                                : " have failed; --retry tries them again."));
            }
        }

        private static String trials(int count) {
            return TextProgress.count(count) + (count == 1 ? " trial" : " trials");
        }

        /** One line of the whole. */
        final String whole() {
            OptionalDouble remaining = overview.remaining();
            return TextProgress.count(overview.over()) + "/" + TextProgress.count(overview.all()) + " trials over, "
                    + TextProgress.count(overview.running().size()) + " running"
                    + (overview.failed() > 0 ? ", " + TextProgress.count(overview.failed()) + " failed" : "")
                    + (remaining.isPresent() ? "  ETA " + TextProgress.duration(remaining.getAsDouble()) : "");
        }

        /** Where a trial stands. */
        static String stand(Overview.Running one) {
            TrialEvent.Testing testing = one.testing();
            if (testing != null) {
                return "measuring"
                        + (testing.length() > 0 ? " at T = " + TextProgress.count(testing.length()) : "") + ": "
                        + TextProgress.count(testing.done()) + "/"
                        + TextProgress.count(one.trial().tests().sequences());
            }
            long updates = one.trial().config().updates(); // 0 where epochs are counted
            StringBuilder text = new StringBuilder("update " + TextProgress.count(one.update())
                    + (updates > 0 ? "/" + TextProgress.count(updates) : ""));
            if (!Double.isNaN(one.loss())) {
                text.append(String.format(Locale.ROOT, "  loss %.4f", one.loss()));
            }
            text.append(measures(one.measures()));
            if (one.rate() > 0) {
                text.append(String.format(Locale.ROOT, "  %.1f updates/s", one.rate()));
            }
            return text.toString();
        }

        private static String measures(@Nullable SequencedMap<String, Double> measures) {
            Map.Entry<String, Double> first = measures == null ? null : measures.firstEntry();
            return first == null
                    ? ""
                    : "  " + first.getKey() + " " + TextProgress.measure(first.getKey(), first.getValue());
        }

        /** How a trial came out; empty for what needs no line of its own. */
        static String outcome(TrialEvent event) {
            return switch (event) {
                case TrialEvent.Ended ended -> ended.trial().name() + "  " + outcome(ended.trial(), ended.record());
                case TrialEvent.PutOff putOff
                when putOff.reason() != null -> putOff.trial().name() + "  left for later: " + putOff.reason();
                default -> "";
            };
        }

        private static String outcome(Trial trial, TrialRecord record) {
            if (record.ended() == TrialRecord.End.FAILED) {
                return "failed: " + record.reason();
            }
            StringBuilder text = new StringBuilder(
                    switch (record.ended()) {
                        case SOLVED -> "solved at update ";
                        case DIVERGED -> "diverged at update ";
                        default -> "ended at update ";
                    });
            text.append(TextProgress.count(record.updates()));
            text.append(String.format(Locale.ROOT, " after %s", TextProgress.duration(record.minutes() * 60)));
            for (TrialRecord.Test test :
                    record.with(trial.tests(), trial.config().length()).tests()) {
                text.append(measures(test.measures()));
                if (test.length() > 0) {
                    text.append(" (T = ")
                            .append(TextProgress.count(test.length()))
                            .append(')');
                }
            }
            return text.toString();
        }
    }

    /** A block of a terminal, written over at each turn. */
    private static final class Live extends Text {

        private static final long BETWEEN = 200_000_000; // ns
        private static final int MOST_LINES = 16;

        private final Terminal terminal = new Terminal();
        private final Interrupts interrupts;
        private boolean interrupted;
        private long shownAt = System.nanoTime() - BETWEEN;

        private Live(Overview overview, Interrupts interrupts) {
            super(overview);
            this.interrupts = interrupts;
        }

        @Override
        void show(TrialEvent event) {
            heedInterrupt();
            String outcome = outcome(event);
            List<String> news = news(event);
            boolean lasting = !outcome.isEmpty() || !news.isEmpty();
            if (lasting) {
                terminal.clear();
                news.forEach(Main::say);
            }
            if (!outcome.isEmpty()) {
                System.out.println(outcome);
            }
            if (lasting || System.nanoTime() - shownAt >= BETWEEN) {
                shownAt = System.nanoTime();
                terminal.show(lines());
            }
        }

        /** What is said of it stands below the block, and must not be written over. */
        private void heedInterrupt() {
            if (interrupts.requested() && !interrupted) {
                interrupted = true;
                terminal.leave();
            }
        }

        private List<String> lines() {
            List<Overview.Running> running = List.copyOf(overview.running());
            int room = Math.clamp(terminal.height() - 3L, 1, MOST_LINES);
            List<Overview.Running> shown = running.subList(0, Math.min(room, running.size()));
            int width = shown.stream()
                    .mapToInt(one -> one.trial().name().length())
                    .max()
                    .orElse(0);
            List<String> lines = new ArrayList<>();
            for (Overview.Running one : shown) {
                String name = one.trial().name();
                lines.add("  " + name + " ".repeat(width - name.length()) + "  " + stand(one));
            }
            if (shown.size() < running.size()) {
                lines.add("  … and " + (running.size() - shown.size()) + " more");
            }
            lines.add(whole());
            return lines;
        }

        @Override
        void end(SweepSession.End end) {
            heedInterrupt();
            terminal.clear();
            super.end(end);
        }
    }

    /** Lines now and then, for a file or a pipe. */
    private static final class Plain extends Text {

        private static final long BETWEEN = 60_000_000_000L; // ns

        private long printedAt = System.nanoTime();

        private Plain(Overview overview) {
            super(overview);
        }

        @Override
        void show(TrialEvent event) {
            String outcome = outcome(event);
            news(event).forEach(Main::say);
            if (!outcome.isEmpty()) {
                System.out.println(outcome);
            } else if (event instanceof TrialEvent.Began began) {
                System.out.println(began.trial().name() + "  "
                        + (began.update() == 0 ? "begins" : "goes on at update " + TextProgress.count(began.update())));
            } else if (System.nanoTime() - printedAt >= BETWEEN) {
                printedAt = System.nanoTime();
                overview.running().forEach(one -> System.out.println(one.trial().name() + "  " + stand(one)));
                System.out.println(whole());
            }
        }
    }

    /** One JSON object a line. */
    private static final class Json extends SweepProgress {

        private Json(Overview overview) {
            super(overview);
        }

        @Override
        void begin(String title, Path folder, int parallel) {
            SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("kind", "sweep");
            line.put("title", title);
            line.put("folder", folder.toString());
            line.put("trials", overview.all());
            line.put("over", overview.over());
            line.put("parallel", parallel);
            line.put("version", Version.sab4j());
            line.put("commit", Version.commit());
            JsonProgress.print(line);
        }

        @Override
        void show(TrialEvent event) {
            SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
            switch (event) {
                case TrialEvent.Began began -> {
                    line.put("kind", "begin");
                    line.put("trial", began.trial().name());
                    line.put("update", began.update());
                    line.put("notes", began.notes());
                }
                case TrialEvent.Trained(var trial, var trained)
                when isTold(trained) -> {
                    line.putAll(Metrics.line(trained));
                    line.put("trial", trial.name());
                    overview.remaining().ifPresent(seconds -> line.put("eta", Math.round(seconds)));
                }
                case TrialEvent.Trained quiet -> {}
                case TrialEvent.Testing quiet -> {}
                case TrialEvent.Ended ended -> {
                    line.put("kind", "trial");
                    line.put("trial", ended.trial().name());
                    line.put("record", ended.record());
                }
                case TrialEvent.PutOff putOff -> {
                    line.put("kind", "left");
                    line.put("trial", putOff.trial().name());
                    line.put("reason", putOff.reason());
                }
            }
            if (!line.isEmpty()) {
                JsonProgress.print(line);
            }
        }

        private static boolean isTold(TrainEvent event) {
            return event instanceof TrainEvent.Evaluated || event instanceof TrainEvent.Skipped;
        }

        @Override
        void end(SweepSession.End end) {
            SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("kind", "end");
            line.put("over", end.over());
            line.put("left", end.left());
            line.put("failed", end.failed());
            JsonProgress.print(line);
        }
    }
}
