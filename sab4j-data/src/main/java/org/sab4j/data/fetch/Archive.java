package org.sab4j.data.fetch;

import java.net.URI;
import java.util.List;

/**
 * Something to be downloaded, and the files that come of it.
 *
 * @param homes where it lies: the first that answers is taken
 * @param packing how the files are packed in it
 * @param files what comes of it
 */
public record Archive(List<URI> homes, Packing packing, List<KnownFile> files) {

    /** How files are packed. */
    public enum Packing {
        /** The download is the file. */
        NONE,
        /** Files in a zip. */
        ZIP,
        /** Files in a tar packed with gzip. */
        TAR_GZ
    }

    /** Its name on the disk while it is fetched. */
    public String name() {
        String path = homes.getFirst().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
