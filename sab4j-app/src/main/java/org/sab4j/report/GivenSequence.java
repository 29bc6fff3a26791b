package org.sab4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.data.text.Alphabet;
import org.sab4j.run.RunException;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;

/** A sequence that a user has written, which has no targets. */
public final class GivenSequence {

    private static final int MOST_STEPS = 100_000;

    private GivenSequence() {}

    /**
     * The sequence that a text describes, of a task that isn't text itself, see {@link #ofCharacters}: symbols by their names, one after
     * the other, or apart by blanks or commas where names are longer; or vectors, a line each, their numbers apart by blanks or commas.
     *
     * @param origin what to call it in a complaint
     */
    public static Batch parse(String text, Task task, Look look, String origin) throws RunException {
        return of(
                task.vectors() ? vectors(text, task.inputs(), origin) : symbols(text, task, look, origin),
                look.classes().isEmpty(),
                task.outputs(),
                origin);
    }

    /** The characters of a text, as they are, and not as they look: several look alike. */
    public static Batch ofCharacters(String text, Alphabet alphabet, String origin) throws RunException {
        int[] characters = text.replaceFirst("\\R\\z", "").codePoints().toArray();
        int[] values = new int[characters.length];
        for (int i = 0; i < values.length; i++) {
            OptionalInt symbol = alphabet.symbol(characters[i]);
            if (symbol.isEmpty()) {
                throw new RunException(origin + ", step " + (i + 1) + ": the model has no symbol '"
                        + Looks.visible(characters[i]) + "'; it has "
                        + some(Look.of(alphabet).symbols()));
            }
            values[i] = symbol.getAsInt();
        }
        return of(new Inputs.Symbols(values, alphabet.size()), false, alphabet.size(), origin);
    }

    private static Batch of(Inputs inputs, boolean numbers, int outputs, String origin) throws RunException {
        int steps = switch (inputs) {
            case Inputs.Symbols symbols -> symbols.values().length;
            case Inputs.Vectors vectors -> vectors.values().length / vectors.size();
        };
        if (steps == 0) {
            throw new RunException(origin + " is empty: it must have at least one step");
        } else if (steps > MOST_STEPS) {
            throw new RunException(
                    origin + " has " + steps + " steps, and at most " + MOST_STEPS + " can be explained: shorten it");
        }
        return new Batch(1, steps, inputs, none(numbers, steps, outputs));
    }

    private static Targets none(boolean numbers, int steps, int outputs) {
        if (numbers) {
            return new Targets.Values(new float[steps * outputs], new boolean[steps]);
        }
        int[] none = new int[steps];
        Arrays.fill(none, Targets.NONE);
        return new Targets.Classes(none);
    }

    private static Inputs symbols(String text, Task task, Look look, String origin) throws RunException {
        boolean single = look.symbols().stream().allMatch(name -> name.codePointCount(0, name.length()) == 1);
        String[] names = single
                ? text.replaceFirst("\\R\\z", "")
                        .codePoints()
                        .mapToObj(Looks::visible)
                        .toArray(String[]::new)
                : text.strip().split("[\\s,]+", -1);
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            int symbol = look.symbols().indexOf(names[i]);
            // By its number, too; where symbols are single characters only for the copy task's blank.
            boolean byNumber = !single || (task instanceof CopyTask && names[i].equals("0"));
            if (symbol < 0 && byNumber && names[i].matches("[0-9]{1,6}")) {
                symbol = Integer.parseInt(names[i]);
            }
            if (symbol < 0 || symbol >= task.inputs()) {
                throw new RunException(origin + ", step " + (i + 1) + ": the model has no symbol '" + names[i]
                        + "'; it has " + some(look.symbols()));
            }
            values.add(symbol);
        }
        return new Inputs.Symbols(values.stream().mapToInt(Integer::intValue).toArray(), task.inputs());
    }

    private static String some(List<String> names) {
        return names.size() <= 30
                ? String.join(" ", names)
                : String.join(" ", names.subList(0, 30)) + " and " + (names.size() - 30) + " more";
    }

    private static Inputs vectors(String text, int size, String origin) throws RunException {
        List<String> lines = text.lines().toList();
        int steps = (int) lines.stream().filter(line -> !line.isBlank()).count();
        float[] values = new float[Math.multiplyExact(steps, size)];
        int next = 0;
        for (int line = 1; line <= lines.size(); line++) {
            String trimmed = lines.get(line - 1).strip();
            if (trimmed.isEmpty()) {
                continue;
            }
            String[] numbers = trimmed.split("[\\s,;]+", -1);
            if (numbers.length != size) {
                throw new RunException(origin + ", line " + line + ": " + numbers.length
                        + " numbers, and a step of this model has " + size);
            }
            for (String number : numbers) {
                values[next++] = number(number, origin, line);
            }
        }
        return new Inputs.Vectors(values, size);
    }

    private static float number(String text, String origin, int line) throws RunException {
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same complaint.
        }
        throw new RunException(origin + ", line " + line + ": not a finite number: '" + text + "'");
    }
}
