package org.sab4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.memory.Keep;
import org.sab4j.run.Experiment;
import org.sab4j.run.Run;
import org.sab4j.run.RunConfig;
import org.sab4j.run.Settings;
import org.sab4j.run.Shell;
import org.sab4j.run.Version;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;

/** Words for people: a header, what happens, an end. */
abstract sealed class TextProgress implements Progress permits LiveProgress, PlainProgress {

    private final Speed speed = new Speed();
    private long updates;
    private long perEpoch;
    private @Nullable SequencedMap<String, Double> measures;

    TextProgress() {}

    @Override
    public final void begin(Run run) {
        Experiment experiment = run.experiment();
        RunConfig config = experiment.config();
        updates = experiment.lastUpdate();
        perEpoch = experiment.updatesPerEpoch();
        line("Task", experiment.task().summary());
        line("Model", model(config) + ", " + count(experiment.parameters()) + " parameters");
        line(
                "Run",
                run.directory().path()
                        + (run.resumed()
                                ? ", from update " + count(experiment.state().update())
                                : ""));
        line(
                "Kernels",
                Version.of(experiment.kernels()) + "; " + config.threads()
                        + (config.threads() == 1 ? " thread" : " threads"));
        System.out.println();
        speed.begin(experiment.state().update());
    }

    private static String model(RunConfig config) {
        String credit = config.kTrunc() == 0 ? "" : ", k_trunc " + config.kTrunc();
        String scores = ", " + Settings.text(config.score()) + " scores";
        String memory = ", k_att " + config.kAtt()
                + (config.keep() == Keep.ALL
                        ? ""
                        : ", " + count(config.memories()) + " memories, " + Settings.text(config.keep()));
        String mental = config.ablation();
        return switch (config.model()) {
            case LSTM -> "lstm, H = " + config.hidden() + credit;
            case SELF_ATTENTION -> "self-attention, H = " + config.hidden() + credit + memory + scores + mental;
            case SAB ->
                "sab, H = " + config.hidden() + credit + ", k_top " + config.kTop() + memory + scores + ", "
                        + Settings.text(config.sparsifier()) + mental;
        };
    }

    @Override
    public final void accept(TrainEvent event) {
        speed.at(event.update());
        switch (event) {
            case TrainEvent.Updated updated -> updated(updated);
            case TrainEvent.Evaluated evaluated -> {
                measures = evaluated.measures();
                evaluated(evaluated);
            }
            case TrainEvent.Skipped skipped ->
                note("update " + count(skipped.update()) + " skipped: " + skipped.reason());
            case TrainEvent.Finished finished -> finished();
        }
    }

    @Override
    public final void within(long update, boolean evaluating, double share) {
        String what = evaluating ? "evaluation after update " : "update ";
        within(String.format(Locale.ROOT, "%s%s/%s: %.1f %%", what, count(update), count(updates), 100 * share));
    }

    /** Within an update or an evaluation: how far it is. */
    abstract void within(String line);

    /** After an update. */
    abstract void updated(TrainEvent.Updated event);

    /** After an evaluation. */
    abstract void evaluated(TrainEvent.Evaluated event);

    /** Something unusual. */
    abstract void note(String sentence);

    /** After the last event. */
    abstract void finished();

    /** Where training stands, in a line. */
    final String line(long update, double loss) {
        StringBuilder line = new StringBuilder();
        if (perEpoch > 0) {
            line.append(String.format(Locale.ROOT, "epoch %.2f  ", (double) update / perEpoch));
        }
        line.append("update ").append(count(update));
        if (updates < Long.MAX_VALUE) {
            line.append('/').append(count(updates));
        }
        line.append(String.format(Locale.ROOT, "  loss %.4f", loss));
        if (measures != null) {
            line.append("  ").append(first(measures));
        }
        double rate = speed.perSecond();
        if (rate > 0) {
            line.append(String.format(Locale.ROOT, "  %.1f updates/s", rate));
        }
        if (rate > 0 && updates < Long.MAX_VALUE) {
            line.append("  ETA ").append(duration((updates - update) / rate));
        }
        return line.toString();
    }

    @Override
    public final void end(Run run, TrainEvent.Reason reason, double seconds) {
        TrainState state = run.experiment().state();
        Path path = run.directory().path();
        String resume = Shell.sab("train", "--resume", path);
        String at = " at update " + count(state.update());
        String took = run.over() != null ? "" : ", after " + duration(seconds);
        System.out.println(
                switch (reason) {
                    case SOLVED -> (run.over() != null ? "Solved before" : "Solved") + at + took + ".";
                    case UPDATES -> "All " + count(state.update()) + " updates are made" + took + ".";
                    case PATIENCE ->
                        "No better model for " + count(state.sinceBest()) + " evaluations: ended" + at + took + ".";
                    case STOPPED -> "Stopped" + at + took + ". Nothing is lost.";
                    case DIVERGED -> "Diverged" + at + took + ": too many updates in a row had to be skipped.";
                });
        if (state.bestUpdate() > 0) {
            String name = run.experiment().config().task().measure();
            String best = run.best().isPresent()
                    ? name + " " + measure(name, run.best().getAsDouble()) + " "
                    : "";
            line("Best", best + "at update " + count(state.bestUpdate()));
            line("Model", run.directory().folder().model().toString());
        }
        line("Report", run.directory().folder().report().toString());
        String next = "Next";
        if (reason != TrainEvent.Reason.STOPPED && reason != TrainEvent.Reason.DIVERGED && state.bestUpdate() > 0) {
            line(next, Shell.sab("eval", path));
            next = "";
        }
        switch (reason) {
            case SOLVED, PATIENCE -> {}
            case UPDATES -> {
                RunConfig config = run.experiment().config();
                String more = (config.updates() > 0 && state.update() >= config.updates()
                                ? " --updates " + 2 * state.update()
                                : "")
                        + (perEpoch > 0 && config.epochs() > 0 && state.update() >= config.epochs() * perEpoch
                                ? " --epochs " + 2 * Math.ceilDiv(state.update(), perEpoch)
                                : "");
                line(next, resume + more + "   to train on");
            }
            case STOPPED -> line("Go on", resume);
            case DIVERGED -> line("Next", "start again with a lower --learning-rate, or another --seed");
        }
    }

    private static void line(String name, String value) {
        System.out.printf(Locale.ROOT, "%-9s %s%n", name, value);
    }

    private static String first(SequencedMap<String, Double> measures) {
        Map.Entry<String, Double> first = measures.firstEntry();
        return first == null ? "" : first.getKey() + " " + measure(first.getKey(), first.getValue());
    }

    /** A measure as people read it. */
    static String measure(String name, double value) {
        return name.equals("accuracy")
                ? String.format(Locale.ROOT, "%.2f %%", 100 * value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** As {@code 4:05} or {@code 1:04:05}. */
    static String duration(double seconds) {
        if (!(seconds < 360_000_000)) {
            return "years";
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
