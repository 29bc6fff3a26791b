package org.sab4j.cli;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.Metrics;
import org.sab4j.run.Run;
import org.sab4j.run.Settings;
import org.sab4j.run.Version;
import org.sab4j.train.TrainEvent;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line on standard output: {@code start}, the lines of {@code metrics.jsonl}, {@code end}. */
final class JsonProgress implements Progress {

    /** Why training ends that {@link #isLost nobody follows}: the beginning of a sentence. */
    static final String LOST = "nobody reads what --json prints any more";

    private static final JsonMapper JSON = new JsonMapper();

    private long every = 1;

    /** For {@code --json}. */
    JsonProgress() {}

    @Override
    public void begin(Run run) {
        every = run.experiment().config().logEvery();
        SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("kind", "start");
        line.put("run", run.directory().path().toString());
        line.put("update", run.experiment().state().update());
        line.put("parameters", run.experiment().parameters());
        line.put("version", Version.sab4j());
        line.put("kernels", Version.of(run.experiment().kernels()));
        line.put("settings", Settings.values(run.experiment().config()));
        print(line);
    }

    @Override
    public void accept(TrainEvent event) {
        boolean quiet = event instanceof TrainEvent.Updated && event.update() % every != 0;
        if (!quiet && !(event instanceof TrainEvent.Finished)) { // end() says more
            print(Metrics.line(event));
        }
    }

    @Override
    public void within(long update, boolean evaluating, double share) {
        // Lines are of what has happened.
    }

    @Override
    public void end(Run run, TrainEvent.Reason reason, double seconds) {
        var state = run.experiment().state();
        SequencedMap<String, @Nullable Object> line = Metrics.line(new TrainEvent.Finished(state.update(), reason));
        line.put("bestUpdate", state.bestUpdate());
        run.best().ifPresent(best -> line.put(run.experiment().config().task().measure(), best));
        line.put("seconds", Metrics.rounded(seconds));
        if (Files.exists(run.directory().folder().model())) { // there is none before the first evaluation
            line.put("model", run.directory().folder().model().toString());
        }
        print(line);
    }

    /** Whether what is printed is lost: whoever read it has left, or the disk is full. */
    static boolean isLost() {
        return System.out.checkError();
    }

    /** One object, one line. */
    static void print(Map<String, ?> line) {
        System.out.println(JSON.writeValueAsString(line));
    }
}
