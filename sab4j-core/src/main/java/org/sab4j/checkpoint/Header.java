package org.sab4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What the header of a file says: free text by key, and where each tensor lies.
 *
 * @param slots the tensors in the order of the header, which need not be the order of the data
 */
record Header(SequencedMap<String, String> metadata, List<Slot> slots) {
    /** The key under which the metadata stands between the tensors; no tensor can have this name. */
    static final String METADATA = "__metadata__";

    /** The largest header the format allows, in bytes. */
    static final int LARGEST = 100_000_000;

    /** Far more than any model has; bounds what a hostile header can make a reader allocate. */
    static final int MOST_ENTRIES = 100_000;

    /** As {@link #MOST_ENTRIES}. */
    static final int MOST_DIMENSIONS = 64;

    /** A Java array cannot be longer. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    /**
     * One tensor's place.
     *
     * @param size the number of elements, the product of the shape
     * @param begin its first byte, counted from the end of the header
     * @param end the byte after its last
     */
    record Slot(String name, ElementType type, List<Integer> shape, int size, long begin, long end) {
        /** A slot out of a file, whose parts fit together, or a {@link FormatException}. */
        static Slot checked(Path file, String name, String typeName, List<Long> shape, long begin, long end)
                throws FormatException {
            String tensor = "tensor " + FormatException.quoted(name);
            ElementType type = ElementType.named(typeName);
            if (type == null) {
                throw new FormatException(
                        file,
                        "holds the " + tensor + " of type " + FormatException.quoted(typeName)
                                + ", which this version of sab4j cannot read");
            }
            long size = shape.contains(0L) ? 0 : 1;
            for (long dimension : shape) {
                if (dimension > Integer.MAX_VALUE || size * dimension > MOST_ELEMENTS) {
                    throw new FormatException(
                            file, "holds the " + tensor + " of shape " + shape + ", too large for a Java array");
                }
                size *= dimension;
            }
            if (end < begin || end - begin != size * type.width) {
                throw new FormatException(
                        file,
                        "is damaged: the " + tensor + " of shape " + shape + " and type " + type + " takes "
                                + size * type.width + " bytes, and its place is from byte " + begin + " to " + end);
            }
            return new Slot(name, type, shape.stream().map(Math::toIntExact).toList(), (int) size, begin, end);
        }
    }

    /**
     * Lays tensors out for writing: the header in the order of the map, the data with the widest elements first, as the
     * reference implementation has it. So each tensor begins at a multiple of its element's width, and other programs
     * can map it into memory as it is.
     */
    static Header layout(SequencedMap<String, String> metadata, SequencedMap<String, TensorData> tensors) {
        List<Map.Entry<String, TensorData>> widestFirst = new ArrayList<>(tensors.entrySet());
        widestFirst.sort(Comparator.comparingInt(entry -> -ElementType.of(entry.getValue()).width));
        Map<String, Slot> places = new HashMap<>();
        long next = 0;
        for (Map.Entry<String, TensorData> entry : widestFirst) {
            TensorData tensor = entry.getValue();
            ElementType type = ElementType.of(tensor);
            long end = next + (long) tensor.size() * type.width;
            places.put(entry.getKey(), new Slot(entry.getKey(), type, tensor.shape(), tensor.size(), next, end));
            next = end;
        }
        List<Slot> slots = tensors.keySet().stream()
                .map(name -> Objects.requireNonNull(places.get(name)))
                .toList();
        return new Header(metadata, slots);
    }

    /** The slots in the order of the data. */
    List<Slot> inFileOrder() {
        List<Slot> sorted = new ArrayList<>(slots);
        sorted.sort(Comparator.comparingLong(Slot::begin).thenComparingLong(Slot::end));
        return sorted;
    }

    /** How many bytes the tensors take once they are read. */
    long bytesInMemory() {
        long bytes = 0;
        for (Slot slot : slots) {
            boolean widened = slot.type() == ElementType.F16 || slot.type() == ElementType.BF16;
            bytes += (long) slot.size() * (widened ? Float.BYTES : slot.type().width);
        }
        return bytes;
    }

    /** Checks that the tensors cover the data from its first byte to its last, each byte once. */
    void checkCovers(Path file, long dataBytes) throws FormatException {
        long covered = 0;
        for (Slot slot : inFileOrder()) {
            if (slot.begin() != covered) {
                throw new FormatException(
                        file,
                        "is damaged: the tensor " + FormatException.quoted(slot.name()) + " begins at byte "
                                + slot.begin() + " of the data, and the one before it ends at " + covered);
            }
            covered = slot.end();
        }
        if (dataBytes < covered) {
            throw new FormatException(
                    file,
                    "is truncated: " + dataBytes + " of " + covered + " bytes of its data are there"
                            + FormatException.WHOLE);
        }
        if (dataBytes > covered) {
            throw new FormatException(
                    file, "is damaged: " + (dataBytes - covered) + " bytes follow the end of its last tensor");
        }
    }
}
