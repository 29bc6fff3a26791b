package org.sab4j.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a task needs to be told: a record whose components are settings of that task, with a {@link Setting} each. To add a task,
 * write such a record, name it in {@link TaskKind}, and give its defaults a section in {@code defaults.yaml}.
 */
public interface TaskOptions {

    /**
     * The task for training, its data read.
     *
     * @throws RunException with a sentence that names file, line or option and says what to do
     */
    OpenTask open() throws RunException;

    /**
     * The task for a model that was trained on it: read by what that training had found in its data, such as the alphabet.
     *
     * @param facts {@link OpenTask#facts} of the training
     * @param other other data of the same kind; null for those of the training
     */
    OpenTask reopen(Map<String, String> facts, @Nullable Path other) throws RunException;

    /** Whether {@linkplain #reopen other data} come in parts, too; otherwise they are the test part as a whole. */
    default boolean otherDataHaveParts() {
        return false;
    }

    /** Whether a sequence begins with the state and the memories with which the one before it has ended. */
    default boolean carry() {
        return false;
    }

    /** What is wrong with settings that are each right: sentences. */
    default List<String> problems() {
        return List.of();
    }

    /** Options of a task that can be had at any length, T. */
    interface Scalable extends TaskOptions {

        /** T. */
        int length();

        /** The least T. */
        int least();

        /** The same at another length. */
        Scalable at(int newLength);

        /** It needs nothing that could be missing. */
        @Override
        OpenTask open();

        @Override
        default OpenTask reopen(Map<String, String> facts, @Nullable Path other) {
            return open();
        }

        @Override
        default List<String> problems() {
            return length() < least() ? List.of("--length must be at least " + least() + ": " + length()) : List.of();
        }
    }
}
