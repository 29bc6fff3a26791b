package org.sab4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A run as others than its trainer see it: what it was set to and what made it. Nothing is locked, so a run can be looked at while
 * it is under way.
 *
 * @param folder where it lies
 * @param settings its settings as the user writes them, by key, in the file's order
 * @param madeBy what made it, such as {@code kernels} and {@code java}
 */
public record RunRecord(RunFolder folder, SequencedMap<String, String> settings, SequencedMap<String, String> madeBy) {

    /** Reads {@code config.yaml} of a run's folder. */
    public static RunRecord read(Path path) throws RunException {
        RunDirectory.checkRun(path);
        RunFolder folder = new RunFolder(path);
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        ConfigFile.read(folder.config()).values().forEach((key, given) -> settings.put(key, given.text()));
        return new RunRecord(folder, settings, madeBy(folder.config()));
    }

    private static SequencedMap<String, String> madeBy(Path file) throws RunException {
        SequencedMap<String, String> madeBy = new LinkedHashMap<>();
        try {
            JsonNode node = new YAMLMapper().readTree(Files.readString(file)).path(ConfigFile.MADE_BY);
            node.properties()
                    .forEach(
                            entry -> madeBy.put(entry.getKey(), entry.getValue().asString("")));
        } catch (IOException e) {
            throw RunException.unreadable(file, e);
        }
        return madeBy;
    }

    /**
     * The runs of a folder by name, in order: itself, if it is one; otherwise those in it, and those of the sweeps in it, {@code
     * SWEEP/TRIAL.seed-1}.
     */
    public static SequencedMap<String, Path> runs(Path folder) throws RunException {
        SequencedMap<String, Path> runs = new LinkedHashMap<>();
        if (new RunFolder(folder).isRun()) {
            runs.put(name(folder), folder);
            return runs;
        }
        for (Path entry : entries(folder)) {
            if (new RunFolder(entry).isRun()) {
                runs.put(name(entry), entry);
            } else if (Files.isDirectory(entry)) {
                runsOfSweep(entry).forEach(run -> runs.put(name(entry) + "/" + name(run), run));
            }
        }
        Map<Path, Path> own = new HashMap<>(); // of links to one run the run itself, or the first
        runs.values().forEach(run -> own.merge(real(run), run, (one, other) -> isReal(other) ? other : one));
        runs.values().retainAll(Set.copyOf(own.values()));
        return runs;
    }

    /** A folder's own place, whatever links lead to it. */
    public static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize(); // gone meanwhile
        }
    }

    private static boolean isReal(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        return folder != null && !Files.isSymbolicLink(path) && !Files.isSymbolicLink(folder);
    }

    /** None where it cannot be read: it may be anything. */
    private static List<Path> runsOfSweep(Path folder) {
        try {
            return entries(folder).stream()
                    .filter(entry -> new RunFolder(entry).isRun())
                    .toList();
        } catch (RunException e) {
            return List.of();
        }
    }

    private static List<Path> entries(Path folder) throws RunException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            throw RunException.unreadable(folder, e);
        }
    }

    /** A folder's name. */
    public static String name(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }

    /** The measure that says most, such as {@code accuracy}. */
    public String measure() {
        String task = settings.getOrDefault("task", "");
        for (TaskKind kind : TaskKind.values()) {
            if (Settings.text(kind).equals(task)) {
                return kind.measure();
            }
        }
        return "loss"; // a task of a later version
    }
}
