package org.sab4j.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * The content of a safetensors file: named tensors and texts, both in the order of the file's header.
 *
 * <p>{@link #read} gives it; {@link #floats} and its siblings take a tensor out and say what is wrong if it isn't there
 * with the wanted type and shape:
 *
 * <pre>{@code
 * Safetensors model = Safetensors.read(Path.of("runs/copy/model.safetensors"));
 * int hidden = Integer.parseInt(model.text("hidden"));
 * float[] bias = model.floats("cell.bias", 4 * hidden); // (4H)
 * }</pre>
 *
 * @param file the file, for messages
 * @param metadata texts by key; not changeable
 * @param tensors tensors by name; not changeable, though the arrays in it are
 */
public record Safetensors(Path file, SequencedMap<String, String> metadata, SequencedMap<String, TensorData> tensors) {
    /** Copies the maps, not the arrays. */
    public Safetensors {
        metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    }

    /** Tensors that never were in a file. */
    public static Safetensors ofMemory(SequencedMap<String, TensorData> tensors) {
        return new Safetensors(Path.of("memory"), new LinkedHashMap<>(), tensors);
    }

    /**
     * Reads a file, all of it into arrays. {@code F32}, {@code F64}, {@code I32}, {@code I64} and {@code U8} keep their
     * type; {@code F16} and {@code BF16} become floats. The check sum of a file that {@link #write} made is checked.
     *
     * @throws FormatException if the file is missing, within another one such as a jar, unreadable, foreign, truncated,
     *     damaged, too large for the memory, or holds a tensor of another type or one too large for a Java array
     */
    public static Safetensors read(Path file) throws FormatException {
        return SafetensorsReader.read(file);
    }

    /**
     * Writes a file, or replaces one as a whole: at every moment, and after a crash too, there is the old file or the
     * new one. A symbolic link stays, and what it points to is replaced. Equal content in equal order gives equal bytes.
     *
     * <p>The file carries a check sum as a further metadata entry, {@code sab4j.crc32c}, which {@link #read} checks and
     * does not show.
     *
     * @param metadata texts by key, in the order to write
     * @param tensors tensors by name, in the order to write
     * @throws IOException if the file cannot be written, such as on a full disk, or within another file such as a jar;
     *     its message is one sentence for the user, nothing is left behind, and a file that was there before is untouched
     * @throws IllegalArgumentException if a name is reserved ({@code __metadata__}, {@code sab4j.crc32c}) or is not
     *     valid Unicode, or if there are 100,000 of them or more, or they take more than 100 MB
     */
    public static void write(Path file, SequencedMap<String, String> metadata, SequencedMap<String, TensorData> tensors)
            throws IOException {
        SafetensorsWriter.write(file, metadata, tensors);
    }

    /** The tensor of that name, of any type and shape. Throws {@link FormatException} if there is none. */
    public TensorData tensor(String name) throws FormatException {
        TensorData tensor = tensors.get(name);
        if (tensor == null) {
            throw new FormatException(file, "has no tensor " + FormatException.quoted(name));
        }
        return tensor;
    }

    /** The metadata's text for that key. Throws {@link FormatException} if there is none. */
    public String text(String key) throws FormatException {
        String text = metadata.get(key);
        if (text == null) {
            throw new FormatException(file, "has no " + FormatException.quoted(key) + " in its metadata");
        }
        return text;
    }

    /**
     * The elements of a tensor of floats, not copied, or of doubles, rounded.
     *
     * @param shape the shape it must have; none for a scalar
     * @throws FormatException if there is no tensor of that name, type and shape
     */
    public float[] floats(String name, int... shape) throws FormatException {
        return switch (tensor(name, shape)) {
            case TensorData.Floats floats -> floats.values();
            case TensorData.Doubles doubles -> rounded(doubles.values());
            case TensorData other -> throw wrongType(name, other, "F32 or F64");
        };
    }

    /** The same where each must be finite. */
    public float[] finite(String name, int... shape) throws FormatException {
        float[] values = floats(name, shape);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new FormatException(
                        file,
                        "holds " + value + " in the tensor " + FormatException.quoted(name) + ": take an earlier file");
            }
        }
        return values;
    }

    /** The elements of a tensor of doubles, not copied. Otherwise as {@link #floats}. */
    public double[] doubles(String name, int... shape) throws FormatException {
        return switch (tensor(name, shape)) {
            case TensorData.Doubles doubles -> doubles.values();
            case TensorData other -> throw wrongType(name, other, "F64");
        };
    }

    /** The elements of a tensor of 64-bit integers, not copied. Otherwise as {@link #floats}. */
    public long[] longs(String name, int... shape) throws FormatException {
        return switch (tensor(name, shape)) {
            case TensorData.Longs longs -> longs.values();
            case TensorData other -> throw wrongType(name, other, "I64");
        };
    }

    /** The elements of a tensor of 32-bit integers, not copied. Otherwise as {@link #floats}. */
    public int[] ints(String name, int... shape) throws FormatException {
        return switch (tensor(name, shape)) {
            case TensorData.Ints ints -> ints.values();
            case TensorData other -> throw wrongType(name, other, "I32");
        };
    }

    /** The elements of a tensor of bytes, not copied. Otherwise as {@link #floats}. */
    public byte[] bytes(String name, int... shape) throws FormatException {
        return switch (tensor(name, shape)) {
            case TensorData.Bytes bytes -> bytes.values();
            case TensorData other -> throw wrongType(name, other, "U8");
        };
    }

    private TensorData tensor(String name, int[] shape) throws FormatException {
        TensorData tensor = tensor(name);
        List<Integer> expected = IntStream.of(shape).boxed().toList();
        if (!tensor.shape().equals(expected)) {
            throw new FormatException(
                    file,
                    "holds the tensor " + FormatException.quoted(name) + " with the shape " + tensor.shape()
                            + " in place of " + expected);
        }
        return tensor;
    }

    private FormatException wrongType(String name, TensorData tensor, String expected) {
        return new FormatException(
                file,
                "holds the tensor " + FormatException.quoted(name) + " as " + ElementType.of(tensor) + " in place of "
                        + expected);
    }

    private static float[] rounded(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }
}
