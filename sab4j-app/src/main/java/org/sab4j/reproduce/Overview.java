package org.sab4j.reproduce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Of several studies, one a line: how many rows meet the paper's figure or their target, at each length, and which do not. */
final class Overview {

    private static final List<String> HEAD = List.of("table", "met", "best seed only", "missed", "models");
    /** All but the number of models are flush left. */
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
        long unmeasured = count(compared, Summary.Verdict.NONE);
        int models =
                results.rows().stream().mapToInt(row -> row.trials().size()).sum();
        return List.of(
                "[" + results.heading() + "](#" + anchor(results.heading()) + ")",
                count(compared, Summary.Verdict.MET) + " of " + compared.size()
                        + (unmeasured == 0 ? "" : ", " + unmeasured + " not yet measured"),
                names(compared, Summary.Verdict.BEST_ONLY),
                names(compared, Summary.Verdict.MISSED),
                ResultsTable.count(models));
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    private static long count(List<Summary> compared, Summary.Verdict verdict) {
        return compared.stream().filter(summary -> summary.verdict() == verdict).count();
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
