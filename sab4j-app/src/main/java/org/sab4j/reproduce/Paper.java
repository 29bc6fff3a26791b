package org.sab4j.reproduce;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.SettingsException;
import org.sab4j.run.YamlNode;
import org.sab4j.task.CopyTask;

/** What the paper says, in {@code paper.yaml}: its figures by study, row and measure, or length for the transfer; and settings. */
public final class Paper {

    /** The settings that the paper states, a key or a key and a value; it is silent on all others. */
    static final List<String> STATES;

    /** Figures by study, row and measure. */
    private static final SequencedMap<String, SequencedMap<String, SequencedMap<String, Figure>>> STUDIES =
            new LinkedHashMap<>();

    /** By study, rows that are another reading of a row before them, and have its figures. */
    private static final Map<String, Set<String>> READINGS = new HashMap<>();

    static {
        SequencedMap<String, YamlNode> all = entries(resource("paper.yaml"));
        STATES = List.copyOf(texts(all.remove("states")));
        all.forEach((study, rows) -> {
            STUDIES.put(study, new LinkedHashMap<>());
            READINGS.put(study, new HashSet<>());
            entries(rows).forEach((row, figures) -> read(study, row, figures));
        });
    }

    private Paper() {}

    private static void read(String study, String row, YamlNode figures) {
        SequencedMap<String, SequencedMap<String, Figure>> rows = Objects.requireNonNull(STUDIES.get(study));
        SequencedMap<String, Figure> cells = new LinkedHashMap<>();
        if (figures instanceof YamlNode.Scalar other) {
            cells.putAll(Objects.requireNonNull(rows.get(other.text()), other.text()));
            Objects.requireNonNull(READINGS.get(study)).add(row);
        } else {
            entries(figures).forEach((measure, cell) -> {
                if (cell instanceof YamlNode.Scalar scalar) {
                    cells.put(measure, new Figure(scalar.text()));
                }
            });
        }
        rows.put(row, cells);
    }

    /** A map's entries; none of what is no map. */
    static SequencedMap<String, YamlNode> entries(@Nullable YamlNode node) {
        return node instanceof YamlNode.Mapping mapping
                ? new LinkedHashMap<>(mapping.entries())
                : new LinkedHashMap<>();
    }

    /** A list's texts; none of what is no list. */
    static List<String> texts(@Nullable YamlNode node) {
        List<String> texts = new ArrayList<>();
        if (node instanceof YamlNode.Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                if (item instanceof YamlNode.Scalar scalar) {
                    texts.add(scalar.text());
                }
            }
        }
        return texts;
    }

    /** The text of a resource of this package. */
    static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Paper.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A resource of this package as YAML. */
    static YamlNode resource(String resource) {
        try {
            return YamlNode.parse(resource, text(resource));
        } catch (SettingsException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a study for which there are figures, in the paper's order. */
    static List<String> rows(String study) {
        return List.copyOf(STUDIES.getOrDefault(study, new LinkedHashMap<>()).keySet());
    }

    /** The figures of a row, or of a variant of it; empty if there are none. */
    static SequencedMap<String, Figure> figures(String study, String row) {
        SequencedMap<String, SequencedMap<String, Figure>> rows = STUDIES.getOrDefault(study, new LinkedHashMap<>());
        SequencedMap<String, Figure> exact = rows.get(row);
        if (exact != null) {
            return exact;
        }
        for (var entry : rows.entrySet()) {
            if (row.startsWith(entry.getKey() + "-")) {
                return entry.getValue();
            }
        }
        return new LinkedHashMap<>();
    }

    /**
     * Cells of the copying tables that contradict each other. All loss of a model that has learnt the blanks is on the last ten of
     * T + 20 steps, so CE = CE10 · 10 / (T + 20); and it can never be less. A digit that is not the most likely one costs ln 2 or more, so
     * CE10 is at least (1 − accuracy) ln 2.
     *
     * @return sentences
     */
    public static List<String> contradictions() {
        List<String> sentences = new ArrayList<>();
        STUDIES.forEach((study, rows) -> rows.forEach((row, figures) -> {
            if (Objects.requireNonNull(READINGS.get(study)).contains(row)) {
                return;
            }
            Figure last = figures.get("ce-last");
            Figure all = figures.get("ce");
            Figure accuracy = figures.get("accuracy");
            if (last != null && accuracy != null && last.most() < (1 - accuracy.most() / 100) * Math.log(2)) {
                sentences.add(String.format(
                        Locale.ROOT,
                        "%s, %s: CE10 %s is less than an accuracy of %s %% allows, %.2g",
                        study,
                        row,
                        last.text(),
                        accuracy.text(),
                        (1 - accuracy.value() / 100) * Math.log(2)));
            } else if (last != null && all != null) {
                int length = study.equals("table2-t200") ? 200 : study.equals("table2-t300") ? 300 : 100;
                double share = (double) CopyTask.DIGITS / (length + 2 * CopyTask.DIGITS);
                if (last.most() * share < all.least()) {
                    sentences.add(sentence(study, row, last, all, share, "which takes loss on the steps before"));
                } else if (last.least() * share > all.most()) {
                    sentences.add(sentence(study, row, last, all, share, "which no model can have"));
                }
            }
        }));
        return sentences;
    }

    private static String sentence(String study, String row, Figure last, Figure all, double share, String meaning) {
        return String.format(
                Locale.ROOT,
                "%s, %s: CE10 %s makes a CE of %.2g, printed is %s, %s",
                study,
                row,
                last.text(),
                last.value() * share,
                all.text(),
                meaning);
    }
}
