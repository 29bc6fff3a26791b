package org.sab4j.model;

/** How far credit goes back from a memory that it has reached, by the memory's being retrieved. */
public enum MentalUpdates {

    /** Into the state that was stored and back to the start of that step's block, through its reminders to older memories, too. */
    ON,

    /**
     * Into the cell of the step that wrote the memory, whose weights learn from it, and no further: the state before that step and what it was
     * reminded of are constants to it. The paper's words for a model without mental updates allow for this: gradient flows "directly to a past
     * timestep", and mental updates are what takes it on "to a few local timesteps around it as well" (section 3).
     */
    DIRECT,

    /** Nowhere: what was stored is a constant. */
    OFF
}
