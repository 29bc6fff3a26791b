package org.sab4j.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sab4j.run.Layer;
import org.sab4j.run.SettingsException;

/**
 * What a sweep is to do.
 *
 * @param title a line for people; may be empty
 * @param rows the settings to try, in their order
 * @param seeds each row is run with each of them
 * @param minutes how long a trial may train at the most; infinite for no limit
 * @param tests on what the best models are measured
 */
public record Plan(String title, List<Row> rows, List<Long> seeds, double minutes, Tests tests) {

    /** Copies the lists. */
    public Plan {
        rows = List.copyOf(rows);
        seeds = List.copyOf(seeds);
    }

    /**
     * Settings to try.
     *
     * @param name its folder's name, but for the seed
     * @param trial the name in the file, of which it is a variant; empty where trials have no names
     * @param settings what is given for it, without the seed
     */
    public record Row(String name, String trial, Layer settings) {}

    /** The same with some of the rows only: those of the names, or where there is none all variants of a trial. */
    public Plan only(List<String> names) throws SettingsException {
        List<Row> kept = new ArrayList<>();
        for (String name : names) {
            List<Row> named =
                    rows.stream().filter(row -> row.name().equals(name)).toList();
            if (named.isEmpty()) {
                named = rows.stream().filter(row -> row.trial().equals(name)).toList();
            }
            if (named.isEmpty()) {
                throw new SettingsException(List.of("there is no trial " + name + " in the sweep: there are "
                        + String.join(", ", rows.stream().map(Row::name).toList())));
            }
            named.stream().filter(row -> !kept.contains(row)).forEach(kept::add);
        }
        return new Plan(title, kept, seeds, minutes, tests);
    }

    /** The same with other seeds. */
    public Plan withSeeds(List<Long> others) {
        return new Plan(title, rows, others, minutes, tests);
    }

    /** The names of all rows. */
    public Stream<String> names() {
        return rows.stream().map(Row::name);
    }
}
