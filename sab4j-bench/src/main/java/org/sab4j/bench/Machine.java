package org.sab4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sab4j.kernels.Kernels;

/**
 * Where it was measured.
 *
 * @param cpu the processor's name, as far as the system tells it
 * @param cores as many as Java sees
 * @param memoryGiB of the machine
 * @param load how many processes wanted to run when the measurement began; −1 if unknown
 * @param java the virtual machine
 * @param kernels our kernels and their vectors' floats
 */
public record Machine(String cpu, int cores, long memoryGiB, double load, String java, String kernels) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** This one. */
    static Machine here(Kernels kernels) {
        var system = ManagementFactory.getOperatingSystemMXBean();
        long memory = system instanceof com.sun.management.OperatingSystemMXBean bean ? bean.getTotalMemorySize() : 0;
        return new Machine(
                processor(),
                Runtime.getRuntime().availableProcessors(),
                memory >> 30,
                system.getSystemLoadAverage(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                kernels.name() + ", " + kernels.lanes() + " floats");
    }

    private static String processor() {
        String architecture = System.getProperty("os.arch", "unknown");
        try {
            List<String> lines = Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
            return value(lines, "model name", architecture) + " (family " + value(lines, "cpu family", "?") + ", model "
                    + value(lines, "model", "?") + ")";
        } catch (IOException e) {
            return architecture;
        }
    }

    private static String value(List<String> lines, String key, String otherwise) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                return line.substring(colon + 1).strip();
            }
        }
        return otherwise;
    }
}
