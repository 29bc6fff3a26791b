package org.sab4j.run;

import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of {@link RunConfig} and of its task by key, and their values as the user writes them. */
public final class Settings {

    /** What every run has, in the order of {@link RunConfig}; the task comes first. */
    public static final List<Entry> GENERAL = entries(RunConfig.class);

    /** The settings that say how long a run may train. A run may go on with others, and how well it does depends on them. */
    public static final List<String> BUDGET = List.of("updates", "epochs", "patience");

    private static final Map<TaskKind, List<Entry>> OF_TASKS = new EnumMap<>(TaskKind.class);

    static {
        for (TaskKind task : TaskKind.values()) {
            OF_TASKS.put(task, entries(task.options()));
        }
    }

    private Settings() {}

    /**
     * One setting.
     *
     * @param key its name in a file, and after {@code --} on the command line
     * @param type the component's type
     * @param about what is known of it
     */
    public record Entry(String key, Class<?> type, Setting about, RecordComponent component) {

        /** Its name on the command line. */
        public String option() {
            return "--" + key;
        }

        /** The values to choose from; empty where there is no such list. */
        public List<String> choices() {
            Object[] constants = type.getEnumConstants();
            return constants == null
                    ? List.of()
                    : Arrays.stream(constants).map(Settings::text).toList();
        }

        /** The value of this setting in a configuration. */
        Object of(RunConfig config) {
            return of(component.getDeclaringRecord() == RunConfig.class ? config : (Record) config.options());
        }

        /** The value of this setting in the record that has it. */
        Object of(Record settings) {
            try {
                return Objects.requireNonNull(component.getAccessor().invoke(settings));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        /**
         * The value that a text stands for.
         *
         * @throws IllegalArgumentException if it stands for none; the message goes on where the option's name ended
         */
        Object parse(String text) {
            if (type == boolean.class) {
                return parseBoolean(text);
            } else if (type == KTop.class && text.equalsIgnoreCase("all")) {
                return KTop.ALL;
            } else if (type == KTop.class) {
                return new KTop((int) whole(text, Integer.MAX_VALUE - 1));
            } else if (type == int.class) {
                return (int) whole(text, Integer.MAX_VALUE);
            } else if (type == long.class) {
                return whole(text, Long.MAX_VALUE);
            } else if (type == double.class) {
                return number(text);
            } else if (type == String.class) {
                return text;
            } else if (type == Path.class) {
                return path(text);
            }
            return choice(text);
        }

        /** As a whole path, so that a run goes on from any folder; empty stays empty and means none. */
        private static Path path(String text) {
            try {
                return text.isEmpty()
                        ? Path.of("")
                        : Path.of(text).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("is not the name of a file or folder: " + shown(text), e);
            }
        }

        private static boolean parseBoolean(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("must be true or false: " + shown(text));
            };
        }

        private long whole(String text, long most) {
            String wanted = type == KTop.class ? "must be a whole number or all: " : "must be a whole number: ";
            if (!text.matches("[+-]?[0-9]{1,100}")) {
                throw new IllegalArgumentException(wanted + shown(text));
            }
            checkRange(Double.parseDouble(text), text);
            BigInteger value = new BigInteger(text);
            if (value.abs().compareTo(BigInteger.valueOf(most)) > 0) {
                throw new IllegalArgumentException("is out of range: " + shown(text));
            }
            return value.longValueExact();
        }

        private double number(String text) {
            double value;
            try {
                value = parsed(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a number: " + shown(text), e);
            }
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("must be a finite number: " + shown(text));
            }
            checkRange(value, text);
            return value;
        }

        private void checkRange(double value, String text) {
            if (value < about.least()) {
                throw new IllegalArgumentException("must be at least " + plain(about.least()) + ": " + shown(text));
            } else if (value > about.most()) {
                throw new IllegalArgumentException("must be at most " + plain(about.most()) + ": " + shown(text));
            } else if (value <= about.above()) {
                throw new IllegalArgumentException("must be above " + plain(about.above()) + ": " + shown(text));
            } else if (about.above() == 0 && (float) value == 0) {
                throw new IllegalArgumentException(
                        "must be above 0, and single precision has nothing so small: " + shown(text));
            } else if (value >= about.below()) {
                throw new IllegalArgumentException("must be below " + plain(about.below()) + ": " + shown(text));
            } else if ((float) value >= about.below()) {
                throw new IllegalArgumentException("must be below " + plain(about.below())
                        + ", and single precision has nothing so near it: " + shown(text));
            }
        }

        private Object choice(String text) {
            for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
                if (text(constant).equalsIgnoreCase(text)) {
                    return constant;
                }
            }
            throw new IllegalArgumentException("must be " + String.join(" or ", choices()) + ": " + shown(text));
        }
    }

