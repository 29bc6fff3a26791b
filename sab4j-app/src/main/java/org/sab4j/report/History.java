package org.sab4j.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What happened in a run, from the lines of its {@code metrics.jsonl}. */
public final class History {

    private static final Set<String> KINDS = Set.of("train", "eval", "skip", "end");
    private static final Set<String> NO_MEASURES = Set.of("kind", "update", "seconds", "best", "milliseconds");
    private static final int MOST_MEASURES = 16;
    private static final int MOST_REASONS = 8;

    private Thinned loss = new Thinned(Thinned.CHART);
    private Thinned gradientNorm = new Thinned(Thinned.CHART);
    private Thinned skipped = new Thinned(Thinned.CHART);
    private final Map<String, Thinned> evaluations = new LinkedHashMap<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private final SequencedMap<String, Double> best = new LinkedHashMap<>();
    private long update;
    private double seconds;
    private long bestUpdate;
    private @Nullable String end;

    /** Nothing has happened yet. */
    public History() {}

    /** Forgets all. */
    public void clear() {
        loss = new Thinned(Thinned.CHART);
        gradientNorm = new Thinned(Thinned.CHART);
        skipped = new Thinned(Thinned.CHART);
        evaluations.clear();
        reasons.clear();
        best.clear();
        update = 0;
        seconds = 0;
        bestUpdate = 0;
        end = null;
    }

    /** Takes a line. One of a kind that is not known, or without what its kind has, counts for nothing. */
    public void accept(JsonNode line) {
        JsonNode number = line.path("update");
        boolean known = KINDS.contains(line.path("kind").asString(""));
        if (!known || !number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
            return;
        }
        time(line, number.asLong());
        switch (line.path("kind").asString("")) {
            case "train" -> {
                loss.add(update, seconds, number(line, "loss"));
                gradientNorm.add(update, seconds, number(line, "gradNorm"));
                end = null;
            }
            case "eval" -> evaluation(line);
            case "skip" -> skip(line);
            case "end" -> end = line.path("reason").asString("");
            default -> {}
        }
    }

    /** The time that updates have taken; of a run whose lines do not give it, from how long the logged ones took. */
    private void time(JsonNode line, long newUpdate) {
        double given = number(line, "seconds");
        double each = number(line, "msPerUpdate");
        if (Double.isFinite(given)) {
            seconds = given;
        } else if (Double.isFinite(each) && newUpdate > update) {
            seconds += each / 1000 * (newUpdate - update);
        }
        update = newUpdate;
    }

    private void evaluation(JsonNode line) {
        boolean isBest = line.path("best").asBoolean(false);
        if (isBest) {
            bestUpdate = update;
            best.clear();
        }
        for (Map.Entry<String, JsonNode> entry : line.properties()) {
            String name = entry.getKey();
            if (NO_MEASURES.contains(name) || !entry.getValue().isNumber()) {
                continue;
            }
            if (evaluations.size() < MOST_MEASURES || evaluations.containsKey(name)) {
                double value = entry.getValue().asDouble();
                evaluations
                        .computeIfAbsent(name, key -> new Thinned(Thinned.CHART))
                        .add(update, seconds, value);
                if (isBest) {
                    best.put(name, value);
                }
            }
        }
    }

    private void skip(JsonNode line) {
        double norm = number(line, "gradNorm");
        skipped.add(update, seconds, Double.isFinite(norm) ? norm : 0); // not finite in the file either: null
        String reason = line.path("reason").asString("unknown");
        if (reasons.size() < MOST_REASONS || reasons.containsKey(reason)) {
            reasons.merge(reason, 1L, Long::sum);
        }
    }

    private static double number(JsonNode line, String name) {
        JsonNode node = line.path(name);
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }

    /** The last update that there is a line of. */
    public long update() {
        return update;
    }

    /** How long updates have taken, seconds. */
    public double seconds() {
        return seconds;
    }

    /** When the best model was found; 0 if there is none. */
    public long bestUpdate() {
        return bestUpdate;
    }

    /** The best model's measures; empty if there is none. */
    public SequencedMap<String, Double> best() {
        return best;
    }

    /** How many updates were skipped. */
    public long skips() {
        return skipped.count();
    }

    /** Why it ended; null if it did not. */
    public @Nullable String end() {
        return end;
    }

    /** Training losses. */
    public Thinned loss() {
        return loss;
    }

    /** Gradient norms, before they are normalized or clipped. */
    public Thinned gradientNorm() {
        return gradientNorm;
    }

    /** The evaluations' measures by name, {@code loss} among them. */
    public Map<String, Thinned> evaluations() {
        return evaluations;
    }

    /** All as the page takes it, as it is now: what comes later changes nothing in it. */
    SequencedMap<String, @Nullable Object> content() {
        SequencedMap<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("update", update);
        content.put("seconds", seconds);
        content.put("end", end);
        content.put("bestUpdate", bestUpdate);
        content.put("best", new LinkedHashMap<>(best));
        content.put("loss", loss.columns());
        content.put("lastLoss", loss.count() == 0 ? null : loss.last());
        content.put("gradNorm", gradientNorm.columns());
        content.put("skips", skipped.count());
        content.put("skipped", skipped.columns());
        content.put("reasons", new TreeMap<>(reasons));
        SequencedMap<String, Object> evals = new LinkedHashMap<>();
        evaluations.forEach((name, series) -> evals.put(name, series.columns()));
        content.put("evals", evals);
        return content;
    }
}
