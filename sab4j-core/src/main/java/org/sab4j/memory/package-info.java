/** The states that a model keeps of its own past, and the rule by which they are kept. */
package org.sab4j.memory;
