package org.sab4j.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.report.RunView;
import org.tensorflow.proto.framework.Summary;
import org.tensorflow.proto.util.Event;

class TensorBoardTest {

    private static final String READER = """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1])
            events.Reload()
            print(sorted(events.Tags()['scalars']), events.Tags()['images'])
            for tag in sorted(events.Tags()['scalars']):
                print(tag, [(e.step, round(e.value, 4)) for e in events.Scalars(tag)])
            image = events.Images('attention')[0]
            print(image.step, image.width, image.height, image.encoded_image_string[1:4])
            """;

    @TempDir
    private Path folder;

    private Path events() throws Exception {
        Path run = Files.createDirectories(folder.resolve("a run"));
        Files.writeString(run.resolve("config.yaml"), "task: copy\nmodel: sab\nseed: 1\n");
        Files.writeString(run.resolve("metrics.jsonl"), """
                {"kind":"train","update":10,"loss":0.5,"gradNorm":1.5,"seconds":1}
                {"kind":"train","update":20,"loss":0.25,"gradNorm":2.5,"seconds":2}
                {"kind":"eval","update":20,"loss":0.2,"accuracy":0.75,"best":true,"seconds":2}
                """);
        Files.writeString(
                run.resolve("attention.jsonl"),
                "{\"kind\":\"attention\",\"update\":20,\"steps\":6,\"from\":5,\"weights\":[[0.5,0.25,0.0],[0.0,1.0,0.0]]}\n");
        return TensorBoard.write(folder.resolve("board"), RunView.read(run));
    }

    @Test
    void tensorFlowsMessagesReadThem() throws Exception {
        List<Event> events = new ArrayList<>();
        for (byte[] record : records(events())) {
            events.add(Event.parseFrom(record));
        }
        assertThat(events.getFirst().getFileVersion()).isEqualTo("brain.Event:2");
        List<Event> summaries = events.subList(1, events.size());
        assertThat(summaries)
                .extracting(event ->
                        event.getStep() + " " + event.getSummary().getValue(0).getTag() + " "
                                + event.getSummary().getValue(0).getSimpleValue())
                .containsExactlyInAnyOrder(
                        "10 train/loss 0.5",
                        "20 train/loss 0.25",
                        "10 train/gradient_norm 1.5",
                        "20 train/gradient_norm 2.5",
                        "20 evaluation/loss 0.2",
                        "20 evaluation/accuracy 0.75",
                        "20 attention 0.0");
        assertThat(summaries.get(1).getWallTime() - summaries.get(0).getWallTime())
                .isEqualTo(1);
        Summary.Image image = summaries.getLast().getSummary().getValue(0).getImage();
        BufferedImage png = ImageIO.read(
                new ByteArrayInputStream(image.getEncodedImageString().toByteArray()));
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(24, 16);
        assertThat(List.of(png.getWidth(), png.getHeight())).containsExactly(24, 16);
        assertThat(png.getRGB(8 + 4, 8 + 4) & 0xff).isZero(); // weight 1
        assertThat(png.getRGB(16 + 4, 4) & 0xff).isEqualTo(0xff); // weight 0
    }

    /** Records of length, its checksum, data and theirs: CRC-32C, masked. */
    private static List<byte[]> records(Path path) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (file.hasRemaining()) {
            byte[] length = new byte[Long.BYTES];
            file.get(length);
            assertThat(unmasked(file.getInt())).isEqualTo(sum(length));
            byte[] data = new byte
                    [Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())];
            file.get(data);
            assertThat(unmasked(file.getInt())).isEqualTo(sum(data));
            records.add(data);
        }
        return records;
    }

    private static int unmasked(int masked) {
        return Integer.rotateLeft(masked - 0xa282ead8, 15);
    }

    private static int sum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return (int) crc.getValue();
    }

    @Test
    @Timeout(120)
    void aRealReaderOpensThem() throws Exception {
        String python = System.getenv().getOrDefault("SAB4J_PYTHON", "python3");
        assumeTrue(
                run(python, "-c", "import tensorboard").code == 0,
                "no test with a real reader: " + python + " has no module tensorboard (SAB4J_PYTHON names another)");
        Ran ran = run(python, "-c", READER, events().resolveSibling("").toString());
        assertThat(ran.said)
                .contains(
                        "['evaluation/accuracy', 'evaluation/loss', 'train/gradient_norm', 'train/loss'] ['attention']")
                .contains("train/loss [(10, 0.5), (20, 0.25)]")
                .contains("evaluation/accuracy [(20, 0.75)]")
                .contains("20 24 16 b'PNG'");
    }

    private record Ran(int code, String said) {}

    private static Ran run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            return new Ran(process.exitValue(), said);
        } catch (IOException e) {
            return new Ran(-1, String.valueOf(e.getMessage())); // there is no such program
        }
    }
}