    private static List<Entry> entries(Class<?> settings) {
        return Arrays.stream(settings.getRecordComponents())
                .filter(component -> component.isAnnotationPresent(Setting.class))
                .map(Settings::entry)
                .toList();
    }

    /** What only this task has and those tasks that share it, in the order of its {@link TaskOptions}. */
    public static List<Entry> of(TaskKind task) {
        return Objects.requireNonNull(OF_TASKS.get(task));
    }

    /** All of a run for that task: the task, what is its own, and what every run has. */
    public static List<Entry> all(TaskKind task) {
        List<Entry> all = new ArrayList<>(GENERAL);
        all.addAll(1, of(task));
        return all;
    }

    /** The tasks that have a setting of their own with that key, and not every run. */
    public static List<TaskKind> tasksWith(String key) {
        return Arrays.stream(TaskKind.values())
                .filter(task -> named(of(task), key) != null)
                .toList();
    }

    /** The key of every setting that there is. */
    static List<String> keys() {
        return Stream.concat(
                        GENERAL.stream().limit(1),
                        Stream.concat(
                                OF_TASKS.values().stream().flatMap(List::stream),
                                GENERAL.stream().skip(1)))
                .map(Entry::key)
                .distinct()
                .toList();
    }

    private static Entry entry(RecordComponent component) {
        return new Entry(
                key(component.getName()),
                component.getType(),
                Objects.requireNonNull(component.getAnnotation(Setting.class)),
                component);
    }

