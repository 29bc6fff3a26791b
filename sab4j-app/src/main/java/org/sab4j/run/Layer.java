package org.sab4j.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings that somebody has given, in a file or on the command line; a higher layer covers a lower one. */
public final class Layer {

    /**
     * A value as it was written.
     *
     * @param text the value
     * @param origin how to name the setting to who gave it, such as {@code --hidden} or {@code my.yaml, line 3: hidden}
     */
    public record Given(String text, String origin) {}

    private final SequencedMap<String, Given> values = new LinkedHashMap<>();

    /** Nothing given. */
    public Layer() {}

    /** Adds a setting of the command line. */
    public Layer option(String key, String text) {
        return add(key, new Given(text, "--" + key));
    }

    /** Adds a setting. */
    Layer add(String key, Given given) {
        values.put(key, given);
        return this;
    }

    /** What was given, as it was written; null if nothing was. */
    public @Nullable String text(String key) {
        Given given = values.get(key);
        return given == null ? null : given.text();
    }

    /** The same, no longer a part of this layer. */
    public @Nullable String remove(String key) {
        String text = text(key);
        values.remove(key);
        return text;
    }

    /** The keys of all that was given. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** All that was given, by key. */
    SequencedMap<String, Given> values() {
        return values;
    }
}
