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
import org.jspecify.annotations.Nullable;
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
@Command(name = "curves", description = "Draws the evaluations in metrics.jsonl files as an SVG.")
public final class Curves implements Callable<Integer> {

    /** Okabe and Ito's colours, which colour-blind readers can tell apart; then the same dashed. */
    private static final Color[] COLOURS = {
        new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7), new Color(0xE69F00)
    };

    @Option(names = "--out", required = true, paramLabel = "FILE.svg", description = "The picture.")
    private Path out = Path.of("curves.svg");

    @Option(names = "--title", defaultValue = "", description = "What stands above it.")
    private String title = "";

    @Option(names = "--minutes", description = "Minutes of training go to the right, in place of updates.")
    private boolean minutes;

    @Option(names = "--y", defaultValue = "accuracy", paramLabel = "KEY", description = "What goes up.")
    private String y = "accuracy";

    @Option(names = "--y-title", paramLabel = "TEXT", description = "What stands beside it. Default: its name.")
    private @Nullable String yTitle;

    @Option(
            names = "--chance",
            paramLabel = "Y",
            description = "Where curves begin. Default: with their first evaluation.")
    private @Nullable Double chance;

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
                .xAxisTitle(minutes ? "minutes of training" : "updates")
                .yAxisTitle(yTitle == null ? y : yTitle)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setXAxisMin(0.0).setPlotBorderVisible(false);
        if (isShare()) {
            chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0);
        }
        for (int i = 0; i < runs.size(); i++) {
            String[] run = runs.get(i).split("=", 2);
            List<Double> xs = new ArrayList<>();
            List<Double> ys = new ArrayList<>();
            if (chance != null) {
                xs.add(0.0);
                ys.add(chance);
            }
            read(Path.of(run[run.length - 1]), xs, ys);
            XYSeries series = chart.addSeries(run[0], xs, ys);
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

    private boolean isShare() {
        return y.equals("accuracy");
    }

    private void read(Path file, List<Double> xs, List<Double> ys) throws IOException {
        JsonMapper mapper = new JsonMapper();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = mapper.readTree(line);
            if ("eval".equals(node.path("kind").asString(""))) {
                xs.add(
                        minutes
                                ? node.path("seconds").asDouble() / 60
                                : node.path("update").asDouble());
                ys.add((isShare() ? 100 : 1) * node.path(y).asDouble());
            }
        }
    }
}
