/** Randomness as a value: a named stream for each purpose, whose whole state is one number. */
package org.sab4j.random;
