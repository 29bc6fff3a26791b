package org.sab4j.train;

/** Follows what takes long: an update on long sequences, an evaluation. */
@FunctionalInterface
public interface Pace {

    /** Nobody follows. */
    Pace NONE = (update, evaluating, share) -> true;

    /**
     * Is told now and then, on the thread that trains.
     *
     * @param update which update is under way, counted from 1, or has been done and is evaluated
     * @param evaluating whether this is the evaluation
     * @param share how much of it is done, 0 … 1
     * @return whether an evaluation is to go on. If not, it is left undone, and training stops; that which goes on from there begins with
     *     it. An update goes on in any case
     */
    boolean at(long update, boolean evaluating, double share);
}
