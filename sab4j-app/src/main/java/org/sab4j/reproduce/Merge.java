package org.sab4j.reproduce;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.sab4j.run.Defaults;
import org.sab4j.run.Settings;
import org.sab4j.sweep.TrialRecord;

/**
 * Results of several folders, or machines, together: beside the trials that a folder has, an earlier file's of other seeds with the
 * same settings; where the folder has none of a row, the earlier row as it is.
 */
final class Merge {

    /** Between commands. */
    static final String AND = " · ";

    /** How a note begins that says what a merging left out; the next one has nothing to do with it. */
    private static final String EARLIER = "Earlier results of ";
    /** What a note says of a row that a merging has kept; the next one says it again as long as that holds. */
    private static final String KEPT = " was trained with other settings than it would be now: ";

    /** The value of a setting that a row does not have. */
    private static final String NONE = "none";

    private final Results now;
    private final Results before;
    private final List<String> notes;
    private boolean taken;

    private Merge(Results now, Results before) {
        this.now = now;
        this.before = before;
        notes = new ArrayList<>(now.notes());
    }

    /**
     * Brings them together.
     *
     * @param now as read from JSON, so that numbers compare
     */
    static Results of(Results now, Results before) {
        return new Merge(now, before).merged();
    }

    private Results merged() {
        List<Results.Row> rows = now.rows().stream().map(this::row).toList();
        for (Results.Row old : before.rows()) {
            if (!old.trials().isEmpty()
                    && now.rows().stream().noneMatch(row -> row.name().equals(old.name()))) {
                notes.add(EARLIER + old.name() + ", which the study no longer has, are left out");
            }
        }
        Set<String> commands = new LinkedHashSet<>();
        if (taken) {
            before.notes().stream()
                    .filter(note -> !notes.contains(note) && !note.startsWith(EARLIER) && !note.contains(KEPT))
                    .forEach(notes::add);
            commands.addAll(List.of(before.command().split(AND)));
        }
        if (!taken || now.rows().stream().anyMatch(row -> !row.trials().isEmpty())) {
            commands.add(now.command());
        }
        return new Results(
                now.format(),
                now.name(),
                now.title(),
                now.quick(),
                String.join(AND, commands),
                now.settings(),
                now.states(),
                rows,
                List.copyOf(notes));
    }

    private Results.Row row(Results.Row row) {
        Results.Row old = before.rows().stream()
                .filter(other ->
                        other.name().equals(row.name()) && !other.trials().isEmpty())
                .findFirst()
                .orElse(null);
        if (old == null) {
            return row;
        }
        Map<String, Object> had = settings(before, old);
        Map<String, Object> has = settings(now, row);
        addLater(had, has);
        List<String> differences = differences(had, has);
        boolean roundsAlike = Objects.equals(had.get(Results.ROUNDING), has.get(Results.ROUNDING));
        if (row.trials().isEmpty() && !(differences.isEmpty() && roundsAlike)) {
            taken = true;
            if (!differences.isEmpty()) {
                note(row.name() + KEPT, differences);
            }
            return new Results.Row(
                    row.name(),
                    old.label(),
                    old.task(),
                    old.measure(),
                    old.length(),
                    old.lengths(),
                    kept(had, has),
                    row.paper(),
                    row.target(),
                    old.trials());
        }
        if (!differences.isEmpty()) {
            note(EARLIER + row.name() + " had other settings and are left out: ", differences);
            return row;
        }
        if (!roundsAlike) {
            notes.add(row.name() + " has seeds with " + Results.ROUNDING + " " + had.get(Results.ROUNDING) + " and "
                    + has.get(Results.ROUNDING) + ", which round otherwise");
        }
        return row.with(together(row.trials(), old.trials(), row.lengths().size()));
    }

    private void note(String what, List<String> differences) {
        notes.add(what + String.join(", ", differences));
    }

    /** By seed; of two with the same seed the present one, unless it alone has failed, or is measured at fewer of so many lengths. */
    private List<Results.Trial> together(List<Results.Trial> present, List<Results.Trial> old, int lengths) {
        Map<Long, Results.Trial> bySeed = new TreeMap<>();
        present.forEach(trial -> bySeed.put(trial.seed(), trial));
        for (Results.Trial trial : old) {
            Results.Trial here = bySeed.get(trial.seed());
            if (here == null || (hasFailed(here) && !hasFailed(trial)) || isUnderWay(here, trial, lengths)) {
                bySeed.put(trial.seed(), trial);
                taken = true;
            }
            taken |= trial.equals(here); // what made it then made it
        }
        return List.copyOf(bySeed.values());
    }

    private static boolean isUnderWay(Results.Trial here, Results.Trial old, int lengths) {
        int measured = here.record().tests().size();
        return measured < lengths && measured < old.record().tests().size();
    }

    private static boolean hasFailed(Results.Trial trial) {
        return trial.record().ended() == TrialRecord.End.FAILED;
    }

    /** Of the shared settings and its own, those that play a part in it. */
    private static Map<String, Object> settings(Results results, Results.Row row) {
        Map<String, Object> all = new HashMap<>(results.settings());
        all.putAll(row.settings());
        all.values().removeIf(NONE::equals);
        Settings.removeIdle(all);
        return all;
    }

    /** A setting that came later than the results was as if at what it was before, or at its default if it is so now. */
    private static void addLater(Map<String, Object> had, Map<String, Object> has) {
        has.forEach((key, value) -> {
            Object before = Settings.before(key).orElse(null);
            String then = before == null ? Defaults.text(key) : Settings.text(before);
            if (Settings.text(value).equals(then)) {
                had.putIfAbsent(key, value); // a number of the same kind
            } else if (before != null) {
                had.putIfAbsent(key, before);
            }
        });
        Settings.removeIdle(had);
    }

    /** A kept row's own settings, beside the shared ones of now; what it has not is named, since it would seem to be shared. */
    private SequencedMap<String, Object> kept(Map<String, Object> settings, Map<String, Object> wouldBe) {
        Map<String, Object> own = new TreeMap<>(settings);
        own.entrySet().removeIf(entry -> Objects.equals(now.settings().get(entry.getKey()), entry.getValue()));
        wouldBe.keySet().stream().filter(key -> !settings.containsKey(key)).forEach(key -> own.put(key, NONE));
        return new LinkedHashMap<>(own);
    }

    private static List<String> differences(Map<String, Object> before, Map<String, Object> now) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        return keys.stream()
                .filter(key -> !key.equals(Results.ROUNDING) && !Objects.equals(before.get(key), now.get(key)))
                .map(key -> key + " " + before.getOrDefault(key, NONE) + ", now " + now.getOrDefault(key, NONE))
                .toList();
    }
}
