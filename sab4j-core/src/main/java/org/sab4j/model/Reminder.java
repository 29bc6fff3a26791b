package org.sab4j.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One of the memories that a step retrieved (Algorithm 1, lines 5 to 8).
 *
 * @param step whose state was retrieved, from 0
 * @param weight w, above 0
 */
public record Reminder(int step, float weight) {

    /** The most reminders of a step that are kept: dense attention has as many as there are memories. */
    public static final int MOST = 64;

    /**
     * A step's reminders, the largest weight first, of equal ones the earliest; at most {@link #MOST}.
     *
     * @param count how many memories were looked at
     * @param steps the steps that wrote them, from {@code at}
     * @param weights their weights, from {@code at}; those that are 0 are left out
     */
    public static List<Reminder> of(int count, int[] steps, float[] weights, int at) {
        List<Reminder> all = new ArrayList<>();
        for (int j = at; j < at + count; j++) {
            if (weights[j] > 0) {
                all.add(new Reminder(steps[j], weights[j]));
            }
        }
        all.sort(Comparator.comparingDouble(Reminder::weight).reversed().thenComparingInt(Reminder::step));
        return List.copyOf(all.subList(0, Math.min(MOST, all.size())));
    }
}
