package org.sab4j.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.sab4j.kernels.Kernels;

/** What made a run. */
public final class Version {

    private static final String POM = "/META-INF/maven/org.sab4j/sab4j-app/pom.properties";

    private Version() {}

    /** The version of sab4j. */
    public static String sab4j() {
        var descriptor = Version.class.getModule().getDescriptor();
        if (descriptor != null && descriptor.rawVersion().isPresent()) {
            return descriptor.rawVersion().get();
        }
        try (InputStream in = Version.class.getResourceAsStream(POM)) { // on the class path
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** The commit it was built from, as {@code ./sab} passes it on; {@code unknown} where nobody says. */
    public static String commit() {
        String commit = System.getProperty("sab4j.commit", "");
        return commit.isBlank() ? "unknown" : commit;
    }

    /** The kernels by name and lanes, such as {@code vector, 16 lanes}. */
    public static String of(Kernels kernels) {
        return kernels.name() + ", " + kernels.lanes() + (kernels.lanes() == 1 ? " lane" : " lanes");
    }

    /** Version, commit, kernels, Java, machine. */
    public static SequencedMap<String, String> madeBy(Kernels kernels) {
        SequencedMap<String, String> madeBy = new LinkedHashMap<>();
        madeBy.put("sab4j", sab4j());
        madeBy.put("commit", commit());
        madeBy.put("kernels", of(kernels));
        madeBy.put("java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        madeBy.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        madeBy.put("processor", processor());
        madeBy.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        madeBy.put("memory", (Runtime.getRuntime().maxMemory() >> 20) + " MiB for Java");
        return madeBy;
    }

    /** The processor's name, where the system tells. */
    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException | UncheckedIOException e) {
            return "unknown"; // another system
        }
    }
}
