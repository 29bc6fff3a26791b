package org.sab4j.figure;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.knowm.xchart.internal.chartpart.Chart;
import org.sab4j.run.RunException;
import org.sab4j.run.TextFile;

/** A chart as files. */
final class Drawing {

    private static final int PIXELS = 3; // of the PNG to a point: 216 an inch

    private Drawing() {}

    /** Writes {@code NAME.svg} and {@code NAME.png} in a folder. */
    static void write(Chart<?, ?> chart, Path folder, String name) throws RunException {
        String svg;
        byte[] png;
        try {
            svg = svg(chart);
            png = png(chart);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Error e) { // of several kinds
            throw new RunException("figures cannot be drawn (" + e
                    + "): they have letters, so where Java finds no fonts install fontconfig and a font, for instance the"
                    + " package fonts-dejavu-core");
        }
        TextFile.replace(folder.resolve(name + ".svg"), svg);
        TextFile.replace(folder.resolve(name + ".png"), png);
    }

    static String svg(Chart<?, ?> chart) {
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        Document document = new SVGProcessor()
                .getDocument(graphics.getCommands(), new PageSize(chart.getWidth(), chart.getHeight()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            document.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Two decimals are a hundredth of a point, and half the file.
        return out.toString(StandardCharsets.UTF_8).replaceAll("(\\d+\\.\\d\\d)\\d+", "$1");
    }

    private static byte[] png(Chart<?, ?> chart) {
        BufferedImage image =
                new BufferedImage(PIXELS * chart.getWidth(), PIXELS * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.scale(PIXELS, PIXELS);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        return Png.of(image);
    }
}
