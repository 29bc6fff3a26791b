package org.sab4j.tensorboard;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sab4j.figure.Png;
import org.sab4j.report.AttentionHistory.Snapshot;
import org.sab4j.report.RunView;
import org.sab4j.report.Thinned;
import org.sab4j.run.RunException;
import org.sab4j.run.TextFile;

/** Runs as TensorBoard reads them: one event file of a run's scalars and its attention as images. */
public final class TensorBoard {

    private static final int CELL = 8; // pixels

    private TensorBoard() {}

    /**
     * Writes {@code FOLDER/events.out.tfevents.0.sab4j}, in place of one that is there. A long series is thinned as in a chart.
     *
     * @return the file
     */
    public static Path write(Path folder, RunView run) throws RunException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw RunException.notMade(folder, e);
        }
        Path file = folder.resolve("events.out.tfevents.0.sab4j");
        TextFile.replace(file, events(run));
        return file;
    }

    /** Times are those of training, counted from when the run's settings were written. */
    private static byte[] events(RunView run) {
        double start = run.run().folder().config().toFile().lastModified() / 1000.0;
        EventFile events = new EventFile(start);
        series(events, start, "train/loss", run.history().loss());
        series(events, start, "train/gradient_norm", run.history().gradientNorm());
        run.history().evaluations().forEach((name, thinned) -> series(events, start, "evaluation/" + name, thinned));
        for (Snapshot snapshot : run.attention().snapshots()) {
            BufferedImage image = image(snapshot.weights());
            events.image(start, snapshot.update(), "attention", image.getWidth(), image.getHeight(), Png.of(image));
        }
        return events.bytes();
    }

    private static void series(EventFile events, double start, String tag, Thinned thinned) {
        Thinned.Columns columns = thinned.columns();
        for (int i = 0; i < columns.values().length; i++) {
            events.scalar(start + columns.seconds()[i], columns.updates()[i], tag, columns.values()[i]);
        }
    }

    /** The larger a weight, the darker. */
    private static BufferedImage image(List<List<Float>> weights) {
        int columns = weights.getFirst().size();
        BufferedImage image = new BufferedImage(CELL * columns, CELL * weights.size(), BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        for (int row = 0; row < weights.size(); row++) {
            for (int column = 0; column < columns; column++) {
                float light = 1 - Math.clamp(weights.get(row).get(column), 0f, 1f);
                graphics.setColor(new Color(light, light, light));
                graphics.fillRect(CELL * column, CELL * row, CELL, CELL);
            }
        }
        graphics.dispose();
        return image;
    }
}
