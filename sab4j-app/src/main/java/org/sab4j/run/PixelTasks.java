package org.sab4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;
import org.sab4j.data.image.Images;
import org.sab4j.data.image.PixelTask;
import org.sab4j.task.Part;

/** What the tasks on images have in common. */
final class PixelTasks {

    private PixelTasks() {}

    /** Reads images, and notes their bytes in the digest. */
    interface Reading {
        /** The images of a part. */
        Images read(MessageDigest digest) throws DataException;
    }

    /** The task of a known data set, ready. */
    static OpenTask open(
            String name, Path data, Path folder, Reading training, Reading test, int validation, long permutation)
            throws RunException {
        if (!Files.isDirectory(folder)) {
            throw new RunException(folder + " does not exist: sab data get " + name
                    + " fetches it, and --data DIR says where data sets are");
        }
        MessageDigest digest = Source.digest();
        try {
            Images first = training.read(digest);
            return of(name, first, test.read(digest), validation, permutation, Source.hex(digest));
        } catch (DataException e) {
            throw new RunException(e.getMessage() + "; sab data get " + name + " --data " + data
                    + " fetches what is missing or damaged");
        }
    }

    private static OpenTask of(
            String name, Images training, Images test, int validation, long permutation, String fingerprint)
            throws RunException {
        if (validation >= training.count()) {
            throw new RunException(
                    "--validation must leave some of " + training.count() + " images for training: " + validation);
        }
        PixelTask task = new PixelTask(name, training, test, validation, permutation);
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put(OpenTask.FINGERPRINT, fingerprint);
        String summary = String.format(
                Locale.ROOT,
                "%s, %,d / %,d / %,d images for training, validation and test; %,d steps%s",
                name,
                task.sequences(Part.TRAINING),
                task.sequences(Part.VALIDATION),
                task.sequences(Part.TEST),
                task.steps(),
                permutation == 0 ? "" : " in an order drawn from seed " + permutation);
        return new OpenTask(task, summary, facts);
    }
}
