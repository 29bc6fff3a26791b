package org.sab4j.model;

/** What credit does that has reached a memory, by being retrieved: how far it goes back from there. */
public enum MentalUpdates {

    /** It enters the state that was stored, and goes back to the start of that step's block, through its reminders to older memories, too. */
    ON,

    /**
     * It enters the step that wrote the memory, that is, its cell's weights and inputs, and no step or memory before it. The paper's words allow for
     * this: gradient flows "directly to a past timestep", and mental updates are what takes it on "to a few local timesteps around it as well" (section 3).
     */
    DIRECT,

    /** It ends in the memory: what was stored is a constant. */
    OFF
}
