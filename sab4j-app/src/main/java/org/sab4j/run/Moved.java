package org.sab4j.run;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data that lie elsewhere than where a run has read them. */
final class Moved {

    private Moved() {}

    /** The settings of a configuration that say where data lie. */
    static Layer places(RunConfig config) {
        Layer places = new Layer();
        for (Settings.Entry entry : Settings.of(config.task())) {
            if (entry.about().movable()) {
                places.option(entry.key(), Settings.text(entry.of(config)));
            }
        }
        return places;
    }

    /** Whether they differ from those of a run's file. */
    static boolean any(RunConfig config, Layer own) {
        Layer places = places(config);
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
                    return new RunException(message + "; if the data have moved, sab train --resume " + run + " "
                            + entry.option() + " PATH tells the run where to");
                }
            }
        }
        return failure;
    }
}
