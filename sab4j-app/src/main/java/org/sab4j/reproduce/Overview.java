package org.sab4j.reproduce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Of several studies, one a line: how many of the paper's figures are met, and which are not. */
final class Overview {

    private static final List<String> HEAD = List.of("table", "met", "best seed only", "missed", "trials");
    /** All but the number of trials are flush left. */
    private static final int LEFT = 4;

    private Overview() {}

    static TextTable of(Collection<Results> studies) {
        return new TextTable(HEAD, LEFT, studies.stream().map(Overview::line).toList());
    }

    private static List<String> line(Results results) {
        List<Summary> compared = results.rows().stream()
                .flatMap(row -> row.lengths().stream().map(length -> Summary.of(row, length)))
                .filter(Summary::hasTarget)
                .toList();
        long met = compared.stream()
                .filter(summary -> summary.verdict() == Summary.Verdict.MET)
                .count();
        int trials =
                results.rows().stream().mapToInt(row -> row.trials().size()).sum();
        return List.of(
                "[" + results.heading() + "](#" + anchor(results.heading()) + ")",
                met + " of " + compared.size(),
                names(compared, Summary.Verdict.BEST_ONLY),
                names(compared, Summary.Verdict.MISSED),
                ResultsTable.count(trials));
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    private static String names(List<Summary> compared, Summary.Verdict verdict) {
        List<String> names = new ArrayList<>();
        for (Summary summary : compared) {
            if (summary.verdict() == verdict) {
                names.add("%s (%s, T = %s)"
                        .formatted(summary.row().label(), summary.row().task(), ResultsTable.count(summary.length())));
            }
        }
        return names.isEmpty() ? ResultsTable.NOTHING : String.join("; ", names);
    }
}
