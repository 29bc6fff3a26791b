package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** metrics.jsonl as it is found: growing, cut by a resumed run, damaged. */
class HistoryTest {

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private LineTail tail = new LineTail(file);
    private final History history = new History();

    @BeforeEach
    void open() {
        file = folder.resolve("metrics.jsonl");
        tail = new LineTail(file);
    }

    private void read() throws IOException {
        tail.read(history::accept, history::clear);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void linesOfAnotherKindCountForNothing() throws IOException {
        append(train(10, 0.5) + "{\"kind\":\"gpu\",\"update\":999999,\"seconds\":1e9}\n{\"update\":77}\n");
        read();
        assertThat(history.update()).isEqualTo(10);
        assertThat(history.seconds()).isEqualTo(0.2);
    }

    private static String train(long update, double loss) {
        return "{\"kind\":\"train\",\"update\":" + update + ",\"loss\":" + loss
                + ",\"gradNorm\":2.5,\"msPerUpdate\":20,\"seconds\":" + update / 50.0 + "}\n";
    }

    @Test
    void followsAFileThatGrows() throws IOException {
        read();
        assertThat(history.update()).isZero();
        append(train(10, 0.5) + "{\"kind\":\"eval\",\"update\":10,\"loss\":0.4,\"accu");
        read();
        assertThat(history.evaluations()).isEmpty();
        append("racy\":0.25,\"best\":true,\"seconds\":0.2}\n" + train(20, 0.3));
        read();
        assertThat(history.update()).isEqualTo(20);
        assertThat(history.seconds()).isEqualTo(0.4);
        assertThat(history.bestUpdate()).isEqualTo(10);
        assertThat(history.best()).containsEntry("accuracy", 0.25).containsEntry("loss", 0.4);
        assertThat(history.loss().count()).isEqualTo(2);
        assertThat(history.content().get("lastLoss")).isEqualTo(0.3);
        assertThat(history.end()).isNull();
        append("{\"kind\":\"end\",\"update\":20,\"reason\":\"stopped\"}\n");
        read();
        assertThat(history.end()).isEqualTo("stopped");
        assertThat(tail.unreadable()).isZero();
    }

    /** A resumed run puts another file in the place of the one that was read, without the lines that it will write again. */
    @Test
    void beginsAnewWhenTheFileIsReplaced() throws IOException {
        append(train(10, 0.5) + train(20, 0.3) + train(30, 0.2));
        read();
        Path other = folder.resolve("other");
        Files.writeString(other, train(10, 0.5) + train(20, 0.4) + train(30, 0.25) + train(40, 0.1));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        read();
        assertThat(history.loss().count()).isEqualTo(4);
        Files.writeString(file, train(10, 0.5)); // shorter, in the same place
        read();
        assertThat(history.loss().count()).isEqualTo(1);
        Files.delete(file);
        read();
        assertThat(history.update()).isZero();
    }

    @Test
    void countsWhatItCannotRead() throws IOException {
        append(train(10, 0.5)
                + "not json\n[1,2]\n\u0000\u0001\n\n{\"kind\":\"train\"}\n{\"kind\":\"train\",\"update\":-3}\n"
                + "{\"kind\":\"train\",\"update\":\"x\",\"loss\":[]}\n{\"kind\":\"new\",\"update\":15}\n"
                + train(20, 0.3));
        read();
        assertThat(tail.unreadable()).isEqualTo(3);
        assertThat(history.loss().count()).isEqualTo(2);
    }

    @Test
    void skippedUpdatesAndMissingNumbers() throws IOException {
        append("""
                {"kind":"skip","update":5,"loss":null,"gradNorm":null,"reason":"the loss is NaN"}
                {"kind":"skip","update":6,"loss":1.0,"gradNorm":1e9,"reason":"the loss is NaN"}
                {"kind":"train","update":10,"loss":null,"gradNorm":3.0}
                """);
        read();
        assertThat(history.skips()).isEqualTo(2);
        assertThat(history.content().get("reasons")).hasToString("{the loss is NaN=2}");
        assertThat(history.loss().count()).isZero();
        assertThat(history.content().get("lastLoss")).isNull();
        assertThat(history.gradientNorm().count()).isEqualTo(1);
    }

    /** It is written to the page while other requests read on. */
    @Test
    void whatWasHandedOutStaysAsItIs() throws IOException {
        append("""
                {"kind":"eval","update":10,"accuracy":0.25,"best":true}
                {"kind":"skip","update":15,"gradNorm":1e9,"reason":"the loss is NaN"}
                """);
        read();
        SequencedMap<String, @Nullable Object> content = history.content();
        append("""
                {"kind":"eval","update":20,"accuracy":0.5,"best":true}
                {"kind":"skip","update":25,"gradNorm":1e9,"reason":"the loss is NaN"}
                """);
        read();
        assertThat(content.get("best")).hasToString("{accuracy=0.25}");
        assertThat(content.get("reasons")).hasToString("{the loss is NaN=1}");
    }

    /** Lines of earlier versions have no time of their own. */
    @Test
    void timeFromTheLoggedUpdates() throws IOException {
        append("""
                {"kind":"train","update":10,"loss":1.0,"gradNorm":1.0,"msPerUpdate":100.0}
                {"kind":"train","update":20,"loss":1.0,"gradNorm":1.0,"msPerUpdate":50.0}
                {"kind":"eval","update":20,"loss":1.0}
                """);
        read();
        assertThat(history.seconds()).isCloseTo(1.5, within(1e-9));
    }
}
