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
 * {@code dev}) and {@code test} in their names, as words of their own: those in {@code .txt}, or where one of these has such a name, but not
 * each part its own, whatever they end with. Otherwise its files, those in {@code .txt} where there are such, are taken as one text, in the
 * order of their names. A README or a licence beside them is none.
 *
 * @param whole the files of the whole text; empty where each part has its own
 * @param parts a part's file
 */
record TextFiles(List<Path> whole, Map<Part, Path> parts) {

    private static final Map<Part, Pattern> NAMES = new EnumMap<>(Map.of(
            Part.TRAINING, named("train|training"),
            Part.VALIDATION, named("valid|validation|val|dev"),
            Part.TEST, named("test")));

    /** What says something of the text. */
    private static final Pattern ABOUT = Pattern.compile("(readme|licen[cs]e)([.][a-z]+)*", Pattern.CASE_INSENSITIVE);

    private static Pattern named(String words) {
        return Pattern.compile("(.*[^a-z])?(" + words + ")([^a-z].*)?", Pattern.CASE_INSENSITIVE);
    }

    /** The files behind the name of a file or folder, as one text. */
    static TextFiles all(Path path) throws DataException {
        if (Files.isDirectory(path)) {
            return new TextFiles(texts(list(path)), Map.of());
        } else if (!Files.exists(path)) {
            throw new DataException(path + " does not exist: check the name");
        }
        Source.check(path);
        return new TextFiles(List.of(path), Map.of());
    }

    /** The same, by their parts where a folder has them. */
    static TextFiles of(Path path) throws DataException {
        if (!Files.isDirectory(path)) {
            return all(path);
        }
        List<Path> files = list(path);
        List<Path> texts = texts(files);
        Map<Part, List<Path>> ofTexts = byPart(texts);
        Map<Part, List<Path>> ofAll = byPart(files);
        if (ofTexts.isEmpty()) { // what is called a part and is no .txt may be anything
            if (isWhole(ofAll)) {
                throw new DataException(path + " has a file for each part, and "
                        + texts.getFirst().getFileName() + " besides: leave one of the two in a folder of its own");
            }
            return new TextFiles(texts, Map.of());
        }
        for (Map<Part, List<Path>> named : List.of(ofTexts, ofAll)) {
            if (isWhole(named)) {
                Map<Part, Path> parts = new EnumMap<>(Part.class);
                named.forEach((part, one) -> parts.put(part, one.getFirst()));
                return new TextFiles(List.of(), parts);
            }
        }
        for (Map<Part, List<Path>> named : List.of(ofTexts, ofAll)) {
            if (named.size() > 1) {
                throw new DataException(complaint(path, named));
            }
        }
        return new TextFiles(texts, Map.of());
    }

    /** Whether each part has a file, and none several. */
    private static boolean isWhole(Map<Part, List<Path>> named) {
        return named.size() == NAMES.size() && named.values().stream().allMatch(some -> some.size() == 1);
    }

    /** The files that have a part's name, of each part that has some. */
    private static Map<Part, List<Path>> byPart(List<Path> files) {
        Map<Part, List<Path>> found = new EnumMap<>(Part.class);
        NAMES.forEach((part, name) -> {
            List<Path> matching = files.stream()
                    .filter(file ->
                            name.matcher(String.valueOf(file.getFileName())).matches())
                    .toList();
            if (!matching.isEmpty()) {
                found.put(part, matching);
            }
        });
        return found;
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
        if (!files.stream().allMatch(TextFiles::isAbout)) {
            files.removeIf(TextFiles::isAbout);
        }
        if (files.isEmpty()) {
            throw new DataException(folder + " has no files in it: name a text file, or a folder of them");
        }
        return files;
    }

    /** Those in {@code .txt}, all where there are none: an archive beside them is none of the text. */
    private static List<Path> texts(List<Path> files) {
        List<Path> texts = files.stream().filter(TextFiles::isText).toList();
        return texts.isEmpty() ? files : texts;
    }

    private static boolean isAbout(Path file) {
        return ABOUT.matcher(String.valueOf(file.getFileName())).matches();
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
