package org.sab4j.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import org.sab4j.data.Source;

/** What a file's bytes must come to. */
public sealed interface CheckSum {

    /** As a tool prints it. */
    String text();

    /** Its name, such as {@code SHA-256}. */
    String kind();

    /** A file's sum of this kind, as {@link #text}. */
    String of(Path file) throws IOException;

    /**
     * SHA-256.
     *
     * @param text in hexadecimal
     */
    record Sha256(String text) implements CheckSum {
        @Override
        public String kind() {
            return "SHA-256";
        }

        @Override
        public String of(Path file) throws IOException {
            MessageDigest digest = Source.digest();
            read(file, digest::update);
            return Source.hex(digest);
        }
    }

    /**
     * CRC-32, which finds damage and no forgery: for files whose SHA-256 nobody has published.
     *
     * @param text in hexadecimal
     */
    record Crc32(String text) implements CheckSum {
        @Override
        public String kind() {
            return "CRC-32";
        }

        @Override
        public String of(Path file) throws IOException {
            CRC32 crc = new CRC32();
            read(file, crc::update);
            return String.format("%08x", crc.getValue());
        }
    }

    /** Takes bytes. */
    @FunctionalInterface
    interface Bytes {
        /** Takes {@code length} bytes from {@code offset}. */
        void take(byte[] bytes, int offset, int length);
    }

    private static void read(Path file, Bytes bytes) throws IOException {
        byte[] block = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                bytes.take(block, 0, n);
            }
        }
    }
}
