package org.sab4j.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The known data sets, for tests that look at the real thing: in the folder that SAB_DATA names, where there is one. */
public final class RealData {

    private RealData() {}

    /** A data set's folder or file; the test is skipped where it is not there. */
    public static Path of(String name) {
        String folder = System.getenv("SAB_DATA");
        assumeTrue(folder != null, "set SAB_DATA to a folder of data sets (mnist, cifar10, ptb, text8) to run this");
        Path path = Path.of(String.valueOf(folder)).resolve(name);
        assumeTrue(Files.exists(path), path + " is not there");
        return path;
    }
}
