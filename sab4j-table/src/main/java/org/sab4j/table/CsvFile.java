package org.sab4j.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.FieldModifier;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.Reason;

/**
 * A CSV file with a header, in UTF-8, plain or packed as {@code .gz}; the separator is what the header has most of.
 *
 * <p>DuckDB reads it all as text. It counts records, not lines, so the header and the place of a row that something is wrong
 * with are FastCSV's.
 *
 * @param blank how many empty lines there are before the header
 * @param names the header
 */
record CsvFile(Path path, int blank, char separator, List<String> names) implements TableFile {

    private static final String GZ = ".gz";
    private static final char[] SEPARATORS = {',', ';', '\t', '|'};
    private static final int LONGEST_HEADER = 1 << 20;
    /** How many characters a line may have, as many as FastCSV takes of one value. */
    private static final int LONGEST_LINE = 1 << 24;
    /** What that takes in bytes: three for a character at most, and some for what stands between values. */
    private static final int MOST_BYTES = 4 * LONGEST_LINE;

    private static final Pattern RECORD = Pattern.compile("(?i)record starting at line (\\d+)");
    private static final Pattern QUOTE = Pattern.compile("(?i)quot");
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** Copies the names. */
    CsvFile {
        names = List.copyOf(names);
    }

    /** Reads the header. */
    static CsvFile of(Path path) throws TableException {
        checkPacking(path);
        char separator = separator(path);
        List<String> names;
        try (CsvReader<CsvRecord> reader = reader(path, separator)) {
            Iterator<CsvRecord> records = reader.iterator();
            if (!records.hasNext()) {
                throw new TableException(path, "is empty: it takes a line with the columns' names, and a line a step");
            }
            names = records.next().getFields().stream().map(String::strip).toList();
        } catch (CsvParseException | UncheckedIOException | IOException e) {
            throw broken(path, separator, -1, e);
        }
        int blank = blank(path);
        String line = "line " + (blank + 1);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                throw new TableException(path, line + ": column " + (i + 1) + " has no name: give it one");
            } else if (!seen.add(names.get(i))) {
                throw new TableException(
                        path,
                        line + ": two columns are called " + TableException.quoted(names.get(i))
                                + ": rename one of them");
            }
        }
        return new CsvFile(path, blank, separator, names);
    }

    /** Refuses a packed file that is damaged: DuckDB does not look at its check sum. */
    private static void checkPacking(Path path) throws TableException {
        if (!isPacked(path)) {
            return;
        }
        boolean begun = false;
        try (InputStream in = bytes(path)) {
            begun = true;
            in.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException e) {
            throw new TableException(path, "is cut off: copy it anew from where it is whole");
        } catch (ZipException e) {
            throw new TableException(
                    path,
                    begun
                            ? "is damaged, it can't be unpacked: copy it anew from where it is whole"
                            : "is called .gz and is not packed with gzip: call it .csv, or pack it");
        } catch (IOException e) {
            throw new TableException(path, "cannot be read: " + sentence(e));
        }
    }

    private static int blank(Path path) throws TableException {
        int lines = 0;
        try (Reader in = open(path)) {
            int before = 0;
            for (int c = in.read(); c == '\n' || c == '\r'; c = in.read()) {
                lines += c == '\n' && before == '\r' ? 0 : 1;
                before = c;
            }
        } catch (IOException e) {
            throw broken(path, ',', -1, e);
        }
        return lines;
    }

    /** That which the header has most of, outside quotes; the comma where it has none. */
    private static char separator(Path path) throws TableException {
        int[] counts = new int[SEPARATORS.length];
        boolean quoted = false;
        try (Reader in = open(path)) {
            int c = in.read();
            while (c == '\n' || c == '\r') {
                c = in.read();
            }
            for (int i = 0; i < LONGEST_HEADER && c >= 0 && (quoted || (c != '\n' && c != '\r')); i++) {
                quoted ^= c == '"';
                for (int s = 0; s < SEPARATORS.length; s++) {
                    counts[s] += !quoted && c == SEPARATORS[s] ? 1 : 0;
                }
                c = in.read();
            }
        } catch (IOException e) {
            throw broken(path, ',', -1, e);
        }
        int best = 0;
        for (int s = 1; s < SEPARATORS.length; s++) {
            best = counts[s] > counts[best] ? s : best;
        }
        return SEPARATORS[best];
    }

    @Override
    public List<Column> columns(Engine engine) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> new Column(i, names.get(i), ValueType.TEXT))
                .toList();
    }

    @Override
    public String source() {
        String columns = IntStream.range(0, names.size())
                .mapToObj(i -> "'c" + i + "': 'VARCHAR'")
                .collect(Collectors.joining(", "));
        String read = "read_csv(" + Engine.file(path)
                + ", hive_partitioning = false, auto_detect = false, header = true, skip = "
                + blank + ", delim = "
                + Engine.text(String.valueOf(separator)) + ", quote = '\"', escape = '\"', max_line_size = "
                + MOST_BYTES
                + ", buffer_size = " + MOST_BYTES + ", columns = {" + columns + "}";
        // In a file of one column the database takes empty lines for rows: NULL here, where "" is an empty text.
        return names.size() == 1
                ? "(SELECT * FROM " + read + ", allow_quoted_nulls = false) WHERE c0 IS NOT NULL)"
                : read + ")";
    }

    /**
     * The database leaves out what a line has too much at its end where that is empty, so a value with an unquoted separator in it would
     * shift such a line in silence. A quote behind a space opens a value for it, which would hide all lines up to the next quote.
     */
    @Override
    public void check() throws TableException {
        TableException wrong;
        try {
            wrong = unfit(path, separator, names.size());
        } catch (CsvParseException | UncheckedIOException | IOException e) {
            throw broken(path, separator, names.size(), e);
        }
        if (wrong != null) {
            throw wrong;
        }
    }

    /**
     * Looks for an unquoted value that is a quote behind a space, and what does not end with the only other quote; or one behind several
     * spaces, which would stay in the value.
     */
    private static final class SpacedQuotes implements FieldModifier {

        private static final Pattern SPACED = Pattern.compile(" \"(?![^\"]*\" *\\z)| {2,}\"");

        private boolean found;

        @Override
        public String modify(long startingLineNumber, int fieldIdx, boolean quoted, String field) {
            found |= !quoted && field.startsWith(" ") && SPACED.matcher(field).lookingAt();
            return field;
        }
    }

    /**
     * The complaint of the first record that has not as many values as there are columns, or one that the database would read askew; null if
     * there is none.
     */
    private static @Nullable TableException unfit(Path path, char separator, int columns) throws IOException {
        SpacedQuotes spaced = new SpacedQuotes();
        try (CsvReader<CsvRecord> reader =
                builder(separator).build(CsvRecordHandler.of(handler -> handler.fieldModifier(spaced)), open(path))) {
            for (CsvRecord record : reader) {
                String wrong = null;
                if (spaced.found) {
                    wrong = "a quote stands behind a space: take the space away, or put the whole value in \"quotes\""
                            + " (a quote within it is written twice)";
                } else if (characters(record) > LONGEST_LINE) {
                    wrong = String.format(
                            Locale.ROOT,
                            "more than %,d characters, and a line can't have more: shorten it, or close a quote that is open",
                            LONGEST_LINE);
                } else if (columns >= 0 && record.getFieldCount() != columns) {
                    wrong = record.getFieldCount() + (record.getFieldCount() == 1 ? " value" : " values")
                            + ", but the header has " + columns + " columns: mend the line (a value with a "
                            + named(separator) + " in it must stand in \"quotes\")";
                }
                if (wrong != null) {
                    return new TableException(path, "line " + record.getStartingLineNumber() + ": " + wrong);
                }
            }
        }
        return null;
    }

    private static long characters(CsvRecord record) {
        long characters = 0;
        for (int i = 0; i < record.getFieldCount(); i++) {
            characters += record.getField(i).length();
        }
        return characters;
    }

    @Override
    public String sql(Column column) {
        return "c" + column.index();
    }

    @Override
    public String place(long row) {
        try (CsvReader<CsvRecord> reader = reader(path, separator)) {
            long record = 0;
            for (CsvRecord found : reader) {
                if (record == row) { // the header is record 0
                    return "line " + found.getStartingLineNumber();
                }
                record++;
            }
        } catch (CsvParseException | UncheckedIOException | IOException e) {
            // It has just been read. The row says where to look, too.
        }
        return "row " + row;
    }

    @Override
    public TableException unreadable(SQLException e) {
        return broken(path, separator, names.size(), e);
    }

    /** What is wrong with the file, and in which line: the first thing that FastCSV finds, or else what was found before. */
    private static TableException broken(Path path, char separator, int columns, Exception e) {
        try {
            TableException wrong = unfit(path, separator, columns);
            if (wrong != null) {
                return wrong;
            }
        } catch (CsvParseException unparsable) {
            Throwable cause = unparsable.getCause();
            return cause instanceof CharacterCodingException
                    ? notUnicode(path)
                    : new TableException(
                            path,
                            QUOTE.matcher(sentence(unparsable)).find()
                                    ? line(unparsable)
                                            + "a quote is not closed, or something stands between a closing one and the next "
                                            + named(separator)
                                            + ": mend it (a quote within a value is written twice)"
                                    : "cannot be taken apart: " + sentence(unparsable));
        } catch (CharacterCodingException notText) {
            return notUnicode(path);
        } catch (UncheckedIOException unreadable) {
            return unreadable.getCause() instanceof CharacterCodingException
                    ? notUnicode(path)
                    : new TableException(path, "cannot be read: " + sentence(unreadable));
        } catch (IOException unreadable) {
            return new TableException(path, "cannot be read: " + sentence(unreadable));
        }
        long other = otherLineEnd(path);
        return new TableException(
                path,
                other > 0
                        ? "line " + other + " does not end as the lines before: end all lines alike (\\n or \\r\\n)"
                        : "cannot be read: " + (e instanceof SQLException sql ? Engine.reason(sql) : sentence(e)));
    }

    /** The first line that ends with \\n where the first ends with \\r\\n, or the other way; 0 if there is none. */
    private static long otherLineEnd(Path path) {
        try (Reader in = open(path)) {
            boolean quoted = false;
            int before = 0;
            long line = 1;
            boolean windows = false;
            boolean header = true;
            for (int c = in.read(); c >= 0; c = in.read()) {
                quoted ^= c == '"';
                if (c == '\n') {
                    if (header && !quoted) {
                        windows = before == '\r';
                        header = false;
                    } else if (!quoted && windows != (before == '\r')) {
                        return line;
                    }
                    line++;
                }
                before = c;
            }
        } catch (IOException e) {
            // What was found before is said.
        }
        return 0;
    }

    /** Where the record begins that FastCSV could not read. */
    private static String line(CsvParseException e) {
        Matcher found = RECORD.matcher(String.valueOf(e.getMessage()));
        return found.find() ? "line " + found.group(1) + ": " : "";
    }

    private static String named(char separator) {
        return switch (separator) {
            case ',' -> "comma";
            case ';' -> "semicolon";
            case '\t' -> "tab";
            default -> "bar";
        };
    }

    private static String sentence(Exception e) {
        return Reason.of(e).lines().findFirst().orElse("");
    }

    /** Names the first line that is no UTF-8. */
    private static TableException notUnicode(Path path) {
        String remedy = "is not UTF-8 text: save it as UTF-8 (for Latin-1: iconv -f latin1 -t utf-8)";
        try (InputStream in = new BufferedInputStream(bytes(path))) {
            in.mark(2);
            int mark = in.read() << 8 | in.read();
            if (mark == 0xFFFE || mark == 0xFEFF) {
                return new TableException(path, "is UTF-16 text: save it as UTF-8 (iconv -f utf-16 -t utf-8)");
            } else if (mark == 0x1F8B) {
                return new TableException(path, "is packed with gzip: call it .csv.gz, or unpack it");
            }
            in.reset();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long number = 1;
            for (int b = in.read(); b >= 0; b = in.read()) {
                line.write(b);
                if (b == '\n' || line.size() > LONGEST_HEADER) {
                    if (!isUnicode(line.toByteArray())) {
                        break;
                    }
                    number += b == '\n' ? 1 : 0;
                    line.reset();
                }
            }
            return new TableException(path, "line " + number + " " + remedy);
        } catch (IOException e) {
            return new TableException(path, remedy);
        }
    }

    private static boolean isUnicode(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static CsvReader<CsvRecord> reader(Path path, char separator) throws IOException {
        return builder(separator).ofCsvRecord(open(path));
    }

    private static CsvReader.CsvReaderBuilder builder(char separator) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false);
    }

    /** The text behind a byte order mark; refuses what is no UTF-8. */
    private static Reader open(Path path) throws IOException {
        PushbackInputStream in = new PushbackInputStream(bytes(path), BYTE_ORDER_MARK.length);
        byte[] first = in.readNBytes(BYTE_ORDER_MARK.length);
        if (!java.util.Arrays.equals(first, BYTE_ORDER_MARK)) {
            in.unread(first);
        }
        return new java.io.BufferedReader(new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    /** By the name in whichever case, as the database has it. */
    private static boolean isPacked(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(GZ);
    }

    private static InputStream bytes(Path path) throws IOException {
        InputStream in = Files.newInputStream(path);
        if (!isPacked(path)) {
            return in;
        }
        try {
            return new GZIPInputStream(in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
