package org.sab4j.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.sab4j.run.RunException;
import org.sab4j.run.Shell;

/** A page of all results in a folder, in Markdown: made from the JSON files and nothing else but notes that people have written. */
public final class ResultsPage {

    private ResultsPage() {}

    /**
     * The page.
     *
     * @param folder with {@code NAME.json}, and {@code NAME.notes.md} where somebody has something to say
     */
    public static String of(Path folder) throws RunException {
        StringBuilder page =
                new StringBuilder("""
                # The paper's tables, reproduced

                Made by `%s` from the JSON files there; don't edit it, write a `NAME.notes.md` beside
                them. What each study trains, and which settings are the paper's, stands in its sweep file:
                `sab reproduce NAME --file` prints it, and `--settings` all settings that it comes to.

                The paper says that all its models have the same hyperparameters, Adam and a rate of 1e-3 (§4). Here a row has those with
                which it was found to train best, baselines as well as SAB, so that no baseline is a weak one: often a larger rate early
                on, and for SAB a softmax over the k_top largest scores and a null memory where the paper prints ReLU. What is other than the
                paper's is named under each table's settings.

                SAB 5,10 is k_trunc 5, k_top 10 (`all`: every memory), and TBPTT 20 k_trunc 20; BPTT is not truncated. Accuracy and CE10, the
                cross-entropy, are those of the ten digits at the end, CE that of all steps; MSE is the squared error of the sum. To make a figure
                as it was made check out the commit that its seed names, or the one since which its row has its settings if the text names one,
                and give the command there, with a folder of its own (`--dir`).

                """.formatted(Shell.sab("reproduce", "--results", folder, "--page", "FILE")));
        SequencedMap<String, Results> studies = new LinkedHashMap<>();
        for (String name : Study.NAMES) {
            Path file = folder.resolve(name + ".json");
            if (Files.exists(file)) {
                studies.put(name, Results.read(file));
            }
        }
        if (studies.isEmpty()) {
            throw new RunException(folder + " holds no results but those of --quick, if any: "
                    + Shell.sab("reproduce", "NAME", "--results", folder) + " writes them");
        }
        page.append("""
                        Where the paper has a figure, or the row a target, is it met by the mean over the seeds? Each row counts at each length
                        at which it is measured; what the paper may mean in two ways stands in two rows. The models of Table 6 are those of Table 2.

                        """).append(Overview.of(studies.values()).markdown()).append('\n');
        for (Map.Entry<String, Results> study : studies.entrySet()) {
            page.append(section(study.getValue(), 2)).append(notes(folder.resolve(study.getKey() + ".notes.md")));
        }
        page.append("## The paper's own figures\n\n");
        page.append(
                "A model that has learnt to be silent has all its loss on the last ten of T + 20 steps, so the printed CE must be"
                        + " CE10 · 10 / (T + 20), up to rounding. A digit that is not the most likely one costs ln 2 or more, so CE10"
                        + " must be at least (1 − accuracy) · ln 2. These cells say otherwise:\n\n");
        Paper.contradictions()
                .forEach(sentence -> page.append("- ").append(sentence).append(".\n"));
        return page.append('\n').append(notes(folder.resolve("paper.notes.md"))).toString();
    }

    private static String notes(Path file) throws RunException {
        try {
            return Files.exists(file) ? Files.readString(file).strip() + "\n\n" : "";
        } catch (IOException e) {
            throw RunException.unreadable(file, e);
        }
    }

    /** The part of one study, under a heading of that level. */
    public static String section(Results results, int level) {
        StringBuilder text = new StringBuilder("#".repeat(level) + " " + results.heading() + "\n\n");
        if (results.quick()) {
            text.append("The quick version: it shows that all works, and is no comparison.\n\n");
        }
        ResultsTable table = new ResultsTable(results);
        for (ResultsTable.Part part : table.parts()) {
            text.append(part.heading())
                    .append(":\n\n")
                    .append(part.table().markdown())
                    .append('\n');
        }
        text.append(String.join(" ", table.legend())).append("\n\n");
        if (!results.notes().isEmpty()) {
            results.notes().forEach(note -> text.append("- ").append(note).append(".\n"));
            text.append('\n');
        }
        text.append(commands(results.command().split(Merge.AND)))
                .append(madeBy(results))
                .append(".\n\n");
        return text.append(bySeed(results, table)).append(settings(results)).toString();
    }

    /** Several, each of which made some of it, one a line. */
    private static String commands(String[] commands) {
        return commands.length == 1
                ? "`" + commands[0] + "`; "
                : "<details><summary>Commands</summary>\n\n    " + String.join("\n    ", commands)
                        + "\n\n</details>\n\nMade with ";
    }

    private static String bySeed(Results results, ResultsTable table) {
        StringBuilder text = new StringBuilder("<details><summary>Seed by seed</summary>\n\n");
        for (ResultsTable.Part part : table.parts()) {
            text.append(part.heading())
                    .append(":\n\n")
                    .append(part.bySeed().markdown())
                    .append('\n');
        }
        return text.append(SeedTable.legend(results.rows()))
                .append("\n\n</details>\n\n")
                .toString();
    }

    private static String madeBy(Results results) {
        List<String> parts = new ArrayList<>();
        parts.add("seeds " + distinct(results, trial -> String.valueOf(trial.seed())));
        parts.add("commit " + distinct(results, trial -> ResultsTable.commit(trial.record(), "unknown")));
        for (String key : List.of("processor", "cores", "kernels", "java")) {
            String values = distinct(results, trial -> trial.record().madeBy().getOrDefault(key, "unknown"));
            if (!values.isEmpty()) {
                parts.add(key + " " + values);
            }
        }
        return String.join("; ", parts);
    }

    private static String distinct(Results results, java.util.function.Function<Results.Trial, String> text) {
        Set<String> all = new LinkedHashSet<>();
        results.rows().forEach(row -> row.trials().forEach(trial -> all.add(text.apply(trial))));
        return String.join(", ", all);
    }

    private static String settings(Results results) {
        StringBuilder text = new StringBuilder("<details><summary>Settings</summary>\n\n");
        text.append("Common to all rows to which they apply: ")
                .append(settings(results, results.settings()))
                .append(".\n\n");
        for (Results.Row row : results.rows()) {
            text.append("- ")
                    .append(row.label())
                    .append(": ")
                    .append(settings(results, row.settings()))
                    .append('\n');
        }
        return text.append(results.states().isEmpty() ? "" : "\nOurs: where the paper is silent.\n")
                .append("\n</details>\n\n")
                .toString();
    }

    /** Those of the paper, those of which it says nothing, and those of which it says something else. */
    static String settings(Results results, SequencedMap<String, Object> settings) {
        Map<Results.Whose, String> parts = settings.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> results.whose(entry.getKey(), entry.getValue()),
                        () -> new EnumMap<>(Results.Whose.class),
                        Collectors.mapping(
                                entry -> entry.getKey() + " " + entry.getValue(), Collectors.joining(", "))));
        return parts.entrySet().stream()
                .map(part -> (part.getKey() == Results.Whose.PAPER
                                        || results.states().isEmpty()
                                ? ""
                                : part.getKey() + ": ")
                        + part.getValue())
                .collect(Collectors.joining("; "));
    }
}
