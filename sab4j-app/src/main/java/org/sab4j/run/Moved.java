package org.sab4j.run;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data that lie elsewhere than where a run has read them. */
final class Moved {

    private Moved() {}

    /** Whether a run's data lie elsewhere than its file says. */
    static boolean any(RunConfig config, Layer own) {
        Layer places = Settings.placesThere(config);
        return places.keys().stream()
                .anyMatch(key -> !String.valueOf(places.text(key)).equals(own.text(key)));
    }

    /** The failure to read a run's data; where it is that they are gone, with what to do if they are elsewhere. */
    static RunException of(RunException failure, TaskKind task, TaskOptions options, Path run) {
        for (Settings.Entry entry : Settings.of(task)) {
            if (entry.about().movable() && options instanceof Record settings) {
                String place = Settings.text(entry.of(settings));
                String message = String.valueOf(failure.getMessage());
                if (!place.isEmpty() && message.contains(place) && !Files.exists(Path.of(place))) {
                    return new RunException(message + "; if the data have moved, write where to into "
                            + new RunFolder(run).config() + " (" + entry.key() + ": PATH)");
                }
            }
        }
        return failure;
    }
}
