package org.sab4j.report;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.RunException;
import org.sab4j.run.TextFile;
import org.sab4j.run.Version;

/** {@code report.html}: one run, or several laid over one another. */
public final class Report {

    private Report() {}

    /** Writes a report of runs, at least one, as a whole or not at all. */
    public static void write(Path file, List<RunView> runs) throws RunException {
        TextFile.replace(file, html(runs));
    }

    /** The page. */
    static String html(List<RunView> runs) {
        String names = runs.stream().map(RunView::name).collect(Collectors.joining(", "));
        return Page.html(names + " · sab4j", content(runs));
    }

    /** All that the page shows of runs. */
    public static SequencedMap<String, @Nullable Object> content(List<RunView> runs) {
        SequencedMap<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("version", Version.sab4j());
        content.put("runs", runs.stream().map(RunView::content).toList());
        content.put("groups", Groups.of(runs));
        return content;
    }
}
