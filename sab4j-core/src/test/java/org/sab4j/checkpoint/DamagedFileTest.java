package org.sab4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in a file, reading it ends in a {@link FormatException} with one sentence, or in its content. */
class DamagedFileTest {
    private static final String FOREIGN = """
        {"__metadata__":{"k":"\\u00e9"},
        "a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]},
        "b":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}\
        """;

    @TempDir
    Path folder;

    @Test
    void namesAMissingFile() {
        assertRefused(folder.resolve("none.safetensors"), "does not exist");
    }

    @Test
    void namesAFolder() {
        assertRefused(folder, "is a folder, not a safetensors file");
    }

    @Test
    void refusesWhatIsNoFile() {
        assertRefused(
                Path.of("/dev/zero"), Files.exists(Path.of("/dev/zero")) ? "is not a regular file" : "does not exist");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void refusesAFileWithoutRoomForAHeader(int length) throws IOException {
        assertRefused(
                written(new byte[length]),
                "is not a safetensors file, or truncated: it has " + length + " of at least 10 bytes");
    }

    @Test
    void refusesForeignFiles() throws IOException {
        assertRefused(
                written("PK\003\004 and then many more".getBytes(StandardCharsets.ISO_8859_1)),
                "is not a safetensors file: its header would have 7236828441365138256 bytes,"
                        + " and at most 100000000 are allowed");
        byte[] negative = new byte[16];
        Arrays.fill(negative, (byte) -1);
        assertRefused(
                written(negative),
                "is not a safetensors file: its header would have 18446744073709551615 bytes,"
                        + " and at most 100000000 are allowed");
        assertRefused(
                written(withLength(500, "a few words")),
                "is not a safetensors file: 11 of 500 bytes of its header are there");
        assertRefused(HandMade.file(folder, "[1, 2]"), "is not a safetensors file: its header does not begin with '{'");
        assertRefused(HandMade.file(folder, ""), "is not a safetensors file: its header does not begin with '{'");
    }

    @Test
    void tellsATruncatedHeader() throws IOException {
        assertRefused(
                written(withLength(500, "{\"x\":{\"dtype\":\"F32\"")),
                "is truncated: 19 of 500 bytes of its header are there; copy it anew from where it is whole");
        assertRefused(
                written(withLength(500, "")),
                "is truncated: 0 of 500 bytes of its header are there; copy it anew from where it is whole");
        assertRefused(
                written(withLength(100_000_001, "{")),
                "is not a safetensors file: its header would have 100000001 bytes, and at most 100000000 are allowed");
    }

    static List<Arguments> brokenHeaders() {
        return List.of(
                arguments("{", "at byte 1: expected '\"'"),
                arguments("{}x", "at byte 2: expected the end"),
                arguments("{}{}", "at byte 2: expected the end"),
                arguments("{\"a\"}", "at byte 4: expected ':'"),
                arguments("{\"a\":1}", "at byte 5: expected '{'"),
                arguments("{\"a\":null}", "at byte 5: expected '{'"),
                arguments("{\"a", "at byte 3: a string without end"),
                arguments("{\"a\n\":{}}", "at byte 3: a string without end"),
                arguments("{\"\\x\":{}}", "at byte 4: an unknown escape"),
                arguments("{\"\\", "at byte 3: an unknown escape"),
                arguments("{\"\\u00g0\":{}}", "at byte 6: expected four hexadecimal digits"),
                arguments("{\"\\ud83d\":{}}", "at byte 9: half a character"),
                arguments("{'a':{}}", "at byte 1: expected '\"'"),
                arguments("{\"__metadata__\":{\"a\":1}}", "at byte 21: expected '\"'"),
                arguments("{\"__metadata__\":{\"a\":{}}}", "at byte 21: expected '\"'"),
                arguments("{\"__metadata__\":{\"a\":\"\",}}", "at byte 24: expected '\"'"),
                arguments("{\"__metadata__\":{\"a\":\"\" \"b\":\"\"}}", "at byte 24: expected ','"),
                arguments("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", "at byte 27: a second \"a\""),
                arguments("{\"__metadata__\":{},\"__metadata__\":{}}", "at byte 33: a second \"__metadata__\""),
                arguments("{\"a\":{\"dtype\":\"U8\"}}", "lacks one of \"dtype\", \"shape\" and two \"data_offsets\")"),
                arguments("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", "at byte 26: a second \"dtype\""),
                arguments("{\"a\":{\"color\":\"U8\"}}", "at byte 14: a tensor has no \"color\""),
                arguments(tensor("[1.5]", "[0,1]"), "at byte 29: expected ','"),
                arguments(tensor("[-1]", "[0,1]"), "at byte 28: expected a whole number"),
                arguments(tensor("[01]", "[0,1]"), "expected a whole number below 2^63 without leading zeros"),
                arguments(tensor("[1,]", "[0,1]"), "at byte 30: expected a whole number"),
                arguments(tensor("[[1]]", "[0,1]"), "at byte 28: expected a whole number"),
                arguments(tensor("[9223372036854775808]", "[0,1]"), "expected a whole number below 2^63"),
                arguments(tensor("[" + "1,".repeat(64) + "1]", "[0,1]"), "expected at most 64 numbers"),
                arguments(tensor("[1]", "[0]"), "lacks one of"),
                arguments(tensor("[1]", "[0,1,2]"), "expected at most 2 numbers"));
    }

    @ParameterizedTest
    @MethodSource("brokenHeaders")
    void refusesABrokenHeader(String header, String why) throws IOException {
        FormatException refusal = refusalOf(HandMade.file(folder, header, new byte[1]));

        assertThat(refusal.getMessage())
                .contains("is damaged: its header is not that of a safetensors file (at byte ", why);
    }

    static List<Arguments> wrongPlaces() {
        return List.of(
                arguments("[3]", "[0,4]", "of shape [3] and type U8 takes 3 bytes, and its place is from byte 0 to 4"),
                arguments("[4]", "[4,0]", "of shape [4] and type U8 takes 4 bytes, and its place is from byte 4 to 0"),
                arguments("[3]", "[1,4]", "begins at byte 1 of the data, and the one before it ends at 0"),
                arguments("[2147483647]", "[0,2147483647]", "of shape [2147483647], too large for a Java array"),
                arguments("[65536,65536]", "[0,4294967296]", "of shape [65536, 65536], too large for a Java array"),
                arguments("[4294967296,4294967296,4]", "[0,4]", "too large for a Java array"),
                arguments("[9223372036854775807,2]", "[0,4]", "too large for a Java array"),
                arguments("[0,9223372036854775807]", "[0,0]", "too large for a Java array"),
                arguments(
                        "[1000000000]", "[0,1000000000]", "is truncated: 4 of 1000000000 bytes of its data are there"),
                arguments("[]", "[9223372036854775806,9223372036854775807]", "begins at byte 9223372036854775806"),
                arguments(
                        "[5]",
                        "[0,5]",
                        "is truncated: 4 of 5 bytes of its data are there; copy it anew from where it is whole"),
                arguments("[3]", "[0,3]", "is damaged: 1 bytes follow the end of its last tensor"),
                arguments("[0]", "[0,0]", "is damaged: 4 bytes follow the end of its last tensor"));
    }

    @ParameterizedTest
    @MethodSource("wrongPlaces")
    void refusesATensorThatDoesNotFitItsPlace(String shape, String offsets, String why) throws IOException {
        assertThat(refusalOf(HandMade.file(folder, tensor(shape, offsets), new byte[4])))
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({"0,2, 1,3", "0,2, 0,2", "0,3, 1,2", "0,1, 2,3", "1,2, 2,3"})
    void refusesOverlapsAndHoles(int begin, int end, int otherBegin, int otherEnd) throws IOException {
        String template = "\"%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}";
        String header = "{" + template.formatted("b", otherEnd - otherBegin, otherBegin, otherEnd) + ","
                + template.formatted("a", end - begin, begin, end) + "}";

        assertThat(refusalOf(HandMade.file(folder, header, new byte[3])))
                .hasMessageContaining("is damaged: the tensor ")
                .hasMessageContaining(" of the data, and the one before it ends at ");
    }

    @Test
    void namesATypeThatIsNotRead() throws IOException {
        assertRefused(
                HandMade.file(folder, tensor("[1]", "[0,1]").replace("U8", "F8_E4M3"), new byte[1]),
                "holds the tensor \"a\" of type \"F8_E4M3\", which this version of sab4j cannot read");
    }

    @Test
    void keepsTheMessageToOneLine() throws IOException {
        Path file = HandMade.file(
                folder, tensor("[1]", "[0,2]").replace("\"a\"", "\"\\n\\u001b[31m" + "x".repeat(999) + "\""));

        assertThat(refusalOf(file).getMessage()).doesNotContain("\n", "\u001b").hasSizeLessThan(400);
    }

    @Test
    void refusesTextThatIsNotUtf8() throws IOException {
        byte[] file = HandMade.bytes(tensor("[1]", "[0,1]"), new byte[1]);
        file[10] = (byte) 0xff;

        assertThat(refusalOf(written(file))).hasMessageContaining("text that is not UTF-8");
    }

    @Test
    void boundsTheEntriesOfAHostileHeader() throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i <= 100_000; i++) {
            header.append(i == 0 ? "" : ",").append('"').append(i).append("\":\"\"");
        }

        assertThat(refusalOf(HandMade.file(folder, header.append("}}").toString())))
                .hasMessageContaining("more than 100000 entries");
    }

