package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users really have, and the sentence for it. */
class BadTableTest {

    @TempDir
    private Path folder;

    private static final List<String> GOOD =
            List.of("id,t,x,y", "a,1,1,u", "a,2,2,u", "b,1,3,v", "b,2,4,v", "c,1,5,u", "d,1,6,v");

    private void refused(Path data, TableOptions options, String sentence) {
        assertThatThrownBy(() -> Tables.open(data, options, folder))
                .isInstanceOf(TableException.class)
                .hasMessageStartingWith(data.toString())
                .hasMessageContaining(sentence)
                .message()
                .doesNotContain("\n");
    }

    private void refused(Path data, String sentence) {
        refused(data, options("id", "t", "y"), sentence);
    }

    private static TableOptions options(String sequence, String order, String target) {
        return options(Goal.CLASSIFY, sequence, order, target, TargetPer.AUTO, 1, SplitBy.AUTO);
    }

    private static TableOptions options(
            Goal goal, String sequence, String order, String target, TargetPer per, int horizon, SplitBy split) {
        return Tables.of(goal, target)
                .keys(sequence, order)
                .per(per)
                .horizon(horizon)
                .split(split)
                .build();
    }

    /** A good table with one line changed or, beyond its end, added. */
    private Path with(int line, String text) throws IOException {
        String[] lines = GOOD.toArray(String[]::new);
        if (line > lines.length) {
            lines = Arrays.copyOf(lines, lines.length + 1);
        }
        lines[line - 1] = text;
        return Tables.write(folder, "bad.csv", lines);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | b,1,x,v     | line 4: column 'x' holds numbers, and here it is 'x': mend it, or add --missing x",
                "4 | b,1,inf,v   | line 4: column 'x' holds numbers, and here it is 'inf'",
                "4 | b,1,3       | line 4: 3 values, but the header has 4 columns: mend the line",
                "4 | b,1,3,4,    | line 4: 5 values, but the header has 4 columns: mend the line",
                "4 | b,1,3,4,''  | line 4: 5 values, but the header has 4 columns: mend the line",
                "4 | b,1,3,4,,,  | line 4: 7 values, but the header has 4 columns: mend the line",
                "4 | b,1,3,v,w,z | line 4: 6 values, but the header has 4 columns: mend the line",
                "5 | b,1,4,v     | line 5: sequence 'b' has the same 't' as in line 4: take one of the rows out",
                "5 | ,2,4,v      | line 5: column 'id', the sequence, has no value (NA, N/A, NaN, NULL and the like stand for none): fill it in",
                "5 | b,NA,4,v    | line 5: column 't', the order, has no value (NA, N/A, NaN, NULL and the like stand for none): fill it in",
                "5 | b,NAN,4,v   | line 5: column 't', the order, has no value (NA, N/A, NaN, NULL and the like stand for none): fill it in",
                "4 | b,1,nAn,v   | line 4: column 'x' holds numbers, and here it is 'nAn': mend it, or add --missing nAn",
                "5 | b,late,4,v  | line 5: column 't' holds numbers, and here it is 'late': mend it",
                "4 | b,1,1e300,v | line 4: column 'x' holds numbers, and here it is '1e300': that is too large to reckon with",
                "1 | id,t,,y     | line 1: column 3 has no name",
                "1 | id,t,t,y    | line 1: two columns are called 't': rename one",
                "1 | Id,t,x,y    | has no column 'id': did you mean 'Id'?",
                "1 | key,t,x,y   | has no column 'id': it has 'key', 't', 'x', 'y'",
                "4 | b,1,'3'4,v  | line 4: a quote is not closed, or something stands between a closing one and the next comma",
                "5 | b,2,'4,v    | line 5: a quote is not closed",
            },
            quoteCharacter = '~')
    void line(int line, String text, String sentence) throws IOException {
        refused(with(line, text.replace('\'', '"')), sentence);
    }

    @Test
    void linesAreCountedAsEditorsDo() throws IOException {
        refused(
                Tables.write(
                        folder, "bad.csv", "id,t,x,w,y", "a,1,1,\"two\nlines\",u", "", "b,1,oops,w,v", "c,1,2,w,v"),
                "line 5: column 'x' holds numbers, and here it is 'oops'");
        refused(
                Tables.write(folder, "one.csv", "x", "1", "", "", "2", "oops", "3"),
                Tables.of(Goal.FORECAST, "x").build(),
                "line 6: column 'x' holds numbers, and here it is 'oops'");
    }

    /** What the database takes for the begin of a value, which would go on to the next quote. */
    @Test
    void quotesBehindSpaces() throws IOException {
        String sentence =
                "line 3: a quote stands behind a space: take the space away, or put the whole value in \"quotes\"";
        refused(
                Tables.write(
                        folder, "open.csv", "id,t,x,y", "a,1,1,u", "a,2,2, \"u", "b,1,3,v", "b,2,4, w\"", "c,1,5,u"),
                sentence);
        refused(with(3, "a,2,2, \"u \"\"w\"\"\""), sentence);
        refused(with(3, "a,2,2,  \"u\""), sentence); // behind one space it would be u, behind two "u"
        refused(
                Tables.write(
                        folder,
                        "closed.csv",
                        "id,t,x,y",
                        "a,1, \"1\",\" \"\"u\"",
                        "a,2,2,\" \"\"u\"",
                        "b,1, \"oops\" , \"v\"",
                        "c,1,5,v"),
                "line 4: column 'x' holds numbers, and here it is 'oops'");
    }

    @Test
    void longLines() throws IOException {
        String half = "w".repeat(9_000_000);
        refused(with(3, "a,oops," + half + ",u"), "line 3: column 't' holds numbers, and here it is 'oops'");
        refused(
                with(3, "a,2," + half + "," + half),
                "line 3: more than 16,777,216 characters, and a line can't have more");
    }

    /** Few such values, or many: they are never taken for words without a word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,5 2,5 3,5 4     | line 2: column 'x' holds numbers, and here it is '1,5': write numbers without a comma",
                "1 2 '1,234.5' 4   | line 4: column 'x' holds numbers, and here it is '1,234.5': write numbers without a",
                "2025-01-01 2025-01-02 2025-13-01 2025-01-04 | line 4: column 'x' holds times, and here it is '2025-13-01': mend",
                "31.12.2025 1.1.2026 2.1.2026 3.1.2026 | holds times, and here it is '31.12.2025': write it with the year first",
                "2025-01-01 2025-01-02 2025-01-03 5 | holds times, and here it is '5': mend it, or add --missing 5",
                "1 2 3 31.12.2025   | holds numbers, and here it is '31.12.2025': mend it, or add --missing",
                "2025-01-01 2025-01-02 2025-01-03 soon | here it is 'soon': mend it, or add --missing soon",
            },
            quoteCharacter = '~')
    void numbersAndTimesInOtherForms(String values, String sentence) throws IOException {
        String[] lines = GOOD.toArray(String[]::new);
        String[] x = values.split(" +", -1);
        for (int i = 0; i < x.length; i++) {
            lines[i + 1] = lines[i + 1].replaceFirst(",\\d,(\\w)$", ",\"" + x[i].replace("'", "") + "\",$1");
        }
        refused(Tables.write(folder, "bad.csv", Arrays.copyOf(lines, 1 + x.length)), sentence);
    }

    @Test
    void otherEncodings() throws IOException {
        Path data = folder.resolve("latin.csv");
        Files.write(data, "id,t,x,y\na,1,1,u\na,2,2,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(data, "line 3 is not UTF-8 text: save it as UTF-8 (for Latin-1: iconv -f latin1 -t utf-8)");
        for (String order : List.of("UTF-16BE", "UTF-16LE")) {
            Files.write(data, "\uFEFFid,t,x,y\na,1,1,u\n".getBytes(Charset.forName(order)));
            refused(data, "is UTF-16 text: save it as UTF-8 (iconv -f utf-16 -t utf-8)");
        }
        Files.write(data, new byte[] {0, 1, 2, (byte) 200, 0, '\n', 0});
        refused(data, "is not UTF-8 text");
    }

    @Test
    void foldersThatTheDatabaseCannotTake() throws IOException {
        Path data = Tables.write(folder, "good.csv", GOOD.toArray(String[]::new));
        for (String name : List.of("a;b", "a?b")) {
            Path scratch = Files.createDirectory(folder.resolve(name));
            assertThatThrownBy(() -> Tables.open(data, options("id", "t", "y"), scratch))
                    .isInstanceOf(TableException.class)
                    .hasMessageStartingWith(scratch.toString())
                    .hasMessageContaining("can't take a ; or a ?");
        }
    }

    @Test
    void lineEndsOfTwoKinds() throws IOException {
        for (String other : List.of("a,1,1,u\r\n", "b,2,4,v\r\n")) {
            Path bad = folder.resolve("bad.csv");
            Files.writeString(bad, String.join("\n", GOOD).replace(other.strip() + "\n", other) + "\n");
            refused(bad, "does not end as the lines before: end all lines alike (\\n or \\r\\n)");
        }
    }

    @Test
    void packedFiles() throws IOException {
        String text = String.join("\n", GOOD).repeat(50);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = packed.toByteArray();
        Path data = folder.resolve("data.csv.gz");
        Files.write(data, Arrays.copyOf(bytes, bytes.length - 20));
        refused(data, "is cut off: copy it anew from where it is whole");
        byte[] damaged = bytes.clone();
        damaged[damaged.length - 6] ^= 1; // the check sum
        Files.write(data, damaged);
        refused(data, "is damaged, it can't be unpacked: copy it anew");
        refused(Files.write(folder.resolve("DATA.CSV.GZ"), damaged), "is damaged, it can't be unpacked: copy it anew");
        refused(Files.write(folder.resolve("packed.csv"), bytes), "is packed with gzip: call it .csv.gz, or unpack it");
        refused(
                Tables.write(folder, "none.csv.gz", "id,t,x,y"),
                "is called .gz and is not packed with gzip: call it .csv");
    }

    @Test
    void whatFillsAnEmptyPart() throws IOException {
        Path data = Tables.write(folder, "short.csv", GOOD.toArray(String[]::new));
        refused(
                data,
                options(Goal.FORECAST, "id", "t", "x", TargetPer.AUTO, 5, SplitBy.AUTO),
                "leaves the training part empty: it has 4 sequences with 6 rows; give more or longer sequences, a smaller"
                        + " --horizon than 5");
    }

    @Test
    void filesThatAreNone() throws IOException {
        refused(folder, "is a folder: give a file");
        refused(folder.resolve("none.csv"), "does not exist");
        refused(Files.createFile(folder.resolve("empty.csv")), "is empty");
        refused(Files.createFile(folder.resolve("empty.parquet")), "is empty: write it again");
        refused(Tables.write(folder, "header.csv", "id,t,x,y"), "has no rows");
        refused(Tables.write(folder, "log.jsonl", "{}"), "is JSON: give a table as CSV or Parquet");
        refused(Tables.write(folder, "log.txt", "{\"machine\": \"M7\", \"t\": 1}"), "is JSON: give a table as CSV");
        refused(Tables.write(folder, "list.csv", "\uFEFF", "[", "  {\"machine\": \"M7\"}]"), "is JSON: give a table");
        refused(Tables.write(folder, "braces.csv", "{id},[t]", "a,1"), "has no column 'id': did you mean '{id}'?");
        refused(Tables.write(folder, "plates.csv", "PAR1,t", "a,1"), "has no column 'id': it has 'PAR1', 't'");
        refused(Tables.write(folder, "fake.parquet", "id,t,x,y"), "is called .parquet and is none");
        refused(Tables.write(folder, "cut.parquet", "PAR1 and no more"), "is no whole Parquet file");
        refused(Tables.write(folder, "cut.pq", "PAR1\u0015\u0004 and no more"), "is no whole Parquet file");
    }

    @Test
    void targets() throws IOException {
        Path data = Tables.write(folder, "good.csv", GOOD.toArray(String[]::new));
        refused(data, options("id", "t", ""), "needs a target: --target COL");
        refused(data, options("id", "t", "z"), "has no column 'z'");
        refused(data, TableOptions.of(Goal.REGRESS, "id", "y"), "column 'y' holds no numbers, which regress needs");
        refused(
                Tables.write(folder, "one.csv", "id,t,x,y", "a,1,1,u", "b,1,1,u"),
                "column 'y' is 'u' in every row: there must be two classes");
        refused(Tables.write(folder, "none.csv", "id,t,x,y", "a,1,1,", "b,1,1,"), "the target, is empty in every row");
        refused(
                Tables.write(folder, "few.csv", "id,t,x,y", "a,1,1,u", "b,1,1,v"),
                "leaves the validation part empty: it has 2 sequences with 2 rows");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FORECAST | -3 |  0 |  0.2 |  0.2 | horizon must be at least 1: -3",
                "FORECAST |  0 |  0 |  0.2 |  0.2 | horizon must be at least 1: 0",
                "CLASSIFY | -1 |  0 |  0.2 |  0.2 | horizon must be at least 0: -1",
                "CLASSIFY |  1 |  1 |  0.2 |  0.2 | window must be 0 or at least 2: 1",
                "CLASSIFY |  1 | -5 |  0.2 |  0.2 | window must be 0 or at least 2: -5",
                "CLASSIFY |  1 |  0 |   -1 |  0.2 | validation must be in (0, 1): -1.0",
                "CLASSIFY |  1 |  0 |    0 |  0.2 | validation must be in (0, 1): 0.0",
                "CLASSIFY |  1 |  0 |  0.2 |  NaN | test must be in [0, 1): NaN",
                "CLASSIFY |  1 |  0 |  0.2 |   -1 | test must be in [0, 1): -1.0",
                "CLASSIFY |  1 |  0 |  0.5 |  0.5 | validation and test leave nothing to train on: 0.5 and 0.5",
            })
    void optionsOutOfRange(Goal goal, int horizon, int window, double validation, double test, String sentence) {
        assertThatThrownBy(() -> Tables.of(goal, "y")
                        .keys("id", "t")
                        .horizon(horizon)
                        .window(window)
                        .shares(validation, test)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    /** Whatever the table is: it has not been read then. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"fault=5     | --class-weights can't be taken apart: put commas between names, and names with commas in quotes: '\"fault=5'",
                "u=0         | --class-weights takes numbers above 0: '0'",
                "u=1,v=heavy | --class-weights takes numbers above 0: 'heavy'",
                "u=Infinity  | --class-weights takes numbers above 0: 'Infinity'",
            })
    void weightsThatAreNone(String weights, String sentence) {
        TableOptions options = Tables.of(Goal.CLASSIFY, "y")
                .keys("id", "t")
                .classWeights(weights)
                .build();
        assertThatThrownBy(() -> Tables.open(folder.resolve("none.csv"), options, folder))
                .isInstanceOf(TableException.class)
                .hasMessage(sentence);
    }

    @Test
    void noThreads() throws IOException {
        Path data = Tables.write(folder, "good.csv", GOOD.toArray(String[]::new));
        assertThatThrownBy(() -> TableImport.open(data, options("id", "t", "y"), folder, 0, note -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There must be at least 1 thread: 0");
    }

    @Test
    void optionsThatDoNotGoTogether() throws IOException {
        Path data = Tables.write(folder, "good.csv", GOOD.toArray(String[]::new));
        assertThatThrownBy(() -> Tables.open(data, options("id", "id", "y"), folder))
                .hasMessageContaining("must name three different columns");
        TableOptions byTime = options(Goal.CLASSIFY, "id", "", "y", TargetPer.AUTO, 1, SplitBy.TIME);
        assertThatThrownBy(() -> Tables.open(data, byTime, folder)).hasMessageContaining("--split time needs --order");
        TableOptions perSequence = options(Goal.CLASSIFY, "id", "t", "x", TargetPer.SEQUENCE, 1, SplitBy.AUTO);
        refused(data, perSequence, "line 3: sequence 'a' has two targets, '1' and '2'");
    }

    @Test
    void numbersWhoseSquaresAreNone() throws IOException {
        List<String> lines = new ArrayList<>(List.of("id,t,x,y"));
        for (int i = 0; i < 40; i++) {
            lines.add("s" + i + ",1," + (i % 3) + "e-200," + (i % 2 == 0 ? "ok" : "fault"));
        }
        Path data = Tables.write(folder, "tiny.csv", lines.toArray(String[]::new));
        assertThatThrownBy(() -> Tables.open(data, options("id", "t", "y"), folder))
                .hasMessageContaining("column 'x' varies by less than 1e-150");
        List<String> near = lines.stream()
                .map(line ->
                        line.replaceAll(",1,0e-200,", ",1,0.3,").replaceAll(",1,[12]e-200,", ",1,0.30000000000000004,"))
                .toList();
        Tables.open(Tables.write(folder, "near.csv", near.toArray(String[]::new)), options("id", "t", "y"), folder);
    }
}
