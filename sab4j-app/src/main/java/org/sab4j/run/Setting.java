package org.sab4j.run;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the command line, the files and the checks need to know of a setting. A new setting is a component of
 * {@link RunConfig} with this annotation, and a line in {@code defaults.yaml}.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {

    /** Where the help shows it. */
    Group group();

    /** What it is, for the help. */
    String says();

    /** What stands for the value in the help, such as the paper's letter. */
    String label() default "N";

    /** The least number allowed. */
    double least() default Double.NEGATIVE_INFINITY;

    /** The largest number allowed. */
    double most() default Double.POSITIVE_INFINITY;

    /** The number that the value must be above. */
    double above() default Double.NEGATIVE_INFINITY;

    /** The number that the value must be below. */
    double below() default Double.POSITIVE_INFINITY;

    /** Whether a run may go on with another value: where the results stay the same. */
    boolean changeable() default false;

    /** Whether it says where data lie: a run may go on with another place, if the data there are the same. */
    boolean movable() default false;

    /** The value of runs whose files do not know it yet; none where it has been there from the start. */
    String before() default "";

    /** Other settings' values, as {@code key=value}, with each of which, or with all of several in one text, this one plays no part. */
    String[] idleWith() default {};

    /** The value of {@code model} with which nothing of the attention plays a part. */
    String LSTM = "model=lstm";

    /** The value of {@code model} whose attention is to all memories, by a softmax. */
    String SELF_ATTENTION = "model=self-attention";

    /** The parts of the help. */
    enum Group {
        /** What is learnt. */
        TASK,
        /** What learns. */
        MODEL,
        /** How the parameters are drawn. */
        START,
        /** How they are trained. */
        TRAINING,
        /** How the work is done; without effect on its results. */
        WORK
    }
}