    @Test
    void refusesWhatDoesNotFitInMemory() throws IOException {
        SafetensorsReader.checkMemory(folder, 1);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> SafetensorsReader.checkMemory(folder, Long.MAX_VALUE))
                .withMessageStartingWith(
                        folder + " is too large for the memory that Java has: reading it takes about ");
    }

    @Test
    void noticesEveryChangedByteOfAFileOfItsOwn() throws IOException {
        byte[] whole = sample();
        SequencedMap<String, TensorData> content =
                Safetensors.read(written(whole)).tensors();
        Random random = new Random(1);
        int refused = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 + random.nextInt(255));
            try {
                // What a change of the check sum's name hides is nothing: the tensors are whole.
                assertThat(Safetensors.read(written(changed)).tensors())
                        .usingRecursiveComparison()
                        .isEqualTo(content);
            } catch (FormatException _) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(whole.length - 20);
    }

    @Test
    void noticesEveryTruncation() throws IOException {
        byte[] whole = sample();
        for (int length = 0; length < whole.length; length++) {
            FormatException refusal = refusalOf(written(Arrays.copyOf(whole, length)));
            assertThat(refusal.getMessage()).contains("truncated");
        }
        assertThat(refusalOf(written(Arrays.copyOf(whole, whole.length + 1))))
                .hasMessageContaining("1 bytes follow the end");
    }

    @Test
    void noticesAFlippedBitInTheData() throws IOException {
        byte[] file = sample();
        file[file.length - 1] ^= 1;

        assertRefused(
                written(file),
                "is damaged, or another program changed it: its bytes do not match the check sum in its metadata"
                        + " (without the entry sab4j.crc32c it would not be compared)");
    }

    /** Without a check sum, changes of values pass; what must not happen is any other exception. */
    @Test
    void survivesAnyChangeOfAForeignFile() throws IOException {
        byte[] whole = HandMade.bytes(FOREIGN, new byte[12]);
        Random random = new Random(2);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] changed = changed(whole, random);
            int length = random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length;
            try {
                Safetensors.read(written(Arrays.copyOf(changed, length)));
            } catch (FormatException _) {
                refused++;
            }
        }
        assertThat(refused).isBetween(150, 299);
    }

    /** The same for the header alone, which is faster without a file. */
    @Test
    void survivesAnyChangeOfAHeader() {
        byte[] whole = FOREIGN.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            try {
                HeaderReader.parse(folder, changed(whole, random)).checkCovers(folder, 12);
            } catch (FormatException _) {
                refused++;
            }
        }
        assertThat(refused).isBetween(10_000, 19_999);
    }

    /** A copy in which one to four bytes are others out of the same file, so that it often stays half plausible. */
    private static byte[] changed(byte[] whole, Random random) {
        byte[] changed = whole.clone();
        for (int change = random.nextInt(4); change >= 0; change--) {
            changed[random.nextInt(whole.length)] = whole[random.nextInt(whole.length)];
        }
        return changed;
    }

    private byte[] sample() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("weight", TensorData.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("update", TensorData.of(new long[] {7}));
        tensors.put("flags", TensorData.of(new byte[] {1, 0, 1}, 3));
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("seed", "42");
        Path file = folder.resolve("sample.safetensors");
        Safetensors.write(file, metadata, tensors);
        return Files.readAllBytes(file);
    }

    private static String tensor(String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"U8\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    private static byte[] withLength(long length, String rest) {
        byte[] text = rest.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("made.safetensors"), bytes);
    }

    private static FormatException refusalOf(Path file) {
        return assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Safetensors.read(file))
                .actual();
    }

    private static void assertRefused(Path file, String complaint) {
        assertThat(refusalOf(file)).hasMessage(file + " " + complaint);
    }
}
