package org.sab4j.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Draws the evaluations of several runs over one another, as the documentation shows them. */
@Command(name = "curves", description = "Draws accuracy over updates from metrics.jsonl files, as an SVG.")
public final class Curves implements Callable<Integer> {

    /** Okabe and Ito's colours, which colour-blind readers can tell apart; then the same dashed. */
    private static final Color[] COLOURS = {
        new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7), new Color(0xE69F00)
    };

    @Option(names = "--out", required = true, paramLabel = "FILE.svg", description = "The picture.")
    private Path out = Path.of("curves.svg");

    @Option(names = "--title", defaultValue = "", description = "What stands above it.")
    private String title = "";

    @Parameters(arity = "1..*", paramLabel = "NAME=FILE", description = "A curve's name and its metrics.jsonl.")
    private List<String> runs = List.of();

    /** For picocli. */
    public Curves() {}

    /** Draws and exits. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Curves()).execute(args));
    }

    @Override
    @SuppressWarnings("deprecation") // XChart 4.0.3 deprecates its SVG output and has no other
    public Integer call() throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(760)
                .height(420)
                .title(title)
                .xAxisTitle("updates")
                .yAxisTitle("accuracy on the last ten, %")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0).setPlotBorderVisible(false);
        for (int i = 0; i < runs.size(); i++) {
            String[] run = runs.get(i).split("=", 2);
            List<Double> updates = new ArrayList<>(List.of(0.0));
            List<Double> accuracies = new ArrayList<>(List.of(12.5)); // chance
            read(Path.of(run[run.length - 1]), updates, accuracies);
            XYSeries series = chart.addSeries(run[0], updates, accuracies);
            series.setMarker(SeriesMarkers.NONE).setLineColor(COLOURS[i % COLOURS.length]);
            float[] dashes = i < COLOURS.length ? null : new float[] {6, 4};
            series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
        }
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, svg, VectorGraphicsFormat.SVG);
        // Two decimals are a hundredth of a pixel, and half the file.
        Files.writeString(out, svg.toString(StandardCharsets.UTF_8).replaceAll("(\\d+\\.\\d\\d)\\d+", "$1"));
        return 0;
    }

    private static void read(Path file, List<Double> updates, List<Double> accuracies) throws IOException {
        JsonMapper mapper = new JsonMapper();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = mapper.readTree(line);
            if ("eval".equals(node.path("kind").asString(""))) {
                updates.add(node.path("update").asDouble());
                accuracies.add(100 * node.path("accuracy").asDouble());
            }
        }
    }
}
