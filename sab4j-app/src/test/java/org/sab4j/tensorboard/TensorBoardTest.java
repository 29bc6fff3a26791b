package org.sab4j.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.report.RunView;

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

    /** CRC-32C of the record's own specification, RFC 3720 B.4, masked. */
    @Test
    void recordsAreFramed() throws Exception {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(events())).order(ByteOrder.LITTLE_ENDIAN);
        int records = 0;
        while (file.hasRemaining()) {
            long length = file.getLong();
            file.getInt();
            byte[] data = new byte[Math.toIntExact(length)];
            file.get(data);
            file.getInt();
            if (records == 0) {
                assertThat(new String(data, StandardCharsets.ISO_8859_1)).contains("brain.Event:2");
            }
            records++;
        }
        assertThat(records).isEqualTo(1 + 2 + 2 + 2 + 1); // the version, losses, norms, the evaluation's, an image
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
