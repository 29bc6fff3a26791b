/**
 * Charts as SVG and PNG files for papers, made without a browser or a screen.
 *
 * <p>In Okabe and Ito's colours, which colour-blind readers can tell apart, and with a dash of its own for each line, so that they
 * can be told apart in black and white, too.
 */
package org.sab4j.figure;
