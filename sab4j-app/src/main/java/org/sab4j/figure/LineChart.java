package org.sab4j.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.sab4j.run.RunException;

/**
 * Curves over one another.
 *
 * @param x what the horizontal axis is
 * @param y what the vertical axis is
 * @param logarithmic whether the vertical axis is logarithmic: what is not above 0 is left out then
 * @param curves at least one, with at least one point
 */
public record LineChart(String x, String y, boolean logarithmic, List<Curve> curves) {

    /** Okabe and Ito's; the yellow, which is too light for white paper, is left out. */
    static final Color[] COLOURS = {
        new Color(0x0072B2),
        new Color(0xD55E00),
        new Color(0x009E73),
        new Color(0xCC79A7),
        new Color(0xE69F00),
        new Color(0x56B4E9),
        new Color(0x000000)
    };

    private static final float[][] DASHES = {{}, {7, 3}, {2, 3}, {9, 3, 2, 3}};
    private static final int WIDTH = 480;
    private static final int HEIGHT = 300;
    private static final int LEGEND_LINE = 16;
    private static final int MOST_NAME = 60; // characters

    /** Writes {@code NAME.svg} and {@code NAME.png} in a folder. */
    public void write(Path folder, String name) throws RunException {
        Drawing.write(chart(), folder, name);
    }

    XYChart chart() {
        int named = curves.size() > 1 ? curves.size() : 0;
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT + LEGEND_LINE * named)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        style(chart, named > 0);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = shown(curves.get(i));
            if (!curve.x().isEmpty()) {
                XYSeries series = chart.addSeries(unique(curve.name(), names), curve.x(), curve.y());
                Color colour = COLOURS[i % COLOURS.length];
                series.setMarker(curve.x().size() > 1 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
                series.setMarkerColor(colour).setLineColor(colour);
                series.setLineStyle(stroke(i));
            }
        }
        return chart;
    }

    private void style(XYChart chart, boolean legend) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
        var styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendVisible(legend);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Vertical);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendFont(font);
        styler.setChartTitleVisible(false);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(new Color(0xE4E4E4));
        styler.setPlotGridLinesStroke(new BasicStroke(0.6f));
        styler.setAxisTitleFont(font);
        styler.setAxisTickLabelsFont(font);
        styler.setYAxisLogarithmic(logarithmic
                && curves.stream().anyMatch(curve -> !shown(curve).x().isEmpty()));
        styler.setXAxisMin(0.0);
        styler.setLocale(Locale.ROOT);
        styler.setXAxisDecimalPattern("#,##0.##");
    }

    private Curve shown(Curve curve) {
        if (!logarithmic) {
            return curve;
        }
        List<Double> xs = new ArrayList<>();
        List<Double> ys = new ArrayList<>();
        for (int i = 0; i < curve.x().size(); i++) {
            if (curve.y().get(i) > 0) {
                xs.add(curve.x().get(i));
                ys.add(curve.y().get(i));
            }
        }
        return new Curve(curve.name(), xs, ys);
    }

    /** No two lines alike before the twenty-ninth, since the numbers of colours and of dashes have no divisor in common. */
    static BasicStroke stroke(int line) {
        float[] dashes = DASHES[line % DASHES.length];
        return dashes.length == 0
                ? new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
                : new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }

    private static String unique(String name, Set<String> names) {
        String text = name.length() > MOST_NAME // names of a sweep often differ at their ends
                ? name.substring(0, MOST_NAME / 2) + "…" + name.substring(name.length() - MOST_NAME / 2)
                : name;
        String free = text;
        for (int n = 2; !names.add(free); n++) {
            free = text + " (" + n + ")";
        }
        return free;
    }
}
