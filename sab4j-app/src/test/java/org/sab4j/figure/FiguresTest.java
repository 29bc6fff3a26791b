package org.sab4j.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.sab4j.report.RunView;
import org.sab4j.run.RunException;

class FiguresTest {

    @TempDir
    private Path folder;

    private RunView run(String name) throws Exception {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("config.yaml"), "task: copy\nmodel: sab\nseed: 1\n");
        StringBuilder lines = new StringBuilder();
        for (int update = 10; update <= 200; update += 10) {
            lines.append("{\"kind\":\"train\",\"update\":%d,\"loss\":%s,\"gradNorm\":0.0}%n"
                    .formatted(update, 5.0 / update));
        }
        lines.append("{\"kind\":\"eval\",\"update\":100,\"loss\":0.1,\"accuracy\":0.5,\"a/../b\":1.0,\"best\":true}\n");
        lines.append(
                "{\"kind\":\"eval\",\"update\":200,\"loss\":0.05,\"accuracy\":0.75,\"a/../b\":2.0,\"best\":true}\n");
        Files.writeString(run.resolve("metrics.jsonl"), lines);
        Files.writeString(
                run.resolve("attention.jsonl"),
                "{\"kind\":\"attention\",\"update\":100,\"steps\":6,\"from\":5,\"weights\":[[0.5,0.25,0.0],[0.0,1.0,0.0]]}\n");
        return RunView.read(run);
    }

    @Test
    void noTwoLinesAreAlike() {
        Set<String> looks = new HashSet<>();
        for (int line = 0; line < 28; line++) {
            String dashes = Arrays.toString(LineChart.stroke(line).getDashArray());
            assertThat(looks.add(line % LineChart.COLOURS.length + dashes)).isTrue();
        }
    }

    @Test
    void vectorsAndPixels() throws Exception {
        Path out = folder.resolve("figures");
        List<String> names = Figures.write(out, List.of(run("one & <only>"), run("two")));
        assertThat(names).containsExactly("training-loss", "loss", "accuracy", "a____b", "attention-early");
        for (String name : names) {
            var svg = DocumentBuilderFactory.newDefaultInstance();
            svg.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            assertThat(svg.newDocumentBuilder()
                            .parse(out.resolve(name + ".svg").toFile())
                            .getDocumentElement()
                            .getTagName())
                    .isEqualTo("svg");
            assertThat(colours(out.resolve(name + ".png"))).as(name).isGreaterThan(3);
        }
        // Letters are outlines, so that they look the same everywhere; lines differ in colour and dash.
        assertThat(Files.readString(out.resolve("loss.svg")))
                .contains("stroke:rgb(0,114,178)", "stroke:rgb(213,94,0)", "stroke-dasharray:7,3");
    }

    /** As on a server without fonts. */
    @Test
    void withoutFonts() {
        XYChart chart = new XYChart(100, 100) {
            @Override
            public void paint(Graphics2D graphics, int width, int height) {
                throw new InternalError("Fontconfig head is null");
            }
        };
        assertThatThrownBy(() -> Drawing.write(chart, folder, "loss"))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("Fontconfig head is null")
                .hasMessageContaining("install fontconfig and a font");
        assertThat(folder).isEmptyDirectory();
    }

    /** No attention is drawn twice. */
    @Test
    void earlyMiddleAndLateWhereTheyDiffer() throws Exception {
        Path attention = run("one").run().folder().attention();
        String line = Files.readString(attention);
        List<String> expected = List.of("attention-early", "attention-late");
        for (int evaluation = 2; evaluation <= 3; evaluation++) {
            Files.writeString(attention, line, StandardOpenOption.APPEND);
            List<String> names = Figures.write(folder, List.of(RunView.read(folder.resolve("one"))));
            assertThat(names.subList(names.indexOf("attention-early"), names.size()))
                    .isEqualTo(expected);
            expected = List.of("attention-early", "attention-middle", "attention-late");
        }
    }

    private static int colours(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isGreaterThan(1000);
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 2) {
            for (int x = 0; x < image.getWidth(); x += 2) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours.size();
    }
}
