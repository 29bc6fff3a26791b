package org.sab4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Where the time of an update goes: samples of the stack, taken by the flight recorder while updates run. */
final class Profile {

    private static final Duration PERIOD = Duration.ofMillis(10);

    /**
     * A part's share of an update.
     *
     * @param part what it does
     * @param share of all samples, 0 … 1
     * @param milliseconds of an update, on one thread
     * @param gflop what it has to compute in matrix products; 0 if it has none
     * @param limit milliseconds that these take at the rate of {@link Comparisons#LIMIT_GEMM}; 0 if it has none
     */
    public record Slice(String part, double share, double milliseconds, double gflop, double limit) {}

    private Profile() {}

    /**
     * Samples updates for some seconds.
     *
     * @param milliseconds of an update
     * @param gflops the rate of {@link Comparisons#LIMIT_GEMM}
     */
    static List<Slice> of(Setting setting, Update update, double seconds, double milliseconds, double gflops)
            throws IOException {
        Map<Part, Integer> samples = sample(update, seconds);
        int all = samples.values().stream().mapToInt(Integer::intValue).sum();
        Arithmetic.Parts flops =
                Arithmetic.parts(setting.model(), setting.task().steps(), setting.batch());
        List<Slice> slices = new ArrayList<>();
        samples.forEach((part, count) -> {
            double share = (double) count / all;
            double gflop = part.flops(flops) / 1e9;
            slices.add(new Slice(part.title(), share, share * milliseconds, gflop, gflop / gflops * 1e3));
        });
        slices.sort(Comparator.comparingDouble(Slice::share).reversed());
        return slices;
    }

    private static Map<Part, Integer> sample(Update update, double seconds) throws IOException {
        Path file = Files.createTempFile("sab4j-profile", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(PERIOD);
            recording.start();
            long start = System.nanoTime();
            while (System.nanoTime() - start < seconds * 1e9) {
                update.run();
            }
            recording.stop();
            recording.dump(file);
            Map<Part, Integer> samples = new EnumMap<>(Part.class);
            try (RecordingFile events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    Part part = part(events.readEvent());
                    if (part != null) {
                        samples.merge(part, 1, Integer::sum);
                    }
                }
            }
            return samples;
        } finally {
            Files.delete(file);
        }
    }

    /** The part that the sampled stack belongs to; null if it is not of an update. */
    private static @Nullable Part part(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return null;
        }
        String kernel = "";
        boolean update = false;
        Part found = null;
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            String type = frame.getMethod().getType().getName();
            String method = frame.getMethod().getName();
            if (type.startsWith("org.sab4j.kernels.") && type.endsWith("Kernels")) {
                kernel = method;
            } else if (type.startsWith("org.sab4j.") && found == null && !type.startsWith("org.sab4j.kernels.")) {
                found = Part.of(type.substring(type.lastIndexOf('.') + 1), method, kernel);
            }
            update |= type.equals("org.sab4j.train.Trainer") || type.equals("org.sab4j.train.ShardedPass");
        }
        return update && found == null ? Part.OTHER : update ? found : null;
    }
}
