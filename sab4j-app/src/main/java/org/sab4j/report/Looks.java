package org.sab4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.sab4j.data.image.PixelTask;
import org.sab4j.data.text.Alphabet;
import org.sab4j.data.text.CharacterTask;
import org.sab4j.report.Look.Quantity;
import org.sab4j.table.Feature;
import org.sab4j.table.Outcome;
import org.sab4j.table.TableEncoding;
import org.sab4j.table.TableTask;
import org.sab4j.task.AddingTask;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;

/** The looks of the tasks that are known; numbers for others. */
final class Looks {

    private static final String BLANK = "·";
    private static final String UNKNOWN = "�";

    private Looks() {}

    static Look of(Task task) {
        return switch (task) {
            case CopyTask copy -> new Look(digits(copy.inputs()), List.of(), digits(copy.outputs()), null, null);
            case CharacterTask characters -> characters(characters.alphabet());
            case PixelTask pixels -> pixels(pixels);
            case AddingTask adding -> new Look(List.of(), quantities(List.of("number", "mark")), List.of(), null, null);
            case TableTask table -> table(table.encoding());
            default ->
                task.vectors()
                        ? new Look(List.of(), quantities(numbers("x", task.inputs())), List.of(), null, null)
                        : new Look(numbers("", task.inputs()), List.of(), List.of(), null, null);
        };
    }

    /** A character is itself, but for those that can't be seen. */
    static Look characters(Alphabet alphabet) {
        List<String> names = IntStream.range(0, alphabet.size())
                .mapToObj(symbol -> alphabet.known(symbol) ? visible(alphabet.character(symbol)) : UNKNOWN)
                .toList();
        return new Look(names, List.of(), names, null, null);
    }

    /** A character as it can be seen. */
    static String visible(int character) {
        return switch (character) {
            case ' ' -> "␣";
            case '\n' -> "⏎";
            case '\t' -> "⇥";
            default -> Character.isISOControl(character) ? UNKNOWN : Character.toString(character);
        };
    }

    private static Look pixels(PixelTask task) {
        List<Integer> order =
                IntStream.range(0, task.steps()).mapToObj(task::pixel).toList();
        List<Float> least = new ArrayList<>();
        List<Float> largest = new ArrayList<>();
        for (int channel = 0; channel < task.inputs(); channel++) {
            least.add(task.input(channel, 0));
            largest.add(task.input(channel, 255));
        }
        List<String> features = task.inputs() == 3 ? List.of("red", "green", "blue") : List.of("grey");
        return new Look(
                List.of(),
                quantities(features),
                numbers("", task.outputs()),
                null,
                new Look.Picture(task.width(), task.height(), order, least, largest));
    }

    /** Columns by their names and in their own units; words as marks. */
    static Look table(TableEncoding encoding) {
        List<Quantity> features = new ArrayList<>();
        for (Feature feature : encoding.features()) {
            boolean missing = switch (feature) {
                case Feature.Numeric number -> {
                    features.add(new Quantity(number.name(), number.mean(), number.deviation(), false));
                    yield number.missing();
                }
                case Feature.Category category -> {
                    category.words().forEach(word -> features.add(Quantity.mark(category.name() + " = " + word)));
                    yield category.missing();
                }
            };
            if (missing) {
                features.add(Quantity.mark(feature.name() + " missing"));
            }
        }
        return switch (encoding.outcome()) {
            case Outcome.Classes classes -> new Look(List.of(), features, classes.names(), null, null);
            case Outcome.Value value ->
                new Look(
                        List.of(),
                        features,
                        List.of(),
                        new Quantity(encoding.target(), value.mean(), value.deviation(), false),
                        null);
        };
    }

    private static List<Quantity> quantities(List<String> names) {
        return names.stream().map(Quantity::plain).toList();
    }

    /** Blanks, which are most of a sequence, must not look like a digit. */
    private static List<String> digits(int count) {
        List<String> names = new ArrayList<>(numbers("", count));
        names.set(0, BLANK);
        return names;
    }

    private static List<String> numbers(String before, int count) {
        return IntStream.range(0, count).mapToObj(i -> before + i).toList();
    }
}
