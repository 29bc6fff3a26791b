package org.sab4j.data.fetch;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The files in an archive. Only those that are asked for are taken, by the end of their name; the archive has no say in where they
 * go.
 */
final class Unpacking {

    private static final int BLOCK = 512; // of a tar

    /** Takes a file out of an archive. */
    interface Taker {
        /** Whether a file of that name is wanted. */
        boolean wants(String name);

        /** Takes it; need not read it to its end. */
        void take(String name, InputStream in) throws IOException;
    }

    private Unpacking() {}

    /** Goes through an archive's files. */
    static void unpack(Path archive, Archive.Packing packing, Taker taker) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
            switch (packing) {
                case NONE -> taker.take(String.valueOf(archive.getFileName()), in);
                case ZIP -> zip(new ZipInputStream(in), taker);
                case TAR_GZ -> tar(new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16), taker);
            }
        }
    }

    private static void zip(ZipInputStream in, Taker taker) throws IOException {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            if (!entry.isDirectory() && taker.wants(entry.getName())) {
                taker.take(entry.getName(), in);
            }
        }
    }

    /** POSIX ustar: a header of 512 bytes with name, size in octal digits and type, then the file in whole blocks. */
    private static void tar(InputStream in, Taker taker) throws IOException {
        byte[] header = new byte[BLOCK];
        while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            long size = octal(header, 124, 12);
            boolean file = header[156] == '0' || header[156] == 0;
            String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
            String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
            Entry entry = new Entry(in, size);
            if (file && taker.wants(name)) {
                taker.take(name, entry);
            }
            entry.skipRest();
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).strip();
        if (!digits.matches("[0-7]{1,12}")) {
            throw new IOException("it is no tar archive, or damaged");
        }
        return Long.parseLong(digits, 8);
    }

    /** One file of a tar. */
    private static final class Entry extends InputStream {
        private final InputStream in;
        private long left;

        Entry(InputStream in, long size) {
            this.in = in;
            left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(bytes, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw new EOFException("the archive is cut off");
            }
            left -= n;
            return n;
        }

        void skipRest() throws IOException {
            in.skipNBytes(left);
            left = 0;
        }
    }
}
