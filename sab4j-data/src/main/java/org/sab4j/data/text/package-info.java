/**
 * Texts as sequences of characters: an alphabet, found in the part that is trained on, and the task of saying the next one.
 *
 * <p>A character is a Unicode code point.
 */
package org.sab4j.data.text;
