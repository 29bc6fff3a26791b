package org.sab4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.sab4j.data.image.PixelTask;
import org.sab4j.data.text.Alphabet;
import org.sab4j.data.text.CharacterTask;
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
            case CopyTask copy -> new Look(digits(copy.inputs()), List.of(), digits(copy.outputs()), null);
            case CharacterTask characters -> characters(characters.alphabet());
            case PixelTask pixels -> pixels(pixels);
            case AddingTask adding -> new Look(List.of(), List.of("number", "mark"), List.of(), null);
            default ->
                task.vectors()
                        ? new Look(List.of(), numbers("x", task.inputs()), List.of(), null)
                        : new Look(numbers("", task.inputs()), List.of(), List.of(), null);
        };
    }

    /** A character is itself, but for those that can't be seen. */
    private static Look characters(Alphabet alphabet) {
        List<String> names = IntStream.range(0, alphabet.size())
                .mapToObj(symbol -> alphabet.known(symbol) ? visible(alphabet.character(symbol)) : UNKNOWN)
                .toList();
        return new Look(names, List.of(), names, null);
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
                features,
                numbers("", task.outputs()),
                new Look.Picture(task.width(), task.height(), order, least, largest));
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
