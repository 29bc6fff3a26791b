package org.sab4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void readsBackEveryType() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("bytes", TensorData.of(new byte[] {0, 127, -128, -1, 5}, 5));
        tensors.put("floats", TensorData.of(new float[] {1.5f, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY}, 2, 2));
        tensors.put("doubles", TensorData.of(new double[] {Math.PI, -0d, Double.MAX_VALUE}, 1, 3));
        tensors.put("longs", TensorData.of(new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}, 3));
        tensors.put("ints", TensorData.of(new int[] {Integer.MIN_VALUE, -1, Integer.MAX_VALUE}, 3, 1, 1));

        assertSameBits(writtenAndRead(tensors), tensors);
    }

    @Test
    void keepsEveryBitOfNaNs() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        float[] floats = {Float.intBitsToFloat(0x7fc00000), Float.intBitsToFloat(0x7fc54321), Float.intBitsToFloat(-1)};
        double[] doubles = {Double.longBitsToDouble(0x7ff8000000054321L), Double.longBitsToDouble(-1)};
        tensors.put("floats", TensorData.of(floats, 3));
        tensors.put("doubles", TensorData.of(doubles, 2));

        assertSameBits(writtenAndRead(tensors), tensors);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8_191, 8_192, 8_193, 16_384, 100_003})
    void readsBackTensorsLongerThanTheBuffer(int size) throws IOException {
        Random random = new Random(size);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        float[] floats = new float[size];
        for (int i = 0; i < size; i++) {
            floats[i] = random.nextFloat();
        }
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("bytes", TensorData.of(bytes, size));
        tensors.put("floats", TensorData.of(floats, size));
        tensors.put("ints", TensorData.of(random.ints(size).toArray(), size));
        tensors.put("doubles", TensorData.of(random.doubles(size).toArray(), size));
        tensors.put("longs", TensorData.of(random.longs(size).toArray(), size));

        assertSameBits(writtenAndRead(tensors), tensors);
    }

    @Test
    void readsBackScalarsAndTensorsWithoutElements() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("none", TensorData.of(new float[0], 3, 0, 2));
        tensors.put("scalar", TensorData.of(new float[] {7}));
        tensors.put("no bytes", TensorData.of(new byte[0], 0));
        tensors.put("many, but none", TensorData.of(new long[0], Integer.MAX_VALUE, Integer.MAX_VALUE, 0));

        Safetensors read = writtenAndRead(tensors);

        assertSameBits(read, tensors);
        assertThat(read.floats("scalar")).containsExactly(7);
    }

    @Test
    void readsBackAFileWithNothingInIt() throws IOException {
        Safetensors read = writtenAndRead(new LinkedHashMap<>());

        assertThat(read.tensors()).isEmpty();
        assertThat(read.metadata()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "überstraße", "記憶", "😀", "\"\\/", "\b\f\n\r\t\0\u001f\u007f", "\u2028", "a\\u0041"})
    void readsBackAnyName(String name) throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put(name, TensorData.of(new int[] {3}, 1));
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("key " + name, name);
        metadata.put(name, "value " + name);
        Path file = folder.resolve("names.safetensors");

        Safetensors.write(file, metadata, tensors);
        Safetensors read = Safetensors.read(file);

        assertThat(new ArrayList<>(read.metadata().entrySet())).isEqualTo(new ArrayList<>(metadata.entrySet()));
        assertSameBits(read, tensors);
    }

    @Test
    void writesTheBytesOfTheFormat() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("b", TensorData.of(new byte[] {-2}, 1, 1));
        tensors.put("a", TensorData.of(new int[] {1, -1}, 2));
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z", "1");
        metadata.put("y", "é\n");
        Path file = folder.resolve("written.safetensors");

        Safetensors.write(file, metadata, tensors);

        // The wider elements of "a" come first in the data, so that they are aligned.
        String header = "{\"__metadata__\":{\"sab4j.crc32c\":\"%s\",\"z\":\"1\",\"y\":\"é\\n\"},"
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[1,1],\"data_offsets\":[8,9]},"
                + "\"a\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}      ";
        byte[] data = {1, 0, 0, 0, -1, -1, -1, -1, -2};
        byte[] blank = HandMade.bytes(header.formatted("00000000"), data);
        assertThat((blank.length - data.length) % 8).isZero();
        assertThat(file).hasBinaryContent(HandMade.bytes(header.formatted(HandMade.checkSum(blank)), data));
    }

    @Test
    void writesEqualContentAsEqualBytes() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("b", TensorData.of(new float[] {1, 2}, 2));
        tensors.put("a", TensorData.of(new double[] {1, 2}, 2));
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");

        Safetensors.write(first, new LinkedHashMap<>(), tensors);
        Safetensors read = Safetensors.read(first);
        Safetensors.write(second, read.metadata(), read.tensors());

        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void readsHalfPrecisionAsFloats() throws IOException {
        Path file = HandMade.file(
                folder,
                "{\"half\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                        + "\"brain\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[6,10]}}",
                new byte[] {0x00, 0x3c, 0x00, (byte) 0xc0, 0x00, 0x7c, (byte) 0xc0, 0x3f, 0x00, (byte) 0xc2});

        Safetensors read = Safetensors.read(file);

        assertThat(read.floats("half", 3)).containsExactly(1f, -2f, Float.POSITIVE_INFINITY);
        assertThat(read.floats("brain", 2)).containsExactly(1.5f, -32f);
    }

    @Test
    void readsWhatOtherWritersMayWrite() throws IOException {
        Path file = HandMade.file(
                folder,
                "{ \"\\u0061\\/\\ud83d\\ude00\" : {\"data_offsets\":\n[ 1 ,2 ], \"shape\":[], \"dtype\":\"U8\"},\t"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\r\n"
                        + "\"__metadata__\":{\"format\":\"pt\",\"sab4j.crc32c\":\"moved: not checked\"} }  ",
                new byte[] {4, 5});

        Safetensors read = Safetensors.read(file);

        assertThat(read.bytes("a/😀")).containsExactly(5);
        assertThat(read.bytes("b", 1)).containsExactly(4);
        assertThat(read.metadata()).hasSize(1).containsEntry("format", "pt");
    }

    @Test
    void roundsDoublesToFloatsWhereAsked() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("x", TensorData.of(new double[] {0.1, 1e300}, 2));

        Safetensors read = writtenAndRead(tensors);

        assertThat(read.floats("x", 2)).containsExactly(0.1f, Float.POSITIVE_INFINITY);
        assertThat(read.doubles("x", 2)).containsExactly(0.1, 1e300);
    }

    @Test
    void saysWhatIsWrongWithATensor() throws IOException {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put("x", TensorData.of(new double[] {0, 1}, 1, 2));
        Safetensors read = writtenAndRead(tensors);

        assertThatThrownBy(() -> read.floats("y", 2))
                .isInstanceOf(FormatException.class)
                .hasMessage(read.file() + " has no tensor \"y\"");
        assertThatThrownBy(() -> read.floats("x", 2))
                .isInstanceOf(FormatException.class)
                .hasMessage(read.file() + " holds the tensor \"x\" with the shape [1, 2] in place of [2]");
        assertThatThrownBy(() -> read.longs("x", 1, 2))
                .isInstanceOf(FormatException.class)
                .hasMessage(read.file() + " holds the tensor \"x\" as F64 in place of I64");
        assertThatThrownBy(() -> read.text("seed"))
                .isInstanceOf(FormatException.class)
                .hasMessage(read.file() + " has no \"seed\" in its metadata");
    }

    @Test
    void refusesShapesThatTheValuesDoNotFill() {
        assertThatThrownBy(() -> TensorData.of(new float[5], 2, 3)).hasMessage("5 values do not fill the shape [2, 3]");
        assertThatThrownBy(() -> TensorData.of(new float[6], -2, -3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TensorData.of(new float[0], 1 << 16, 1 << 16, 1 << 16, 1 << 16))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNamesThatCannotBeWritten() {
        Path file = folder.resolve("names.safetensors");
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("sab4j.crc32c", "");
        assertThatThrownBy(() -> Safetensors.write(file, metadata, tensors))
                .isInstanceOf(IllegalArgumentException.class);
        metadata.clear();
        metadata.put("half", "\ud83d");
        assertThatThrownBy(() -> Safetensors.write(file, metadata, tensors))
                .isInstanceOf(IllegalArgumentException.class);
        metadata.clear();
        tensors.put("__metadata__", TensorData.of(new float[0], 0));
        assertThatThrownBy(() -> Safetensors.write(file, metadata, tensors))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder).isEmptyDirectory();
    }

    /** The loss that PyTorch found must follow from the outputs and targets beside it. */
    @ParameterizedTest
    @MethodSource("filesOfPyTorch")
    void readsFilesOfPyTorch(Path file) throws IOException {
        Safetensors read = Safetensors.read(file);
        int rows = Integer.parseInt(read.text("batch")) * Integer.parseInt(read.text("steps"));
        int output = Integer.parseInt(read.text("output"));
        double[] y = read.doubles("y", rows / steps(read), steps(read), output);
        long[] target = read.longs("target", rows / steps(read), steps(read));

        double sum = 0;
        int scored = 0;
        for (int row = 0; row < rows; row++) {
            if (target[row] >= 0) {
                double[] logits = Arrays.copyOfRange(y, row * output, (row + 1) * output);
                sum += Math.log(DoubleStream.of(logits).map(Math::exp).sum()) - logits[(int) target[row]];
                scored++;
            }
        }

        assertThat(read.doubles("loss", 1)[0]).isCloseTo(sum / scored, within(1e-12));
    }

    private static int steps(Safetensors read) throws FormatException {
        return Integer.parseInt(read.text("steps"));
    }

    static List<Path> filesOfPyTorch() throws IOException, URISyntaxException {
        Path one = Path.of(Objects.requireNonNull(SafetensorsTest.class.getResource("/gold/sab.safetensors"))
                .toURI());
        try (Stream<Path> files = Files.list(Objects.requireNonNull(one.getParent()))) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
    }

    private Safetensors writtenAndRead(SequencedMap<String, TensorData> tensors) throws IOException {
        Path file = folder.resolve("written.safetensors");
        Safetensors.write(file, new LinkedHashMap<>(), tensors);
        return Safetensors.read(file);
    }

    private static void assertSameBits(Safetensors read, SequencedMap<String, TensorData> expected) {
        assertThat(new ArrayList<>(read.tensors().keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
        expected.forEach((name, tensor) -> {
            TensorData found = Objects.requireNonNull(read.tensors().get(name));
            assertThat(found).hasSameClassAs(tensor);
            assertThat(found.shape()).isEqualTo(tensor.shape());
            assertThat(found.size()).isEqualTo(tensor.size());
            assertThat(bits(found)).isEqualTo(bits(tensor));
        });
    }

    private static long[] bits(TensorData tensor) {
        return switch (tensor) {
            case TensorData.Floats floats ->
                IntStream.range(0, floats.size())
                        .mapToLong(i -> Float.floatToRawIntBits(floats.values()[i]))
                        .toArray();
            case TensorData.Doubles doubles ->
                DoubleStream.of(doubles.values())
                        .mapToLong(Double::doubleToRawLongBits)
                        .toArray();
            case TensorData.Longs longs -> longs.values();
            case TensorData.Ints ints ->
                IntStream.of(ints.values()).asLongStream().toArray();
            case TensorData.Bytes bytes ->
                IntStream.range(0, bytes.size())
                        .mapToLong(i -> bytes.values()[i])
                        .toArray();
        };
    }
}
