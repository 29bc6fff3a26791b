package org.sab4j.run;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;

/** The metadata that tells our safetensors files from others', and from those of later versions. */
enum RunFile {
    /** The best model. */
    MODEL("model"),
    /** All that going on needs. */
    CHECKPOINT("checkpoint"),
    /** Where the sequences of a stream stand. */
    STREAM("stream");

    /** To be raised when files change so that older versions would misread them. */
    private static final int FORMAT = 1;

    private final String kind;

    RunFile(String kind) {
        this.kind = kind;
    }

    /** What every file of this kind says. */
    SequencedMap<String, String> metadata() {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", String.valueOf(FORMAT));
        metadata.put("sab4j.file", kind);
        metadata.put("sab4j.version", Version.sab4j());
        return metadata;
    }

    /** Refuses what is no such file, or one of a later version. */
    void check(Safetensors file) throws FormatException {
        if (!kind.equals(file.metadata().get("sab4j.file"))) {
            if (this == STREAM) {
                throw new FormatException(
                        file.file(),
                        "holds no sequences of a stream: give a file that sab predict --stream has left, or a new one");
            }
            String others = kind.equals("model")
                    ? " (a model that was saved through the library is read with ModelTensors)"
                    : "";
            throw new FormatException(file.file(), "is no " + kind + " of a run of sab" + others);
        }
        int format = number(file, "format");
        if (format > FORMAT) {
            throw new FormatException(
                    file.file(),
                    "was written by a newer sab4j ("
                            + Settings.shown(file.metadata().getOrDefault("sab4j.version", "?"))
                            + "; its format is " + format + ", and this version, " + Version.sab4j() + ", reads "
                            + FORMAT + "): update sab4j to use it");
        }
    }

    /** A number in a file's metadata. */
    static int number(Safetensors file, String key) throws FormatException {
        return (int) wholeNumber(file, key, Integer.MAX_VALUE);
    }

    /** A large number in a file's metadata. */
    static long wholeNumber(Safetensors file, String key, long most) throws FormatException {
        String text = file.text(key);
        try {
            long value = Long.parseLong(text);
            if (value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same complaint.
        }
        throw new FormatException(
                file.file(), "has no usable number as \"" + key + "\" in its metadata: " + Settings.shown(text));
    }
}
