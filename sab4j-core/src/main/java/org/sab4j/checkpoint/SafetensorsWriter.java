package org.sab4j.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** Writes one file. */
final class SafetensorsWriter {
    private SafetensorsWriter() {}

    static void write(Path file, SequencedMap<String, String> metadata, SequencedMap<String, TensorData> tensors)
            throws IOException {
        if (metadata.containsKey(CheckSum.KEY) || tensors.containsKey(Header.METADATA)) {
            throw new IllegalArgumentException("the names " + CheckSum.KEY + " and " + Header.METADATA + " are taken");
        }
        if (metadata.size() >= Header.MOST_ENTRIES || tensors.size() >= Header.MOST_ENTRIES) {
            throw new IllegalArgumentException("a file has fewer than " + Header.MOST_ENTRIES + " tensors or texts");
        }
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IOException(file + " cannot be written: " + SafetensorsReader.INNER);
        }
        Header header = Header.layout(metadata, tensors);
        byte[] text = HeaderWriter.write(header);
        AtomicFile.replace(file, beside -> {
            try (RandomAccessFile out = new RandomAccessFile(beside.toFile(), "rw")) {
                write(out, header, text, tensors);
            }
        });
    }

    private static void write(RandomAccessFile out, Header header, byte[] text, Map<String, TensorData> tensors)
            throws IOException {
        ByteSink sink = new ByteSink(out);
        sink.buffer().putLong(text.length);
        sink.send(Long.BYTES);
        sink.send(text);
        for (Header.Slot slot : header.inFileOrder()) {
            Elements.write(sink, Objects.requireNonNull(tensors.get(slot.name())));
        }
        out.seek(Long.BYTES + CheckSum.HEADER_START.length());
        out.write(CheckSum.digits(sink.sum()).getBytes(StandardCharsets.US_ASCII));
    }
}