    /** {@code kTrunc} to {@code k-trunc}. */
    private static String key(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The setting of that key; null if there is none. */
    static @Nullable Entry named(List<Entry> entries, String key) {
        return entries.stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    /** A value as the user writes it. */
    public static String text(Object value) {
        return value instanceof Enum<?> constant
                ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
                : value.toString();
    }

    /** All values as the user writes them, by key. */
    public static SequencedMap<String, String> texts(RunConfig config) {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        all(config.task()).forEach(entry -> texts.put(entry.key(), text(entry.of(config))));
        return texts;
    }

    /** The value that a setting had, as it were, before it was there; empty where it has been there from the start. */
    public static Optional<Object> before(String key) {
        Entry entry = named(GENERAL, key);
        return entry == null || entry.about().before().isEmpty()
                ? Optional.empty()
                : Optional.of(entry.parse(entry.about().before()));
    }

    /** Takes out the settings that play no part beside the others, whose values are as the user writes them or as in a file. */
    public static void removeIdle(Map<String, ?> values) {
        List<String> idle = GENERAL.stream()
                .map(Entry::key)
                .filter(key -> isIdle(key, values))
                .toList();
        values.keySet().removeAll(idle);
    }

    /** Whether a setting plays no part beside the others. */
    public static boolean isIdle(String key, Map<String, ?> values) {
        return idleBeside(key, values).isPresent();
    }

    /** The others beside which a setting plays no part, as options; empty if it plays one. */
    static Optional<String> idleBeside(String key, Map<String, ?> values) {
        Entry entry = named(GENERAL, key);
        return Stream.of(entry == null ? new String[0] : entry.about().idleWith())
                .filter(conditions ->
                        Arrays.stream(conditions.split(" ")).allMatch(condition -> holds(condition, values)))
                .map(conditions -> Arrays.stream(conditions.split(" "))
                        .map(condition -> "--"
                                + condition
                                        .replaceFirst("(.*)=false", "no-$1")
                                        .replace("=true", "")
                                        .replace('=', ' '))
                        .collect(Collectors.joining(" and ")))
                .findFirst();
    }

    private static boolean holds(String condition, Map<String, ?> values) {
        String[] parts = condition.split("=", 2);
        Object value = values.get(parts[0]);
        return value != null && parts[1].equals(text(value));
    }

    /** The values on which results depend, as the user writes them, by key. */
    public static SequencedMap<String, String> fixed(RunConfig config) {
        SequencedMap<String, String> fixed = decisive(texts(config));
        BUDGET.forEach(fixed::remove);
        return fixed;
    }

    /** Whether a setting may be another when a run goes on: the budget, and those on which no result depends. */
    public static boolean changeable(String key) {
        return entries()
                .anyMatch(entry -> entry.key().equals(key) && entry.about().changeable());
    }

    private static Stream<Entry> entries() {
        return Stream.concat(GENERAL.stream(), OF_TASKS.values().stream().flatMap(List::stream));
    }

    /** Of values by key those on which results depend, and the budget: without what plays no part beside the others. */
    public static <V> SequencedMap<String, V> decisive(SequencedMap<String, V> values) {
        SequencedMap<String, V> decisive = new LinkedHashMap<>(values);
        removeIdle(decisive);
        entries()
                .filter(entry -> entry.about().changeable() && !BUDGET.contains(entry.key()))
                .forEach(entry -> decisive.remove(entry.key()));
        return decisive;
    }

    /** Takes out the settings that say where data lie. */
    static void removeMovable(TaskKind task, Map<String, ?> values) {
        values.keySet().removeAll(movable(task));
    }

    /** The keys of the settings that say where data lie. */
    private static Set<String> movable(TaskKind task) {
        return of(task).stream()
                .filter(entry -> entry.about().movable())
                .map(Entry::key)
                .collect(Collectors.toSet());
    }

    /** Of the settings that say where data lie those that name a place that is there. */
    public static Layer placesThere(RunConfig config) {
        Layer places = new Layer();
        places(config).forEach((key, place) -> {
            if (Files.exists(Path.of(place))) {
                places.option(key, place);
            }
        });
        return places;
    }

    /** The keys of those that name a place where nothing is. */
    public static Set<String> placesGone(RunConfig config) {
        SequencedMap<String, String> places = places(config);
        places.values().removeIf(place -> Files.exists(Path.of(place)));
        return places.keySet();
    }

    private static SequencedMap<String, String> places(RunConfig config) {
        SequencedMap<String, String> places = texts(config);
        places.keySet().retainAll(movable(config.task()));
        places.values().removeIf(String::isEmpty);
        return places;
    }

    /** All values by key: numbers and truth values as they are, others as the user writes them. */
    public static SequencedMap<String, Object> values(RunConfig config) {
        SequencedMap<String, Object> values = new LinkedHashMap<>();
        for (Entry entry : all(config.task())) {
            Object value = entry.of(config);
            values.put(entry.key(), value instanceof Number || value instanceof Boolean ? value : text(value));
        }
        return values;
    }

    /** The configuration of those values. */
    static RunConfig config(TaskKind task, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("options", options(task, values));
        return record(RunConfig.class, all);
    }

    /** A task's options of those values. A component {@code task} is the task itself, where several share a record. */
    static TaskOptions options(TaskKind task, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("task", task);
        return record(task.options(), all);
    }

    private static <T> T record(Class<T> type, Map<String, Object> values) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Object[] arguments = Arrays.stream(components)
                    .map(component -> values.get(key(component.getName())))
                    .toArray();
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key that is nearest to one that does not exist, as a question; otherwise all of them. */
    static String suggestion(String wrong) {
        return nearest(key(wrong), keys())
                .map(key -> "did you mean " + key + "?")
                .orElseGet(() -> "there are " + String.join(", ", keys()));
    }

    /** A number as people write it: no {@code 1d}, as Java has it. */
    public static double parsed(String text) {
        if (!text.isEmpty() && "dDfF".indexOf(text.charAt(text.length() - 1)) >= 0) {
            throw new NumberFormatException(text);
        }
        return Double.parseDouble(text);
    }

    /** Of some names that which is mistyped, if it is like one of them. */
    public static Optional<String> nearest(String wrong, Collection<String> names) {
        String likely = bare(wrong.toLowerCase(Locale.ROOT));
        return names.stream()
                .filter(name -> isNear(bare(name), likely))
                .min(Comparator.comparingInt(name -> distance(bare(name), likely)));
    }

    /** Whether one is the beginning of the other, as of evaluate and eval, or they differ in two letters at most, short ones in one. */
    private static boolean isNear(String name, String likely) {
        boolean begins = name.startsWith(likely) || likely.startsWith(name);
        return (begins && Math.min(name.length(), likely.length()) > 2)
                || distance(name, likely) <= (name.length() < 4 ? 1 : 2);
    }

    private static String bare(String name) {
        return name.replaceAll("[-_]", "");
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e12
                ? String.format(Locale.ROOT, "%,d", (long) bound)
                : String.valueOf(bound);
    }

    /** A text of the user's, fit for one line of a terminal. */
    public static String shown(String text) {
        String line = text.codePoints()
                .limit(60)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.isEmpty() ? "''" : line;
    }
}
