package org.sab4j.figure;

import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.sab4j.run.RunException;

/**
 * Weights by row and column, the larger the darker.
 *
 * @param x what columns are
 * @param y what rows are
 * @param columns the columns' names
 * @param rows the rows' names, from the top
 * @param weights (rows, columns), each at least 0
 */
public record HeatChart(String x, String y, List<String> columns, List<String> rows, List<List<Float>> weights) {

    private static final int WIDTH = 640;
    private static final int LEAST_HEIGHT = 170;
    private static final int ROW = 12;
    private static final int MOST_LABELS = 20;
    private static final Color[] SHADES = {Color.WHITE, new Color(0x9CC4DD), new Color(0x0B4F7D), new Color(0x07192A)};

    /** Writes {@code NAME.svg} and {@code NAME.png} in a folder. */
    public void write(Path folder, String name) throws RunException {
        Drawing.write(chart(), folder, name);
    }

    HeatMapChart chart() {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(WIDTH)
                .height(Math.max(LEAST_HEIGHT, 70 + ROW * rows.size()))
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
        var styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendVisible(false);
        styler.setChartTitleVisible(false);
        styler.setPlotContentSize(1);
        styler.setShowValue(false);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesVisible(false);
        styler.setAxisTitleFont(font);
        styler.setAxisTickLabelsFont(font);
        styler.setXAxisMaxLabelCount(MOST_LABELS);
        styler.setRangeColors(SHADES);
        styler.setMin(0);
        styler.setMax(Math.max(largest(), 0.05));
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            int fromBelow = rows.size() - 1 - row; // the chart counts from there
            for (int column = 0; column < columns.size(); column++) {
                cells.add(new Number[] {column, fromBelow, weights.get(row).get(column)});
            }
        }
        chart.addSeries("weights", columns, rows.reversed(), cells);
        return chart;
    }

    private double largest() {
        return weights.stream()
                .flatMap(List::stream)
                .mapToDouble(Float::doubleValue)
                .max()
                .orElse(1);
    }
}
