package org.sab4j.run;

import java.nio.file.Path;
import org.sab4j.checkpoint.Reason;

/** Something that the user can mend. The message is one sentence, fit to be shown as it is. */
public class RunException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The sentence. */
    public RunException(String message) {
        super(message);
    }

    /** A file or folder that can't be read. */
    public static RunException unreadable(Path path, Exception why) {
        return new RunException(path + " cannot be read: " + Reason.of(why));
    }

    /** A file that can't be written. */
    static RunException unwritable(Path path, Exception why) {
        return new RunException(path + " cannot be written: " + Reason.of(why));
    }

    /** What a model says and is NaN or infinite. */
    public static RunException notFinite(String what) {
        return new RunException(what + " is no finite number: its file is damaged, or the inputs are too large for it");
    }

    /**
     * What Java has not the memory for.
     *
     * @param what with its verb, such as {@code sequences of 5000 steps take}
     * @param remedy what may be done in place of giving it more; may be empty
     */
    public static RunException memory(String what, String remedy) {
        return new RunException(
                what + " more memory than Java has, " + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB: give it more (SAB_JAVA_OPTS=-Xmx8g)" + (remedy.isEmpty() ? "" : ", or " + remedy));
    }

    /** A folder that can't be made. */
    public static RunException notMade(Path folder, Exception why) {
        return new RunException("the folder " + folder + " cannot be made: " + Reason.of(why));
    }
}
