package org.sab4j.run;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What lies where in a run's folder.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {

    /** The name of a run's report, or of several runs'. */
    public static final String REPORT = "report.html";

    static final String CONFIG = "config.yaml";

    /** All settings. */
    public Path config() {
        return path.resolve(CONFIG);
    }

    /** What happened, an object a line. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** Where the outputs looked at each evaluation, an object a line. */
    public Path attention() {
        return path.resolve("attention.jsonl");
    }

    /** The best model; may be missing. */
    public Path model() {
        return path.resolve("model.safetensors");
    }

    /** All that going on needs. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** The page that shows it all, once it has been made. */
    public Path report() {
        return path.resolve(REPORT);
    }

    /** Whether there is a run, if only laid out. */
    public boolean isRun() {
        return Files.isRegularFile(config());
    }

    /** Whether there is a run that has begun, so that {@code config.yaml} is no other program's. */
    public boolean hasBegun() {
        return isRun() && Files.exists(metrics());
    }
}
