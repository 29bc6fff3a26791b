package org.sab4j.data.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;
import org.sab4j.task.Part;

/**
 * Which files a text is made of. A folder may have a file for each part, with {@code train}, {@code valid} (or {@code val},
 * {@code dev}) and {@code test} in their names, as words of their own; otherwise its files are taken as one text, in the order of their names.
 *
 * @param whole the files of the whole text; empty where each part has its own
 * @param parts a part's file
 */
record TextFiles(List<Path> whole, Map<Part, Path> parts) {

    private static final Map<Part, Pattern> NAMES = new EnumMap<>(Map.of(
            Part.TRAINING, named("train|training"),
            Part.VALIDATION, named("valid|validation|val|dev"),
            Part.TEST, named("test")));

    private static Pattern named(String words) {
        return Pattern.compile("(.*[^a-z])?(" + words + ")([^a-z].*)?", Pattern.CASE_INSENSITIVE);
    }

    /** The files behind the name of a file or folder, as one text. */
    static TextFiles all(Path path) throws DataException {
        if (Files.isDirectory(path)) {
            return new TextFiles(list(path), Map.of());
        } else if (!Files.exists(path)) {
            throw new DataException(path + " does not exist: check the name");
        }
        Source.check(path);
        return new TextFiles(List.of(path), Map.of());
    }

    /** The same, by their parts where a folder has them. */
    static TextFiles of(Path path) throws DataException {
        TextFiles all = all(path);
        if (!Files.isDirectory(path)) {
            return all;
        }
        List<Path> files = all.whole();
        EnumMap<Part, Path> parts = new EnumMap<>(Part.class);
        Map<Part, List<Path>> found = new EnumMap<>(Part.class);
        for (Map.Entry<Part, Pattern> name : NAMES.entrySet()) {
            List<Path> matching = files.stream()
                    .filter(file -> name.getValue()
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    .toList();
            if (matching.size() == 1) {
                parts.put(name.getKey(), matching.getFirst());
            }
            if (!matching.isEmpty()) {
                found.put(name.getKey(), matching);
            }
        }
        if (found.size() > 1 && parts.size() < NAMES.size()) {
            throw new DataException(complaint(path, found));
        }
        return parts.size() == NAMES.size() ? new TextFiles(List.of(), parts) : new TextFiles(files, Map.of());
    }

    /** For a folder that has some parts, or some twice: as one text it would have the test in the training part. */
    private static String complaint(Path folder, Map<Part, List<Path>> found) {
        for (Part part : Part.values()) {
            String name = part.name().toLowerCase(Locale.ROOT);
            List<Path> files = found.getOrDefault(part, List.of());
            if (files.isEmpty()) {
                return folder + " has files for some parts and none for the " + name
                        + " part: add it, or name the file of the whole text";
            } else if (files.size() > 1) {
                return folder + " has several files for the " + name + " part, "
                        + files.get(0).getFileName() + " and " + files.get(1).getFileName()
                        + ": leave one for each part in a folder of their own";
            }
        }
        throw new IllegalStateException(folder + " has each part once");
    }

    private static List<Path> list(Path folder) throws DataException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .forEach(files::add);
        } catch (IOException e) {
            throw DataException.unreadable(folder, e);
        }
        if (files.stream().anyMatch(TextFiles::isText)) {
            files.removeIf(file -> !isText(file)); // a README.md or an archive beside them is none of the text
        }
        if (files.isEmpty()) {
            throw new DataException(folder + " has no files in it: name a text file, or a folder of them");
        }
        return files;
    }

    private static boolean isText(Path file) {
        return file.toString().endsWith(".txt") || file.toString().endsWith(".txt.gz");
    }

    /** A part's own file. */
    Path file(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    /** All of them. */
    List<Path> all() {
        return whole.isEmpty() ? List.copyOf(parts.values()) : whole;
    }
}
