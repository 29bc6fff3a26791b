package org.sab4j.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.sab4j.checkpoint.AtomicFile;
import org.sab4j.random.RandomStream;

/**
 * An example of a long dependency: logs of machines, a row a minute, with temperature, vibration and an event. Once in the first
 * 25 minutes the power dips or surges, which shows nowhere else; whoever had a surge has a fault in the end, 100 minutes and more
 * later. All else is noise.
 *
 * @param machines how many; every other one has a surge
 * @param minutes how long the logs are, about: from this to a quarter more
 * @param seed of all that is drawn
 */
record MachineLogs(int machines, int minutes, long seed) {

    private static final List<String> ROUTINE =
            List.of("heartbeat", "load", "unload", "tool change", "coolant", "idle");
    private static final int FIRST = 3; // the minutes in which the power fails
    private static final int LAST = 25;

    /** Refuses logs too short for an early and a late part. */
    MachineLogs {
        if (machines < 1 || minutes < 2 * LAST) {
            throw new IllegalArgumentException(
                    "There must be a machine and " + 2 * LAST + " minutes at least: " + machines + ", " + minutes);
        }
    }

    /** Writes them as CSV: {@code machine, minute, temperature, vibration, event, outcome}. */
    void write(Path out) throws IOException {
        AtomicFile.replace(out, beside -> {
            try (BufferedWriter writer = Files.newBufferedWriter(beside, StandardCharsets.UTF_8)) {
                writer.write("machine,minute,temperature,vibration,event,outcome\n");
                RandomStream random = RandomStream.of(seed, "machine logs");
                for (int machine = 1; machine <= machines; machine++) {
                    log(machine, random, writer);
                }
            }
        });
    }

    private void log(int machine, RandomGenerator random, BufferedWriter writer) throws IOException {
        int length = minutes + random.nextInt(minutes / 4 + 1);
        int failure = FIRST + random.nextInt(LAST - FIRST + 1);
        boolean surge = machine % 2 == 0;
        double drift = 0;
        for (int minute = 1; minute <= length; minute++) {
            drift = 0.95 * drift + 0.3 * random.nextGaussian();
            double vibration = Math.abs(0.2 + 0.05 * random.nextGaussian());
            String event = minute == failure
                    ? surge ? "power surge" : "power dip"
                    : ROUTINE.get(random.nextInt(ROUTINE.size()));
            writer.write(String.format(
                    Locale.ROOT,
                    "M%05d,%d,%.1f,%.3f,%s,%s\n",
                    machine,
                    minute,
                    60 + 4 * drift,
                    vibration,
                    event,
                    surge ? "fault" : "ok"));
        }
    }
}
